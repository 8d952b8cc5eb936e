/** POE's own events. A program handles them; posting one by hand has no effect beyond running the handler. */
export const START = '_start';
export const STOP = '_stop';
export const CHILD = '_child';
export const PARENT = '_parent';
export const DEFAULT = '_default';
export const SIGNAL = '_signal';

/** What brought a handler to run, for the rules on exceptions and on `_start`. */
export const KIND_EVENT = 0;
export const KIND_CALL = 1;
export const KIND_START = 2;
export const KIND_STOP = 3;
export const KIND_SIGNAL = 4;
export const KIND_SIGNAL_DIE = 5;
export const KIND_CALL_LIST = 6;
export const KIND_CALL_VOID = 7;
export type Kind = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7;

/** Values of `argc` in the queue that mark the kernel's own entries. */
export const ARGC_MANY = 4;
/** The turn of grace of a new session: nothing is dispatched, but it counts as an event. */
export const ARGC_GRACE = -1;
/** A signal to deliver: its name in ARG0, the array of its arguments in ARG1. */
export const ARGC_SIGNAL = -2;
