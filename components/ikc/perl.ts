/** What Perl takes for true: everything but undef, the empty string, the number 0 and the text `0`. */
export function isTrue(value: unknown): boolean {
  return Boolean(value) && value !== '0';
}

/** Whether a value is what a Perl hash thaws to, or an object that a program wrote down. */
export function isHash(value: unknown): value is { readonly [key: string]: unknown } {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

/** The value of a key that the hash itself holds; `undefined` for a missing one, whatever the prototype has. */
export function own(hash: { readonly [key: string]: unknown }, key: string): unknown {
  const value = hash[key];
  // PERF: ikc-calls: what Perl sends has no prototype, and half of the keys are missing.
  if (value === undefined || Object.getPrototypeOf(hash) === null) return value;
  return Object.hasOwn(hash, key) ? value : undefined;
}
