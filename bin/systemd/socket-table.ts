import { readFileSync, readlinkSync } from 'node:fs';
import type { SocketAddress } from '../../core/index.ts';

/** Tables of the system, with the address family of each. */
const INTERNET = [
  ['/proc/net/tcp', 4],
  ['/proc/net/tcp6', 6],
] as const;

/** The address that a descriptor of this process is bound to, as Linux tells it; undefined for one that is no such socket. */
export function addressOfDescriptor(fd: number): SocketAddress | undefined {
  const inode = inodeOf(fd);
  if (inode === undefined) return undefined;
  for (const [table, family] of INTERNET) {
    for (const fields of rowsOf(table)) {
      if (fields[9] === inode) return internetAddress(fields[1] as string, family);
    }
  }
  const row = rowsOf('/proc/net/unix').find((fields) => fields[6] === inode);
  const path = row?.slice(7).join(' ');
  return path ? { family: 'unix', path } : undefined;
}

function inodeOf(fd: number): string | undefined {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/self/fd/${fd}`))?.[1];
  } catch {
    return undefined;
  }
}

function rowsOf(table: string): string[][] {
  let text: string;
  try {
    text = readFileSync(table, 'utf8');
  } catch {
    // A system without this family.
    return [];
  }
  const [, ...rows] = text.trimEnd().split('\n');
  return rows.map((row) => row.trim().split(/\s+/));
}

/**
 * An address as the tables have it: words of 32 bits in the order of the machine, and the port, all in hexadecimal.
 *
 * @param text - As in `0100007F:1F90`.
 */
export function internetAddress(text: string, family: 4 | 6): SocketAddress {
  const [words = '', port = ''] = text.split(':');
  const octets = Buffer.from(words, 'hex');
  if (new Uint8Array(new Uint32Array([1]).buffer)[0] === 1) octets.swap32();
  const address =
    family === 4
      ? octets.join('.')
      : new URL(`http://[${octets.toString('hex').replace(/(.{4})(?!$)/g, '$1:')}]`).hostname.slice(1, -1);
  return { family, address, port: Number.parseInt(port, 16) };
}
