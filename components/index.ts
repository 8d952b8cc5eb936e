export * from './babysit/index.ts';
export { ClientTCP } from './client-tcp.ts';
export * from './ikc/index.ts';
export * from './prefork/index.ts';
export { ServerTCP } from './server-tcp.ts';
export type { ClientHeap, ClientTCPOptions } from './tcp/client-options.ts';
export type { FilterClass, FilterSource } from './tcp/filters.ts';
export type { ConnectionHeap, ListenerHeap, ServerTCPOptions } from './tcp/server-options.ts';
