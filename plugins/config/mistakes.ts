import { inspect } from 'node:util';
import { PoeUsageError, type SchemaIssue } from '../../core/index.ts';
import { type KeyPath, keyText } from './key-path.ts';
import { nearest } from './nearest.ts';

/** Mistakes that a message names; more of them are counted. */
const MOST_NAMED = 10;
/** Characters of a value in a message. */
const LONGEST_VALUE = 60;

/** Something in a config that cannot be. */
export interface Mistake {
  readonly path: KeyPath;
  /** What is wrong, to be read after the key. */
  readonly text: string;
  /** Whether the key itself is the mistake. */
  readonly isUnknown?: boolean;
}

/** Where a config is from, for messages. */
export interface ConfigSource {
  /** The file, or what else to call it. */
  readonly name: string;
  /** The line that a key is on, where that is known. */
  line(path: KeyPath): number | undefined;
}

/** The error for a config with mistakes: it names the source, and for each mistake line, key and value. */
export function configError(source: ConfigSource, mistakes: readonly Mistake[]): PoeUsageError {
  const named = mistakes.slice(0, MOST_NAMED).map(({ path, text }) => {
    const line = source.line(path);
    const where = path.length === 0 ? 'it' : keyText(path);
    return `${line === undefined ? '' : `line ${line}: `}${where} ${text}`;
  });
  if (mistakes.length > MOST_NAMED) named.push(`and ${mistakes.length - MOST_NAMED} more`);
  const found = named.length === 1 ? named[0] : `${mistakes.length} mistakes\n  ${named.join('\n  ')}`;
  return new PoeUsageError('POE_ERR_CONFIG', `Cannot use the config ${source.name}: ${found}`, {
    hint: 'docs/config.md lists the keys, `poe plugins NAME` the options of a plugin',
  });
}

/** What a schema finds wrong with a value, as mistakes. `keysAt` gives the keys that there are at a place, for those that are near. */
export function mistakesOf(
  issues: readonly SchemaIssue[],
  value: unknown,
  keysAt: (path: KeyPath) => readonly string[],
): Mistake[] {
  return issues.flatMap((issue): Mistake[] => {
    const inner = (issue.path ?? []).map((part): string | number => {
      const key = typeof part === 'object' ? part.key : part;
      return typeof key === 'number' ? key : String(key);
    });
    // What zod tells beside the standard.
    const { code, keys = [], values } = issue as { code?: string; keys?: string[]; values?: unknown[] };
    if (code === 'unrecognized_keys') {
      const known = keysAt(inner);
      return keys.map((key) => {
        const text = `(${shown(at(value, [...inner, key]))}) ${unknownKey(key, known)}`;
        return { path: [...inner, key], text, isUnknown: true };
      });
    }
    const found = at(value, inner);
    const meant = typeof found === 'string' && Array.isArray(values) ? nearest(found, values.map(String)) : undefined;
    const didYouMean = meant === undefined ? '' : `; did you mean '${meant}'?`;
    if (found === undefined) return [{ path: inner, text: `is missing: ${wanted(issue.message)}` }];
    const text = `is ${shown(found)}: ${wanted(issue.message)}${didYouMean}`;
    return [{ path: inner, text }];
  });
}

/** What is wrong with a key that is not among those that are known. */
export function unknownKey(key: string, known: readonly string[]): string {
  const meant = nearest(key, known);
  if (meant !== undefined) return `is no key that is known; did you mean '${meant}'?`;
  return known.length === 0 ? 'is no key that is known' : `is no key that is known: there are ${known.join(', ')}`;
}

/** zod says what it expected after what it thinks of the input. */
function wanted(message: string): string {
  return message.replace(/^(Invalid input|Invalid option): /, '').replace(/^(Too (?:small|big)): /, '');
}

/** A value for a message: short, on one line, and whatever it is made of. */
export function shown(value: unknown): string {
  let text: string;
  try {
    text = inspect(value, { depth: 1, breakLength: Number.POSITIVE_INFINITY, maxArrayLength: 5, maxStringLength: 50 });
  } catch {
    return 'a value that cannot be shown';
  }
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}...` : text;
}

function at(value: unknown, path: KeyPath): unknown {
  let found = value;
  for (const part of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, part)) return undefined;
    found = (found as Record<string | number, unknown>)[part];
  }
  return found;
}
