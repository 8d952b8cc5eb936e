import { applyPlugins, debugFor, type Kernel } from '../core/index.ts';
import { type Config, type ConfigRequest, readConfig } from './config/read-config.ts';

const debug = debugFor('plugin:config');

/** Plugins at work. */
export interface LoadedPlugins {
  readonly config: Config;
  /** Undoes them all, the last one first. */
  undo(): void;
}

/**
 * Reads the config of a program and applies the plugins it lists, in order.
 *
 * @param kernel - Whom they watch over.
 * @param request - Where the config is from: by default the file that is found from the working directory upwards, and the environment.
 * @throws PoeUsageError as {@link readConfig}, and `POE_ERR_PLUGIN_OPTIONS`; nothing has been applied then.
 * @example
 * await loadPlugins(kernel);
 * await kernel.run();
 */
export async function loadPlugins(kernel: Kernel, request: ConfigRequest = {}): Promise<LoadedPlugins> {
  const config = await readConfig(request);
  kernel.hookFailures = config.hookFailures;
  // Plugins may want to say whose they are.
  if (config.name !== undefined) kernel.host.identity.program = config.name;
  const undo = applyPlugins(
    kernel,
    config.plugins.map(({ plugin, options }) => [plugin, options] as const),
  );
  if (debug.enabled) debug('apply %s of %s', config.plugins.map(({ plugin }) => plugin.name).join(', '), config.file);
  return { config, undo };
}
