import { statSync } from 'node:fs';
import { homedir } from 'node:os';
import { lilconfig } from 'lilconfig';
import { PoeUsageError } from '../../core/index.ts';

/** Files that may hold a config, in the order in which a folder is searched for them. */
const PLACES = [
  'poe.config.ts',
  'poe.config.mts',
  'poe.config.js',
  'poe.config.mjs',
  'poe.config.json',
  'package.json',
] as const;

/** The key of a `package.json` that holds a config. */
export const PACKAGE_KEY = 'poe';

/** Only looks; reading is done once the file is known to be ours. */
const found = (): object => ({});
const searcher = lilconfig('poe', {
  searchPlaces: [...PLACES],
  packageProp: PACKAGE_KEY,
  ignoreEmptySearchPlaces: false,
  cache: false,
  stopDir: homedir(),
  loaders: { '.ts': found, '.mts': found, '.js': found, '.mjs': found, '.json': parsed },
});

/** Of a `package.json` it counts whether the key is there. One that cannot be read has no config. */
function parsed(_path: string, content: string): unknown {
  try {
    return Object(JSON.parse(content));
  } catch {
    return {};
  }
}

/**
 * Finds the config of a program: in its folder, or in one above it.
 *
 * @returns The file, or undefined.
 * @throws PoeUsageError `POE_ERR_CONFIG_OWNER` for a file of somebody else, `POE_ERR_CONFIG_READ` if a folder cannot be searched.
 */
export async function findConfig(folder: string): Promise<string | undefined> {
  let file: string | undefined;
  try {
    file = (await searcher.search(folder))?.filepath;
  } catch (error) {
    throw new PoeUsageError(
      'POE_ERR_CONFIG_READ',
      `Cannot look for a config from ${folder} upwards: ${String(error)}`,
      {
        cause: error,
      },
    );
  }
  if (file === undefined || file === '') return undefined;
  checkOwner(file);
  return file;
}

/** A config is a program: one that somebody else has put into a folder above must not run by itself. */
function checkOwner(file: string): void {
  const uid = Number(statSync(file, { bigint: true }).uid);
  const own = process.getuid?.();
  if (own === undefined || uid === own || uid === 0) return;
  throw new PoeUsageError(
    'POE_ERR_CONFIG_OWNER',
    `Cannot use the config ${file}: it belongs to user ${uid}, not to user ${own}`,
    {
      hint: 'Name the file with --config or POE_CONFIG if you trust it',
    },
  );
}
