import type { Plugin, Schema } from '../../core/index.ts';
import type { KeyPath } from './key-path.ts';

/** The part of JSON Schema that is looked at here. */
export interface JsonSchema {
  type?: string;
  description?: string;
  default?: unknown;
  enum?: unknown[];
  const?: unknown;
  anyOf?: JsonSchema[];
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
  required?: string[];
  [keyword: string]: unknown;
}

/** What a schema library may offer beside validation: Standard JSON Schema, version 1, as zod does. */
interface Describing {
  jsonSchema?: { input(options: { target: string; libraryOptions?: object }): object };
}

/** What has been described already: that takes longer than to check a config. */
const described = new WeakMap<object, JsonSchema>();

/** A schema as JSON Schema, if its library can tell; what JSON cannot say, a function for instance, may be anything. */
export function describeSchema(schema: Schema<unknown> | undefined): JsonSchema | undefined {
  if (schema === undefined) return undefined;
  const known = described.get(schema);
  if (known !== undefined) return known;
  try {
    const { jsonSchema } = schema['~standard'] as Describing;
    const libraryOptions = { unrepresentable: 'any' };
    const made = jsonSchema?.input({ target: 'draft-2020-12', libraryOptions }) as JsonSchema | undefined;
    if (made !== undefined) described.set(schema, made);
    return made;
  } catch {
    return undefined;
  }
}

/** The options of a plugin as JSON Schema. */
export function describePlugin(plugin: Plugin<unknown>): JsonSchema | undefined {
  return describeSchema(plugin.schema);
}

/** The keys that a schema has at a place. */
export function keysAt(schema: JsonSchema | undefined, path: KeyPath): string[] {
  let found = schema;
  for (const part of path) found = typeof part === 'number' ? found?.items : found?.properties?.[part];
  return Object.keys(found?.properties ?? {});
}
