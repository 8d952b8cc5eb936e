export { Babysitter, babysit, babysitterOf } from './babysitter.ts';
export { babysitChildren } from './children.ts';
export type { BabysitHooks } from './hooks.ts';
export type { Nursery, NurseryChild } from './nursery.ts';
export type { BabysitOptions, BabysitSettings } from './options.ts';
export type { Ailment, Treatment } from './policy.ts';
export type { ProcessReading, ProcessState, ProcessTable, Readings } from './process-table.ts';
export { watchBlocks } from './watch-blocks.ts';
