import { dirname, resolve } from 'node:path';
import { type Plugin, PoeUsageError, type Schema } from '../../core/index.ts';
import type { PoeConfig } from './define.ts';
import { type Environment, optionsFrom, parsedValue, pluginsFrom, variableOf } from './environment.ts';
import { findConfig } from './find.ts';
import { type KeyPath, keyText } from './key-path.ts';
import { type ConfigSource, configError, type Mistake, mistakesOf, unknownKey } from './mistakes.ts';
import { findImpossible } from './plain.ts';
import { readConfigFile, reasonOf } from './read-file.ts';
import { type ResolvedPlugin, resolvePlugin } from './resolve.ts';
import { type FileConfig, fileSchema } from './schema.ts';
import { describePlugin, describeSchema, keysAt } from './schema-keys.ts';
import { DEFAULT, type Origin, type Setting } from './settings.ts';

/** Where a config comes from. */
export interface ConfigRequest {
  /** The file, or the config itself; false for none at all. Default: what `POE_CONFIG` names, or else is found from `cwd` upwards. */
  config?: string | PoeConfig | false | undefined;
  /** The folder of the program. Default: the working directory. */
  cwd?: string | undefined;
  /** Variables that go before the file. Default: those of the process. */
  env?: Environment | undefined;
  /** Values that go before all others, as a command line has them. */
  overrides?: { readonly name?: string | undefined; readonly pidFile?: string | undefined } | undefined;
}

/** A plugin of a config, ready to be applied. */
export interface ConfiguredPlugin extends ResolvedPlugin {
  /** Its options as they were given, less defaults: for `applyPlugins`, which checks them once more. */
  readonly options: Readonly<Record<string, unknown>> | undefined;
}

/** A config that has been checked. */
export interface Config {
  /** The file it is from, if it is from one. */
  readonly file: string | undefined;
  readonly name: string | undefined;
  /** Absolute. */
  readonly pidFile: string | undefined;
  readonly hookFailures: number;
  readonly plugins: readonly ConfiguredPlugin[];
  /** Each value and where it is from. */
  readonly settings: readonly Setting[];
}

/** An element of `plugins` with what is needed to speak of it. */
interface Entry {
  readonly use: string | Plugin<unknown>;
  readonly options: Readonly<Record<string, unknown>>;
  /** Where in its source it is. */
  readonly path: KeyPath;
  readonly source: ConfigSource;
  readonly folder: string;
  readonly origin: (path: KeyPath) => Origin;
}

const ENVIRONMENT: ConfigSource = { name: 'of the environment', line: () => undefined };
const TOP_KEYS = ['name', 'pidFile', 'hookFailures'] as const;

/**
 * Reads the config of a program and checks it, with the plugins it names; applies nothing.
 *
 * @throws PoeUsageError `POE_ERR_CONFIG` for what cannot be in a config, `POE_ERR_CONFIG_READ`, `POE_ERR_CONFIG_OWNER`,
 * `POE_ERR_PLUGIN_NOT_FOUND`, `POE_ERR_PLUGIN_LOAD`.
 * @example
 * const { file, plugins } = await readConfig({ cwd: '/srv/shop' });
 */
