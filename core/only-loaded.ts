import { PoeError } from './errors.ts';

let loading = false;

/**
 * Says whether a module is being loaded for one of its functions, in a child process of the wheel Run. Its program must not begin
 * then: it runs in the parent. This is of the whole process, whatever kernels it has.
 */
export function setOnlyLoaded(value: boolean): void {
  loading = value;
}

/** What {@link refuseIfOnlyLoaded} throws: it ends the loading of a module where its program begins. */
export class OnlyLoaded extends PoeError {}

/** @throws OnlyLoaded where a program begins that is only loaded. */
export function refuseIfOnlyLoaded(what: string): void {
  if (!loading) return;
  throw new OnlyLoaded(
    'POE_ERR_ONLY_LOADED',
    `Cannot ${what}: this child process loads the module for a function only`,
    {
      hint: 'Nothing to do: the module is loaded as far as here, and its function is called',
    },
  );
}
