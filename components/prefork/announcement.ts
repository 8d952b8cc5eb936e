import type { SocketAddress } from '../../core/index.ts';

/** The environment variable by which a process of ours is told what it is. */
const VARIABLE = 'POE_PREFORK';

/** A socket that a process inherits. */
export interface AnnouncedSocket {
  /** Which of the program's sockets it is: see {@link socketKey}. */
  readonly key: string;
  readonly descriptor: number;
  /** Where it is bound, with the real port. */
  readonly address: SocketAddress;
}

/** What a process that was started by one of ours is told. */
export interface Announcement {
  /** A child serves; a successor is the next parent. */
  readonly role: 'child' | 'successor';
  readonly sockets: readonly AnnouncedSocket[];
}

/** Adds an announcement to the environment of a process that is about to be started. */
export function withAnnouncement(env: NodeJS.ProcessEnv, announcement: Announcement): NodeJS.ProcessEnv {
  return { ...env, [VARIABLE]: JSON.stringify(announcement) };
}

/** What this process was told. Read once, and taken out of the environment: its own children are none of ours. */
export const announcement: Announcement | undefined = take();

/**
 * What this process was started as by the parent of a program that runs in several processes: known from the beginning, before `prefork`
 * is called. Undefined for a process that nobody of these has started.
 */
export const preforkRole: Announcement['role'] | undefined = announcement?.role;

function take(): Announcement | undefined {
  const text = process.env[VARIABLE];
  delete process.env[VARIABLE];
  return text === undefined ? undefined : (JSON.parse(text) as Announcement);
}

/**
 * Names the sockets of a program, so that a process that runs it again knows which is which: by the address that the program asks for,
 * and where it asks for the same more than once (port 0), by the order.
 */
export class SocketKeys {
  readonly #seen = new Map<string, number>();

  next(address: SocketAddress): string {
    const name = addressKey(address);
    const count = (this.#seen.get(name) ?? 0) + 1;
    this.#seen.set(name, count);
    return `${name}#${count}`;
  }

  /** The key that the next call of {@link next} gives. */
  peek(address: SocketAddress): string {
    const name = addressKey(address);
    return `${name}#${(this.#seen.get(name) ?? 0) + 1}`;
  }
}

function addressKey(address: SocketAddress): string {
  return address.family === 'unix' ? `unix ${address.path}` : `tcp${address.family} ${address.address}:${address.port}`;
}
