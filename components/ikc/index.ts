export type { CallOptions } from './awaited-calls.ts';
export type { ReconnectOptions } from './backoff.ts';
export type { CallHeaders, CallInfo, RequestInfo } from './call-info.ts';
export type { ChannelEnd, ChannelOptions } from './channel.ts';
export { Channel } from './channel.ts';
export { Client, type ClientOptions, createIkcClient } from './client.ts';
export { ClientLite, type ClientLiteFailure, type ClientLiteOptions } from './client-lite.ts';
export type { Contract, EveryEvent, Remote, RemoteCall, RemoteEvent, RemotePost } from './contract.ts';
export type { DeadLetter, DeadLetterReason } from './dead-letters.ts';
export { IkcError, type IkcErrorDetails, type IkcStage } from './errors.ts';
export type { Protocol } from './handshake/index.ts';
export type { HeartbeatOptions } from './heartbeat.ts';
export { type IkcHooks, ikcHooks, type LinkInfo } from './hooks.ts';
export type { LinkRecord } from './kernels.ts';
export type { ChannelLimits } from './limits.ts';
export type { MonitorStates } from './monitors.ts';
export type { OnError, PeerOptions } from './peer-options.ts';
export type { RemoteOptions } from './remote.ts';
export { createIkcResponder, Responder } from './responder.ts';
export { createIkcServer, Server, type ServerOptions } from './server.ts';
export {
  parseSpecifier,
  type Rsvp,
  type Specifier,
  type SpecifierLike,
  specifierName,
  specifierPart,
} from './specifier.ts';
