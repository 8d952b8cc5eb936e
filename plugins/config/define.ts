import type { Plugin } from '../../core/index.ts';
import type { BuiltinOptions } from '../builtins.ts';

/** An element of `plugins`: which plugin, and what it is to do. */
export interface PluginEntry {
  /** A built-in plugin, a package, a path from the config file on, or a plugin itself. */
  // biome-ignore lint/suspicious/noExplicitAny: each plugin has options of its own
  readonly use: string | Plugin<any>;
  readonly options?: object | undefined;
}

/** What a config holds beside its plugins. */
interface OtherKeys {
  /** Where an editor finds the schema of the file. */
  readonly $schema?: string | undefined;
  /** What the process is called in lists of processes. */
  readonly name?: string | undefined;
  /** File that holds the number of the process while it runs, from the config file on. */
  readonly pidFile?: string | undefined;
  /** Throws in a row after which a tap of a plugin is switched off; 0 for never. Default: 10. */
  readonly hookFailures?: number | undefined;
}

/** What a config holds. */
export interface PoeConfig extends OtherKeys {
  /** The plugins, in the order in which they are applied. */
  readonly plugins?: readonly PluginEntry[] | undefined;
}

/** The same element with options as its plugin takes them, where it is known here. */
type Checked<E> = E extends { readonly use: infer U }
  ? {
      readonly use: U;
      readonly options?:
        | (U extends keyof BuiltinOptions
            ? Partial<BuiltinOptions[U]>
            : U extends Plugin<infer O>
              ? Partial<O>
              : object)
        | undefined;
    }
  : never;

/**
 * Gives a config back as it is, and has an editor check it: keys, and the options of the built-in plugins and of those that are imported.
 *
 * @example
 * export default defineConfig({ plugins: [{ use: 'log', options: { level: 'info' } }] });
 */
export function defineConfig<const P extends readonly PluginEntry[]>(
  config: OtherKeys & { readonly plugins?: P & { readonly [I in keyof P]: Checked<P[I]> } },
): PoeConfig {
  return config;
}
