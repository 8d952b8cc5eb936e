import { existsSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Plugin, PoeUsageError } from '../../core/index.ts';
import { BUILTINS, builtin } from '../builtins.ts';
import { importFile } from './import-file.ts';
import { isPlugin } from './is-plugin.ts';
import { nearest } from './nearest.ts';
import { reasonOf } from './read-file.ts';

/** What packages of plugins are called, so that a config may leave it out. */
const PREFIX = 'poe-plugin-';

/** A plugin, and where it is from: `built-in`, `config`, or the file of its module. */
export interface ResolvedPlugin {
  readonly plugin: Plugin<unknown>;
  readonly from: string;
}

/**
 * Finds the plugin that a config means.
 *
 * @param use - A built-in plugin, a package, a path, or a plugin itself.
 * @param folder - Where paths and packages are looked for from.
 * @param where - The place in the config, for messages.
 * @throws PoeUsageError `POE_ERR_PLUGIN_NOT_FOUND`, `POE_ERR_PLUGIN_LOAD`.
 */
export async function resolvePlugin(
  use: string | Plugin<unknown>,
  folder: string,
  where: string,
): Promise<ResolvedPlugin> {
  if (typeof use !== 'string') return { plugin: use, from: 'config' };
  const own = builtin(use);
  if (own !== undefined) return { plugin: await own, from: 'built-in' };
  const file = isPath(use) ? pathOf(use, folder) : await packageOf(use, folder);
  if (file === undefined || !existsSync(file)) throw notFound(use, folder, where);
  let module: Record<string, unknown>;
  try {
    module = await importFile(file);
  } catch (error) {
    throw loadError(use, where, `${file}: ${reasonOf(error)}`, error);
  }
  const plugins = [module.default, ...Object.values(module)].filter(isPlugin);
  const [plugin] = plugins;
  if (plugin === undefined || (plugin !== module.default && plugins.length > 1)) {
    const many =
      plugins.length > 1 ? `exports ${plugins.length} plugins, none of them as its default` : 'exports no plugin';
    throw loadError(use, where, `${file} ${many}`);
  }
  return { plugin, from: file };
}

function isPath(use: string): boolean {
  return use.startsWith('.') || use.startsWith('file:') || isAbsolute(use);
}

function pathOf(use: string, folder: string): string {
  return use.startsWith('file:') ? fileURLToPath(use) : resolve(folder, use);
}

/** The file that a package leads to, under its own name or with the usual beginning in front. */
async function packageOf(use: string, folder: string): Promise<string | undefined> {
  const [, scope = '', rest = ''] = /^(@[^/]+\/)?(.+)$/s.exec(use) ?? [];
  for (const name of [use, `${scope}${PREFIX}${rest}`]) {
    const file = await fileOf(name, folder);
    if (file !== undefined) return file;
  }
  return undefined;
}

async function fileOf(name: string, folder: string): Promise<string | undefined> {
  if (isBuiltin(name) || !/^[@\w.~/-]+$/.test(name)) return undefined;
  const from = join(folder, 'poe.config.js');
  try {
    return createRequire(from).resolve(name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_PACKAGE_PATH_NOT_EXPORTED') return undefined;
  }
  // The package is there, but has no door for `require`: Node 20 cannot be asked for the one for `import`.
  const { createJiti } = await import('jiti');
  const { href } = pathToFileURL(from);
  const url = createJiti(href).esmResolve(name, { parentURL: href, conditions: ['node', 'import'], try: true });
  return url === undefined ? undefined : fileURLToPath(url);
}

function notFound(use: string, folder: string, where: string): PoeUsageError {
  const names = Object.keys(BUILTINS);
  const meant = isPath(use) ? undefined : nearest(use, names);
  const found = isPath(use)
    ? `there is no file ${pathOf(use, folder)}`
    : `it is neither built in nor a package that can be found from ${folder}`;
  return new PoeUsageError(
    'POE_ERR_PLUGIN_NOT_FOUND',
    `Cannot find the plugin '${use}' of ${where}: ${found}${meant === undefined ? '' : `; did you mean '${meant}'?`}`,
    { hint: `Built in are ${names.join(', ')}; a path begins with a point, a package has to be installed` },
  );
}

function loadError(use: string, where: string, found: string, cause?: unknown): PoeUsageError {
  return new PoeUsageError('POE_ERR_PLUGIN_LOAD', `Cannot load the plugin '${use}' of ${where}: ${found}`, {
    hint: 'The module of a plugin has it as its default export: an object with name and apply',
    cause,
  });
}
