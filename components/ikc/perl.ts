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
  return Object.hasOwn(hash, key) ? hash[key] : undefined;
}

/** A hash that has no keys but its own: itself, if it has no prototype, as what Perl sends; otherwise a copy. */
export function bare(hash: { readonly [key: string]: unknown }): { readonly [key: string]: unknown } {
  return isBare(hash) ? hash : Object.assign(Object.create(null), hash);
}

/** PERF: ikc-posts, 1.05x: keys of a hash without prototype can be read by name, without a question for each whether it is there. */
export function isBare(hash: object): boolean {
  return Object.getPrototypeOf(hash) === null;
}
