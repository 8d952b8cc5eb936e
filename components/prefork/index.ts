export { preforkRole } from './announcement.ts';
export type { ChildInfo, ChildState } from './child-info.ts';
export type { HandoverStage, SupervisorHooks, WorkerHooks } from './hooks.ts';
export type { PreforkOptions, PreforkSettings } from './options.ts';
export { type Preforked, prefork, preforkedOf, supervisorOf, workerOf } from './prefork.ts';
export type { Supervisor } from './supervisor.ts';
export type { Worker } from './worker.ts';
