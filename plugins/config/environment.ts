import type { Plugin } from '../../core/index.ts';
import { type ConfigSource, configError } from './mistakes.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

const SOURCE: ConfigSource = { name: 'of the environment', line: () => undefined };

/** `maxRequests` is `MAX_REQUESTS`. */
function upperOf(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toUpperCase();
}

/** The variable that a key of the config has: `POE_PID_FILE` for `pidFile`. */
export function variableOf(key: string, plugin?: string): string {
  return plugin === undefined ? `POE_${upperOf(key)}` : `POE_${upperOf(plugin)}_${upperOf(key)}`;
}

/** A number or another value of JSON, or else the text itself. */
export function parsedValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * What the environment wants of the options of a plugin.
 *
 * @param known - The keys that the plugin is known to take.
 * @returns Variable and text of each option.
 */
export function optionsFrom(
  environment: Environment,
  { name }: Plugin<unknown>,
  known: readonly string[],
): Map<string, { variable: string; text: string }> {
  const prefix = `POE_${upperOf(name)}_`;
  const options = new Map<string, { variable: string; text: string }>();
  for (const [variable, text] of Object.entries(environment)) {
    if (!variable.startsWith(prefix) || variable === prefix || text === undefined) continue;
    const key = known.find((key) => variableOf(key, name) === variable) ?? camelOf(variable.slice(prefix.length));
    options.set(key, { variable, text });
  }
  return options;
}

/** `MAX_REQUESTS` is `maxRequests`. */
function camelOf(upper: string): string {
  return upper.toLowerCase().replace(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/**
 * The list of plugins as `POE_PLUGINS` wants it: names in place of the list, or each with `+` or `-` before it for more or fewer.
 *
 * @param entries - What the file lists; an entry that stays keeps its options.
 * @param make - Makes the entry of a name that is not in it.
 * @throws PoeUsageError `POE_ERR_CONFIG`.
 */
export function pluginsFrom<E extends { readonly use: unknown }>(
  text: string,
  entries: readonly E[],
  make: (use: string) => E,
): E[] {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const changes = names.filter((name) => /^[+-]/.test(name));
  const wrong = (found: string): Error =>
    configError(SOURCE, [{ path: ['POE_PLUGINS'], text: `is '${text}': ${found}` }]);
  const named = (use: string): E[] => entries.filter((entry) => entry.use === use);
  if (changes.length === 0) return names.flatMap((name) => (named(name).length > 0 ? named(name) : [make(name)]));
  if (changes.length < names.length) throw wrong('either all names have + or - before them, or none has');
  let changed = [...entries];
  for (const change of changes) {
    const name = change.slice(1);
    if (change.startsWith('+')) {
      if (!changed.some(({ use }) => use === name)) changed.push(make(name));
    } else if (changed.some(({ use }) => use === name)) {
      changed = changed.filter(({ use }) => use !== name);
    } else {
      throw wrong(`there is no '${name}' in the list to take out`);
    }
  }
  return changed;
}
