import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';

/** From where on the system gives ports to who asks for any, and to connections that go out. */
const FIRST_EPHEMERAL = firstEphemeral();
const FIRST = 10_000;
const TRIES = 100;

/**
 * A port on the loopback address that nobody listens on, for a server that has to be told one. It is none of those that the
 * system gives away by itself: on a busy machine one of them may be a connection's before the server listens.
 */
export async function freePort(): Promise<number> {
  for (let left = TRIES; left > 0; left--) {
    const port = FIRST + Math.floor(Math.random() * (FIRST_EPHEMERAL - FIRST));
    const server = createServer().listen(port, '127.0.0.1');
    try {
      await once(server, 'listening');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') continue;
      throw error;
    }
    server.close();
    await once(server, 'close');
    return port;
  }
  throw new Error(`Of ${TRIES} ports below ${FIRST_EPHEMERAL} none was free`);
}

function firstEphemeral(): number {
  try {
    const first = Number.parseInt(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8'), 10);
    // Where there are but a few below them, one of theirs has to do.
    return first > FIRST + 1000 ? first : 65_536;
  } catch {
    // What Windows and macOS begin with.
    return 49_152;
  }
}
