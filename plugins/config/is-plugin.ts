import type { Plugin } from '../../core/index.ts';

/** Whether a value has the shape of a plugin. */
export function isPlugin(value: unknown): value is Plugin<unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const { name, apply } = value as Partial<Plugin<unknown>>;
  return typeof name === 'string' && name !== '' && typeof apply === 'function';
}
