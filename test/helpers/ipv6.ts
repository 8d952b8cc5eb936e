import { networkInterfaces } from 'node:os';

/** Why tests over IPv6 cannot run here; undefined if they can. Containers often have none. */
export function whyNoIpv6(): string | undefined {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return addresses.some(({ address }) => address === '::1') ? undefined : 'this system has no address ::1';
}