export async function readConfig(request: ConfigRequest = {}): Promise<Config> {
  const { env = process.env, overrides = {} } = request;
  const cwd = resolve(request.cwd ?? '.');
  const { value, source, file } = await findAndRead(request.config, cwd, env);
  const inFile = checkFile(value, source);
  const base = file === undefined ? cwd : dirname(file);
  const originInFile = (path: KeyPath): Origin =>
    file === undefined ? { from: 'program' } : { from: 'file', file, line: source.line(path) };

  const top = topSettings(inFile, value, originInFile, env, overrides);
  const entries = entriesOf(inFile, { source, base, originInFile, cwd }, env);
  const plugins: ConfiguredPlugin[] = [];
  const settings: Setting[] = [...top.values()];
  const mistakes = new Map<ConfigSource, Mistake[]>();
  for (const [index, entry] of entries.entries()) {
    const where = placeText(entry);
    const resolved = await resolvePlugin(entry.use, entry.folder, where);
    const checked = checkOptions(resolved.plugin, entry, env);
    for (const [from, found] of checked.mistakes) mistakes.set(from, [...(mistakes.get(from) ?? []), ...found]);
    const earlier = resolved.plugin.once ? plugins.findIndex(({ plugin }) => plugin === resolved.plugin) : -1;
    if (earlier >= 0) {
      const text = `is '${resolved.plugin.name}', as plugins[${earlier}].use is: it can be there once`;
      const path = entry.source === ENVIRONMENT ? entry.path : [...entry.path, 'use'];
      mistakes.set(entry.source, [...(mistakes.get(entry.source) ?? []), { path, text }]);
    }
    plugins.push({ ...resolved, options: checked.options });
    const key = `plugins[${index}]`;
    const name = typeof entry.use === 'string' ? entry.use : entry.use.name;
    settings.push({ key: `${key}.use`, value: name, origin: entry.origin([...entry.path, 'use']) });
    for (const setting of checked.settings) settings.push({ ...setting, key: `${key}.options${setting.key}` });
  }
  for (const [from, found] of mistakes) throw configError(from, found);

  const pidFile = top.get('pidFile');
  return {
    file,
    name: top.get('name')?.value as string | undefined,
    // What a file says goes out from the file, what the environment says from the working directory.
    pidFile: pidFile && resolve(pidFile.origin.from === 'file' ? base : '.', pidFile.value as string),
    hookFailures: top.get('hookFailures')?.value as number,
    plugins,
    settings,
  };
}

async function findAndRead(
  config: ConfigRequest['config'],
  cwd: string,
  env: Environment,
): Promise<{ value: unknown; source: ConfigSource; file: string | undefined }> {
  const nowhere: ConfigSource = { name: 'of the program', line: () => undefined };
  if (typeof config === 'object') return { value: config, source: nowhere, file: undefined };
  const file = await fileOf(config, cwd, env);
  if (file === undefined) return { value: {}, source: nowhere, file };
  return { ...(await readConfigFile(file)), file };
}

async function fileOf(config: string | false | undefined, cwd: string, env: Environment): Promise<string | undefined> {
  if (config === false) return undefined;
  if (config !== undefined) return resolve(cwd, config);
  return env.POE_CONFIG ? resolve(env.POE_CONFIG) : findConfig(cwd);
}

/** What the file says, with its defaults. */
function checkFile(value: unknown, source: ConfigSource): FileConfig {
  let mistakes: readonly Mistake[];
  try {
    const impossible = findImpossible(value);
    if (impossible !== null) throw configError(source, [impossible]);
    const result = fileSchema.safeParse(value);
    if (result.success) return result.data;
    const described = describeSchema(fileSchema);
    mistakes = mistakesOf(result.error.issues, value, (path) => keysAt(described, path));
  } catch (error) {
    if (error instanceof PoeUsageError) throw error;
    // A config that is a program may have getters and proxies that throw.
    mistakes = [{ path: [], text: `cannot be looked at: ${reasonOf(error)}` }];
  }
  throw configError(source, mistakes);
}

/** The values beside `plugins`. */
function topSettings(
  inFile: FileConfig,
  value: unknown,
  originInFile: (path: KeyPath) => Origin,
  env: Environment,
  overrides: NonNullable<ConfigRequest['overrides']>,
): Map<string, Setting> {
  const settings = new Map<string, Setting>();
  for (const key of TOP_KEYS) {
    const variable = variableOf(key);
    const given = env[variable];
    if (key !== 'hookFailures' && overrides[key] !== undefined) {
      const option = `--${key.toLowerCase()}`;
      settings.set(key, { key, value: overrides[key], origin: { from: 'command line', option } });
    } else if (given) {
      const result = fileSchema.shape[key].safeParse(key === 'hookFailures' ? parsedValue(given) : given);
      if (!result.success) {
        const [mistake] = mistakesOf(result.error.issues, given, () => []);
        throw configError(ENVIRONMENT, [{ path: [variable], text: mistake?.text ?? '' }]);
      }
      settings.set(key, { key, value: result.data, origin: { from: 'environment', variable } });
    } else if (inFile[key] !== undefined) {
      const origin = Object.hasOwn(value as object, key) ? originInFile([key]) : DEFAULT;
      settings.set(key, { key, value: inFile[key], origin });
    }
  }
  return settings;
}

