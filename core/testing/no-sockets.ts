import { PoeUsageError } from '../errors.ts';
import { servicePort } from '../host/services.ts';
import type { SocketHost } from '../host/sockets.ts';

function unplugged(what: string): PoeUsageError {
  return new PoeUsageError('POE_ERR_SIMULATION_SOCKETS', `Cannot ${what}: the simulated host has no network`, {
    hint: 'Give the simulation one: new Simulation({ sockets: (host) => ... }); or connect two ends with twoWay()',
  });
}

/** Sockets of a simulated host that nobody has given a network: a test must not reach the real one by mistake. */
export const noSockets: SocketHost = {
  listen() {
    throw unplugged('listen');
  },
  claimPath() {
    throw unplugged('claim the path of a unix socket');
  },
  releasePath() {},
  accept: () => null,
  connect() {
    throw unplugged('connect');
  },
  datagrams() {
    throw unplugged('open a UDP socket');
  },
  connectDatagrams() {
    throw unplugged('connect a UDP socket');
  },
  service: servicePort,
  resolve() {
    throw unplugged('resolve a host name');
  },
  localAddress: () => undefined,
};
