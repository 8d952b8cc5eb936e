import type { KeyPath } from './key-path.ts';
import type { Mistake } from './mistakes.ts';

/** Objects and lists inside each other. */
const MOST_DEEP = 32;
/** Values in all. */
const MOST_VALUES = 10_000;

/**
 * Looks for what no config may hold, whatever its schemas say, so that these need not stand it: circles, the key `__proto__`, and
 * more values or levels than a person would write.
 *
 * @returns The first mistake, or null.
 */
export function findImpossible(config: unknown): Mistake | null {
  let values = 0;
  const above: unknown[] = [];
  const visit = (value: unknown, path: KeyPath): Mistake | null => {
    if (++values > MOST_VALUES) return { path: path.slice(0, 3), text: `holds more than ${MOST_VALUES} values` };
    if (!isContainer(value)) return null;
    if (above.includes(value)) return { path, text: 'leads back to a value that it is part of' };
    if (above.length >= MOST_DEEP)
      return { path: path.slice(0, 3), text: `is nested more than ${MOST_DEEP} levels deep` };
    above.push(value);
    for (const [key, inner] of Array.isArray(value) ? value.entries() : Object.entries(value)) {
      const innerPath = [...path, key];
      if (key === '__proto__') return { path: innerPath, text: 'is no key that is known' };
      const found = visit(inner, innerPath);
      if (found !== null) return found;
    }
    above.pop();
    return null;
  };
  return visit(config, []);
}

/** Lists and plain objects. Instances, a logger for instance, are for their plugin to look at. */
function isContainer(value: unknown): value is object {
  if (Array.isArray(value)) return true;
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