function entriesOf(
  { plugins }: FileConfig,
  from: { source: ConfigSource; base: string; originInFile: (path: KeyPath) => Origin; cwd: string },
  env: Environment,
): Entry[] {
  const entries = plugins.map(({ use, options = {} }, index): Entry => {
    const path = ['plugins', index];
    return { use, options, path, source: from.source, folder: from.base, origin: from.originInFile };
  });
  if (env.POE_PLUGINS === undefined) return entries;
  return pluginsFrom(env.POE_PLUGINS, entries, (use) => ({
    use,
    options: {},
    path: ['POE_PLUGINS'],
    source: ENVIRONMENT,
    folder: from.cwd,
    origin: () => ({ from: 'environment', variable: 'POE_PLUGINS' }),
  }));
}

/** An entry as messages name it. */
function placeText({ path, source }: Entry): string {
  if (source === ENVIRONMENT) return 'the environment (POE_PLUGINS)';
  const use = [...path, 'use'];
  const line = source.line(use);
  return `the config ${source.name} (${keyText(use)}${line === undefined ? '' : `, line ${line}`})`;
}

/** The options of an entry and of the environment, held against the plugin's schema. */
function checkOptions(
  plugin: Plugin<unknown>,
  entry: Entry,
  env: Environment,
): { options: ConfiguredPlugin['options']; settings: Setting[]; mistakes: Map<ConfigSource, Mistake[]> } {
  const described = describePlugin(plugin);
  const variables = optionsFrom(env, plugin, keysAt(described, []));
  const options: Record<string, unknown> = { ...entry.options };
  for (const [key, { text }] of variables) {
    options[key] = parsedValue(text);
    // A text that looks like a number may be meant as the text.
    if (validate(plugin, options).issues.some(({ path = [] }) => path[0] === key)) options[key] = text;
  }
  const { issues, value } = validate(plugin, options);
  const path = [...entry.path, 'options'];
  const mistakes = new Map<ConfigSource, Mistake[]>();
  const known = keysAt(described, []).map((key) => variableOf(key, plugin.name));
  for (const mistake of mistakesOf(issues, options, (inner) => keysAt(described, inner))) {
    const variable = variables.get(String(mistake.path[0]))?.variable;
    const from = variable === undefined ? entry.source : ENVIRONMENT;
    const moved =
      variable === undefined
        ? { ...mistake, path: [...path, ...mistake.path] }
        : { path: [variable], text: mistake.isUnknown ? unknownKey(variable, known) : mistake.text };
    mistakes.set(from, [...(mistakes.get(from) ?? []), moved]);
  }
  const settings = Object.entries(value ?? {}).map(([key, value]): Setting => {
    const variable = variables.get(key)?.variable;
    const given = Object.hasOwn(entry.options, key) ? entry.origin([...path, key]) : DEFAULT;
    return {
      key: `.${key}`,
      value,
      origin: variable === undefined ? given : { from: 'environment', variable },
    };
  });
  return {
    options: plugin.schema === undefined && Object.keys(options).length === 0 ? undefined : options,
    settings,
    mistakes,
  };
}

interface Verdict {
  readonly issues: readonly {
    message: string;
    path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
  }[];
  readonly value?: object | undefined;
}

function validate(plugin: Plugin<unknown>, options: Record<string, unknown>): Verdict {
  const schema: Schema<unknown> | undefined = plugin.schema;
  if (schema === undefined) {
    const message = `the plugin '${plugin.name}' takes no options`;
    return { issues: Object.keys(options).map((key) => ({ message, path: [key] })) };
  }
  try {
    const result = schema['~standard'].validate(options);
    if (result instanceof Promise) return { issues: [{ message: 'the schema of the plugin answers with a promise' }] };
    return result.issues === undefined ? { issues: [], value: result.value as object } : { issues: result.issues };
  } catch (error) {
    return { issues: [{ message: `the schema of the plugin fails: ${reasonOf(error)}` }] };
  }
}
