export type { HandlerContext, Sender } from './context.ts';
export { debugFor } from './debug.ts';
export type * from './declared-aliases.ts';
export { type EventFor, type EventMap, type EventsMarker, events } from './declared-events.ts';
export { kernel } from './default-kernel.ts';
export type { DieDetails } from './engine.ts';
export { type ErrnoName, errnoFailure, errnoNumber, errnoText, type SystemError, systemError } from './errno.ts';
export { PoeDataError, PoeError, type PoeErrorDetails, PoeLimitError, PoeUsageError } from './errors.ts';
export type { TapTime } from './hook-guard.ts';
export type { KernelHooks } from './hooks.ts';
export { Completion } from './host/completion.ts';
export type { FileHost, FileKind, FileResult, FileStatus } from './host/files.ts';
export { type Handle, MODE_EXPEDITE, MODE_READ, MODE_WRITE, type Mode, type Port, port } from './host/handles.ts';
export type {
  Clock,
  Host,
  HostIdentity,
  HostLoop,
  ProcessHost,
  RandomSource,
  SignalHost,
} from './host/host.ts';
export { oneWay, twoWay } from './host/pipes.ts';
export type {
  Connected,
  DatagramOptions,
  HeldSocket,
  HeldSockets,
  InternetAddress,
  ListenOptions,
  PeerAddress,
  SharedListener,
  SocketAddress,
  SocketHost,
  SocketResult,
  UnixAddress,
} from './host/sockets.ts';
export { UdpHandle } from './host/udp-handle.ts';
export type { Datagram } from './host/udp-port.ts';
export { Kernel, type KernelOptions } from './kernel.ts';
export type { AlarmRecord, Destination, KernelView, ProcessId, SessionOrKernel } from './kernel-view.ts';
export { List, list, toList, toScalar } from './list.ts';
export type { MachineContext } from './machine-context.ts';
export { type MachineOptions, NFA } from './nfa.ts';
export { Peek, type QueueItem } from './peek/peek.ts';
export type {
  EventType,
  HandleRecord,
  KernelCounts,
  KernelDump,
  KernelRecord,
  PeekLimit,
  QueueRecord,
  Reason,
  ReasonCounts,
  ReasonKind,
  SessionRecord,
  SignalRecord,
  WatchedEvent,
  WatchedKind,
} from './peek/records.ts';
export {
  applyPlugins,
  type Plugin,
  type PluginUse,
  type Schema,
  type SchemaIssue,
  type SchemaResult,
} from './plugin.ts';
export type { Callback, Postback } from './postback.ts';
export { ChildFunction, childFunction } from './processes/child-function.ts';
export type { ChildStream, LaunchedChild, LaunchOptions, ProgramToRun, Redirection } from './processes/launch.ts';
export type { SignalType } from './resources/signals.ts';
export { Session, type SessionOptions } from './session.ts';
export type { MethodMap } from './states.ts';
export type { EventsOf, KernelOf, TypedKernel } from './typed-kernel.ts';
export { type MachineHandler, type MachineStates, type StateMap, type StatesMarker, states } from './typed-machine.ts';
export type { InlineStates, LifecycleStates } from './typed-states.ts';
export type { Handler, SessionId } from './types.ts';
export { warn } from './warn.ts';
