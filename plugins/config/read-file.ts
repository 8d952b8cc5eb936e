import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { PoeUsageError } from '../../core/index.ts';
import { PACKAGE_KEY } from './find.ts';
import { importFile } from './import-file.ts';
import { lineOfFault, placesInJson } from './json-lines.ts';
import { keyText } from './key-path.ts';
import { type ConfigSource, configError } from './mistakes.ts';

/** Octets of a config that is data. */
const MOST_OCTETS = 1_048_576;

const MODULES: ReadonlySet<string> = new Set(['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs']);

/** What a config file says, and where. */
export interface ReadConfig {
  readonly value: unknown;
  readonly source: ConfigSource;
}

/**
 * Reads a config file: JSON, or a module whose default export it is.
 *
 * @param file - Absolute.
 * @throws PoeUsageError `POE_ERR_CONFIG_READ`; `POE_ERR_CONFIG` for JSON with a key twice.
 */
export async function readConfigFile(file: string): Promise<ReadConfig> {
  const ending = extname(file);
  if (ending === '.json') return readJson(file);
  if (MODULES.has(ending)) return readModule(file);
  throw unreadable(file, 'it ends in none of .ts, .mts, .js, .mjs and .json');
}

function readJson(file: string): ReadConfig {
  const text = textOf(file);
  const prefix = basename(file) === 'package.json' ? [PACKAGE_KEY] : [];
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const found = `it is not JSON from line ${lineOfFault(text)} on: ${reasonOf(error)}`;
    throw unreadable(file, text.trim() === '' ? 'it is empty' : found, error);
  }
  if (prefix.length > 0) value = (value as Record<string, unknown> | null)?.[PACKAGE_KEY] ?? {};
  const { lines, twice } = placesInJson(text);
  const source: ConfigSource = { name: file, line: (path) => lines.get(keyText([...prefix, ...path])) };
  // What else a package.json holds is not for us to judge.
  const ours = twice.filter(({ path }) => prefix.every((key, at) => path[at] === key));
  if (ours.length > 0) {
    const mistakes = ours.map(({ path, firstLine }) => ({
      path: path.slice(prefix.length),
      text: `is there twice, first on line ${firstLine}`,
    }));
    throw configError(source, mistakes);
  }
  return { value, source };
}

async function readModule(file: string): Promise<ReadConfig> {
  textOf(file);
  let module: Record<string, unknown>;
  try {
    module = await importFile(file);
  } catch (error) {
    throw unreadable(file, `${placeOfFault(file, error)}${reasonOf(error)}`, error);
  }
  if (module.default === undefined) throw unreadable(file, 'it has no default export');
  try {
    return { value: await module.default, source: { name: file, line: () => undefined } };
  } catch (error) {
    throw unreadable(file, reasonOf(error), error);
  }
}

/** The line of a module that is no JavaScript or TypeScript. Node does not tell it to the program that imports it. */
function placeOfFault(file: string, error: unknown): string {
  const text =
    error instanceof SyntaxError
      ? spawnSync(process.execPath, ['--check', file], { encoding: 'utf8' }).stderr
      : String((error as Error | null)?.message);
  const at = text.indexOf(`${file}:`);
  const [line] = at < 0 ? [] : (/^\d+/.exec(text.slice(at + file.length + 1)) ?? []);
  return line === undefined ? '' : `line ${line}: `;
}

function textOf(file: string): string {
  try {
    const { size } = statSync(file, { bigint: true });
    if (size > MOST_OCTETS) throw new RangeError(`it has ${size} octets, more than ${MOST_OCTETS}`);
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    throw unreadable(
      file,
      (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'it is not there' : reasonOf(error),
      error,
    );
  }
}

function unreadable(file: string, found: string, cause?: unknown): PoeUsageError {
  return new PoeUsageError('POE_ERR_CONFIG_READ', `Cannot read the config ${file}: ${found}`, { cause });
}

/** The first line of what was thrown. */
export function reasonOf(error: unknown): string {
  try {
    const text = error instanceof Error ? error.message : String(error);
    return text.split('\n', 1)[0] as string;
  } catch {
    return 'something that has no text was thrown';
  }
}
