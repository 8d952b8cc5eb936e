export { Curses, type CursesEventNames, type CursesEvents, type CursesOptions, unctrl } from './curses.ts';
export type { Driver } from './drivers/driver.ts';
export { type DriverEvents, SysRW } from './drivers/sys-rw.ts';
export * from './filters/index.ts';
export { FollowTail, type FollowTailEventNames, type FollowTailEvents, type FollowTailOptions } from './follow-tail.ts';
export { type WheelHooks, wheelHooks } from './hooks.ts';
export {
  ListenAccept,
  type ListenAcceptEventNames,
  type ListenAcceptEvents,
  type ListenAcceptOptions,
} from './listen-accept.ts';
export { closeUnheld, own } from './owned-handles.ts';
export { DEFAULT_PEER_LIMITS, type PeerLimits } from './peer-limits.ts';
export {
  ReadLine,
  type ReadLineAttribs,
  type ReadLineEventNames,
  type ReadLineEvents,
  type ReadLineFunction,
  type ReadLineOptions,
} from './read-line.ts';
export { ReadWrite, type ReadWriteEventNames, type ReadWriteEvents, type ReadWriteOptions } from './read-write.ts';
export type {
  ChildStreamName,
  Conduit,
  RedirectTarget,
  RunEventNames,
  RunEvents,
  RunOptions,
} from './run/options.ts';
export { Run } from './run.ts';
export type {
  SocketFactoryEventNames,
  SocketFactoryEvents,
  SocketFactoryOptions,
} from './socket-factory/options.ts';
export { SocketFactory } from './socket-factory.ts';
export { allocateWheelId, Wheel, type WheelOptions } from './wheel.ts';
