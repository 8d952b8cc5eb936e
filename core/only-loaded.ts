import { PoeError } from './errors.ts';

const CODE = 'POE_ERR_ONLY_LOADED';

/** Where all copies of this package can see it: the module may find another copy than the one that loads it. */
const KEY = Symbol.for('poe-kernel.only-loaded');

const room = globalThis as { [KEY]?: boolean };

/**
 * Says whether a module is being loaded for one of its functions, in a child process of the wheel Run. Its program must not begin
 * then: it runs in the parent, and would start the same child again. This is of the whole process, whatever kernels it has.
 */
export function setOnlyLoaded(value: boolean): void {
  room[KEY] = value;
}

/** Whether this is what {@link refuseIfOnlyLoaded} of any copy throws: it ends the loading of a module where its program begins. */
export function isOnlyLoaded(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === CODE;
}

/** @throws PoeError `POE_ERR_ONLY_LOADED` where a program begins that is only loaded. */
export function refuseIfOnlyLoaded(what: string): void {
  if (!room[KEY]) return;
  throw new PoeError(CODE, `Cannot ${what}: this child process loads the module for a function only`, {
    hint: 'Nothing to do: the module is loaded as far as here, and its function is called',
  });
}
