import { spawnSync } from 'node:child_process';
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { SocketConstructorOpts } from 'node:net';
import { ReadStream } from 'node:tty';
import { PoeUsageError } from '../errors.ts';

/** The part of node-pty that opens a terminal and starts nothing in it. */
interface Binding {
  open(columns: number, rows: number): { master: number; slave: number; pty: string };
}

/** A terminal for a child: our end, the child's descriptor, and the name under which the child opens it. */
export interface Terminal {
  readonly stream: ReadStream;
  readonly descriptor: number;
  readonly path: string;
}

const require = createRequire(import.meta.url);
let binding: Binding | undefined;

function findBinding(): Binding {
  const problems: unknown[] = [];
  for (const find of [prebuilt, built]) {
    try {
      const found = find();
      if (typeof found?.open === 'function') return found;
    } catch (error) {
      problems.push(error);
    }
  }
  throw new PoeUsageError('POE_ERR_TERMINAL', 'Cannot open a terminal for a child: node-pty is not installed', {
    hint: 'npm install @lydell/node-pty (or node-pty), which the conduits pty and pty-pipe need',
    cause: problems[0],
  });
}

/** Its binary is a package of each platform's own, next to it. */
function prebuilt(): Binding {
  const beside = createRequire(require.resolve('@lydell/node-pty'));
  return beside(`@lydell/node-pty-${process.platform}-${process.arch}/pty.node`) as Binding;
}

function built(): Binding {
  return (require('node-pty') as { native: Binding }).native;
}

const READ_OCTETS = 65_536;

/** Our end of a terminal. */
class MasterEnd extends ReadStream {
  readonly #descriptor: number;

  constructor(descriptor: number) {
    // Buffered as other streams are, and not a chunk at a time: an option of every stream, though not by its types.
    super(descriptor, { highWaterMark: READ_OCTETS } as SocketConstructorOpts);
    this.#descriptor = descriptor;
  }

  override push(chunk: unknown, encoding?: BufferEncoding): boolean {
    if (chunk === null) this.#drain();
    return super.push(chunk, encoding);
  }

  /** Once nobody has the terminal open, libuv tells the end after the next read; what is left behind that is read here. */
  #drain(): void {
    const octets = Buffer.alloc(READ_OCTETS);
    try {
      for (;;) {
        const count = readSync(this.#descriptor, octets, 0, octets.length, null);
        if (count === 0) return;
        super.push(Buffer.from(octets.subarray(0, count)));
      }
    } catch {
      // EIO: that was all.
    }
  }
}

/** Our ends of the terminals that are open. The library leaves them open for every program that is started. */
const masters = new Map<ReadStream, number>();

/** Descriptors that no child may get, as they would keep terminals open that we have closed. */
export function terminalDescriptors(): number[] {
  return [...masters.values()];
}

/**
 * Opens a terminal in raw mode: nothing is echoed, translated or turned into a signal.
 *
 * @throws PoeUsageError `POE_ERR_TERMINAL` without node-pty.
 */
export function openTerminal({ rows, columns }: { rows: number; columns: number }): Terminal {
  binding ??= findBinding();
  const { master, slave, pty: path } = binding.open(columns, rows);
  // What the library opened does not wait, and would be inherited: not what a child expects of its terminal.
  const descriptor = openSync(path, constants.O_RDWR | constants.O_NOCTTY);
  closeSync(slave);
  spawnSync('stty', ['raw', '-echo'], { stdio: [descriptor, 'ignore', 'ignore'] });
  const stream = new MasterEnd(master);
  masters.set(stream, master);
  stream.on('close', () => masters.delete(stream));
  return { stream, descriptor, path };
}
