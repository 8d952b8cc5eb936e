/** Octets that the program holds, on and off JavaScript's heap, when all garbage has gone. Needs `node --expose-gc`. */
export function heldOctets(): number {
  if (globalThis.gc === undefined) throw new Error('Cannot measure memory: start with node --expose-gc');
  // Twice: finalizers of the first round can let go of more.
  globalThis.gc();
  globalThis.gc();
  // `external` has the array buffers in it.
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** For a person to read. */
export function mebi(octets: number): string {
  return `${(octets / 2 ** 20).toFixed(1)} MiB`;
}
