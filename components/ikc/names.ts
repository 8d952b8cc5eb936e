/** The parts of a kernel's identity, and how its names are written. */

const HOST_CHARACTERS = /[^-.\w]+/g;

/**
 * Makes the unique ID of a kernel: `HOST-TTTTTTTT-PPPPPPPP-SSSSSSSS`.
 *
 * @param host - Name of the host. Characters that no kernel name may have become `_`.
 * @param seconds - A time, in seconds; fractions are cut off. It tells kernels apart that had the same process number.
 * @param pid - Process number.
 * @param counter - Counts the kernels of the process, from 1.
 * @example
 * kernelId('vm', 1795212895.8, 28325, 1); // 'vm-6b00dd5f-00006ea5-00000001'
 * @remarks Mirrors POE::Kernel, "ID".
 */
export function kernelId(host: string, seconds: number, pid: number, counter: number): string {
  const name = host.replace(HOST_CHARACTERS, '_') || 'localhost';
  return [name, ...[seconds, pid, counter].map(hexadecimal)].join('-');
}

function hexadecimal(value: number): string {
  return Math.trunc(value).toString(16).padStart(8, '0');
}

/**
 * The name of one end of a TCP connection: `ip:port`.
 *
 * Genuine peers know IPv4 only, and die of a name with more than one colon. So an IPv4 address in IPv6 clothes is written
 * as what it is, and the colons of any other IPv6 address become `-`, behind `ip6-`.
 *
 * @example
 * addressName('127.0.0.1', 603); // '127.0.0.1:603'
 * addressName('2001:db8::1', 603); // 'ip6-2001-db8--1:603'
 */
export function addressName(address: string, port: number): string {
  const v4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  const host = v4 ?? (address.includes(':') ? `ip6-${address}` : address);
  return `${host.replace(/[^-.a-zA-Z0-9]/g, '-')}:${port}`;
}

/**
 * The name of one end of a connection over a unix socket: `unix:` and the path, in which every run of other characters
 * than letters, digits, `_`, `-` and `.` is one `_`. The connecting end has `:PID-FILENO` behind it.
 *
 * @example
 * unixName('run/ikc.sock'); // 'unix:run_ikc.sock'
 * unixName('run/ikc.sock', { pid: 28250, fileno: 9 }); // 'unix:run_ikc.sock:28250-9'
 * @remarks Differs from IKC: colons of the path are replaced too, as genuine peers die of them.
 */
export function unixName(path: string, connecting?: { pid: number; fileno: number }): string {
  const name = `unix:${path.replace(/[^-.\w]+/g, '_') || '_'}`;
  return connecting ? `${name}:${connecting.pid}-${connecting.fileno}` : name;
}

/** What a kernel calls itself. */
export interface KernelNames {
  /** The unique ID; ClientLite has none. */
  id?: string | undefined;
  name?: string | undefined;
  aliases?: readonly string[] | undefined;
  /** The name of its own end of this connection. */
  address?: string | undefined;
}

/**
 * The names that a kernel announces, in natural order: ID, name, aliases, address. What is missing or empty is left out,
 * and so is what was there before.
 */
export function announcedNames({ id, name, aliases = [], address }: KernelNames): string[] {
  const names = [id, name, ...aliases, address].filter((each) => each !== undefined && each !== '');
  return [...new Set(names as string[])];
}
