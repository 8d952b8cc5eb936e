export type { ClientHandshakeOptions } from './client.ts';
export { ClientHandshake } from './client.ts';
export { Handshake } from './handshake.ts';
export { HandshakeLines } from './lines.ts';
export type { ServerHandshakeOptions } from './server.ts';
export { ServerHandshake } from './server.ts';
export { HandshakeStream } from './stream.ts';
export type { HandshakeDone, HandshakeLimits, HandshakeOptions, HandshakeStep, Protocol } from './types.ts';
export { DEFAULT_HANDSHAKE_LIMITS } from './types.ts';
