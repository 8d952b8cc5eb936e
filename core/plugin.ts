import { PoeUsageError } from './errors.ts';
import type { KernelView } from './kernel-view.ts';

/** What a schema library has to offer here: Standard Schema, version 1, as zod, valibot, arktype and others do. */
export interface Schema<O> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    validate(value: unknown): SchemaResult<O> | Promise<SchemaResult<O>>;
    readonly types?: { readonly input: unknown; readonly output: O } | undefined;
  };
}

/** The value as the schema has it, with defaults filled in, or what is wrong with it. */
export type SchemaResult<O> =
  | { readonly value: O; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

export interface SchemaIssue {
  readonly message: string;
  /** The key that is meant, from the outside in. */
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/**
 * Something that watches over a kernel or changes what it does, by tapping its hooks.
 *
 * @example
 * const counter: Plugin = {
 *   name: 'counter',
 *   apply(kernel) {
 *     let sessions = 0;
 *     kernel.hooks.sessionStarted.tap('counter', () => { sessions++; });
 *     return () => console.log(`${sessions} sessions were started`);
 *   },
 * };
 */
export interface Plugin<O = undefined> {
  /** Names the plugin in messages and in its taps. */
  readonly name: string;
  /** Whether a kernel has it once at most: a config that lists it twice is wrong. */
  readonly once?: boolean | undefined;
  /** What its options may be. A plugin without a schema takes none. */
  readonly schema?: Schema<O> | undefined;
  /** Taps in. `options` are as the schema gives them. May return what undoes it. */
  // biome-ignore lint/suspicious/noConfusingVoidType: a plugin may return nothing at all
  apply(kernel: KernelView, options: O): (() => void) | void;
}

/** A plugin, or one with its options. */
// biome-ignore lint/suspicious/noExplicitAny: each plugin has options of its own
export type PluginUse = Plugin<any> | readonly [plugin: Plugin<any>, options: unknown];

/**
 * Applies plugins to a kernel, in order.
 *
 * @param plugins - Plugins, or `[plugin, options]` for one that takes options.
 * @returns What undoes all of them, the last one first. Every plugin gets its turn; what goes wrong on the way comes out as one
 * AggregateError at the end.
 * @throws PoeUsageError `POE_ERR_PLUGIN_OPTIONS` for options that the plugin does not take. What was applied before is undone, also when a plugin throws.
 * @example
 * const undo = applyPlugins(kernel, [counter]);
 * await kernel.run();
 * undo();
 */
export function applyPlugins(kernel: KernelView, plugins: readonly PluginUse[]): () => void {
  const done: ReturnType<Plugin['apply']>[] = [];
  const undo = (): void => {
    const errors: unknown[] = [];
    for (const undoOne of done.splice(0).reverse()) {
      try {
        undoOne?.();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw new AggregateError(errors, 'Cannot undo every plugin');
  };
  // Options first: what is wrong with any of them is told before anything has happened.
  const uses = plugins.map((use) =>
    'name' in use ? ([use, checkedOptions(use, undefined)] as const) : ([use[0], checkedOptions(...use)] as const),
  );
  try {
    for (const [plugin, options] of uses) done.push(plugin.apply(kernel, options));
  } catch (error) {
    undo();
    throw error;
  }
  return undo;
}

/** Options as the plugin's schema gives them, with defaults. */
function checkedOptions<O>({ name, schema }: Plugin<O>, given: unknown): O {
  if (schema === undefined) {
    if (given === undefined || Object.keys(given as object).length === 0) return undefined as O;
    throw refuse(name, `it takes no options, and was given ${Object.keys(given as object).join(', ')}`);
  }
  const result = schema['~standard'].validate(given ?? {});
  if (result instanceof Promise) throw refuse(name, 'its schema answers with a promise');
  if (result.issues === undefined) return result.value;
  throw refuse(name, result.issues.map(issueText).join('; '));
}

function issueText({ path = [], message }: SchemaIssue): string {
  const key = path.map((part) => String(typeof part === 'object' ? part.key : part)).join('.');
  return key === '' ? message : `${key}: ${message}`;
}

function refuse(plugin: string, found: string): PoeUsageError {
  return new PoeUsageError('POE_ERR_PLUGIN_OPTIONS', `Cannot apply the plugin '${plugin}': ${found}`, {
    hint: "The plugin's documentation has its options",
  });
}
