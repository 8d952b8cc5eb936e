import type { Plugin } from '../../core/index.ts';
import { BUILTINS, builtin } from '../builtins.ts';
import { fileSchema } from './schema.ts';
import { describePlugin, describeSchema, type JsonSchema } from './schema-keys.ts';

/**
 * The JSON Schema of config files, for editors: with the options of each built-in plugin. The package has it as
 * `schema/poe.config.json`.
 */
export async function configJsonSchema(): Promise<object> {
  const schema = describeSchema(fileSchema) as JsonSchema;
  const entry = schema.properties?.plugins?.items as JsonSchema;
  const names = Object.keys(BUILTINS);
  const { use = {}, options = {} } = entry.properties ?? {};
  const known = await Promise.all(
    names.map(async (name): Promise<JsonSchema> => {
      const { $schema, ...described } = describePlugin((await builtin(name)) as Plugin<unknown>) ?? {};
      return {
        type: 'object',
        properties: { use: { const: name, description: use.description as string }, options: described },
        required: ['use'],
        additionalProperties: false,
      };
    }),
  );
  const other: JsonSchema = { ...entry, properties: { use: { ...use, not: { enum: names } }, options } };
  return {
    ...schema,
    title: 'Config of poe-kernel',
    properties: {
      ...schema.properties,
      plugins: { ...schema.properties?.plugins, items: { anyOf: [...known, other] } },
    },
  };
}

/** One option for a person: what it may be, what it is without being given, and what it does. */
export interface OptionRow {
  readonly key: string;
  readonly type: string;
  readonly default: string;
  readonly description: string;
}

/** The options of a plugin, or without one the keys of a config file. Empty if its schema cannot tell. */
export function optionRows(plugin?: Plugin<unknown>): OptionRow[] {
  const schema = plugin === undefined ? describeSchema(fileSchema) : describePlugin(plugin);
  return rowsOf(schema, '');
}

function rowsOf(schema: JsonSchema | undefined, prefix: string): OptionRow[] {
  return Object.entries(schema?.properties ?? {}).flatMap(([key, option]) => {
    const isNeeded = schema?.required?.includes(key) === true && option.default === undefined;
    const row = {
      key: prefix + key,
      type: typeText(option),
      default: option.default === undefined ? (isNeeded ? 'needed' : 'none') : JSON.stringify(option.default),
      description: option.description ?? '',
    };
    return [row, ...rowsOf(option, `${prefix}${key}.`), ...rowsOf(option.items, `${prefix}${key}[].`)];
  });
}

function typeText({ enum: words, const: word, anyOf, type }: JsonSchema): string {
  if (words !== undefined) return words.map((one) => JSON.stringify(one)).join(', ');
  if (word !== undefined) return JSON.stringify(word);
  if (anyOf !== undefined) return anyOf.map(typeText).join(' or ');
  return type ?? 'anything';
}
