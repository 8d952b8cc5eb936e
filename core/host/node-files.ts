import fs from 'node:fs';
import { isatty } from 'node:tty';
import { systemError } from '../errno.ts';
import type { FileHost, FileKind, FileResult, FileStatus } from './files.ts';

const { O_RDONLY, O_RDWR, O_NONBLOCK = 0, O_NOCTTY = 0 } = fs.constants;

/** Octets read at once into memory that stays: most reads find nothing, and must not cost a buffer each. */
const SCRATCH_OCTETS = 131_072;

/** The real files, by Node's synchronous calls. */
export class NodeFiles implements FileHost {
  #scratch: Buffer | undefined;

  open(path: string): FileResult<number> {
    return attempt('open', () => {
      const descriptor = fs.openSync(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
      if (!fs.fstatSync(descriptor, { bigint: true }).isFIFO()) return descriptor;
      fs.closeSync(descriptor);
      return fs.openSync(path, O_RDWR | O_NONBLOCK);
    });
  }

  status(path: string): FileResult<FileStatus> {
    return attempt('stat', () => statusFrom(fs.statSync(path, { bigint: true })));
  }

  statusOf(descriptor: number): FileResult<FileStatus> {
    return attempt('stat', () => statusFrom(fs.fstatSync(descriptor, { bigint: true }), descriptor));
  }

  read(descriptor: number, maxOctets: number, position: number | null): FileResult<Uint8Array> {
    return attempt('read', () => {
      this.#scratch ??= Buffer.allocUnsafeSlow(SCRATCH_OCTETS);
      const into = maxOctets <= SCRATCH_OCTETS ? this.#scratch : Buffer.allocUnsafe(maxOctets);
      const count = fs.readSync(descriptor, into, 0, maxOctets, position);
      return Buffer.from(into.subarray(0, count));
    });
  }

  write(descriptor: number, octets: Uint8Array): FileResult<true> {
    return attempt('write', () => {
      for (let done = 0; done < octets.length; ) done += fs.writeSync(descriptor, octets, done);
      return true;
    });
  }

  close(descriptor: number): void {
    attempt('close', () => fs.closeSync(descriptor));
  }
}

function attempt<T>(operation: string, call: () => T): FileResult<T> {
  try {
    return { ok: call() };
  } catch (error) {
    return { failed: systemError(operation, error) };
  }
}

function statusFrom(stats: fs.BigIntStats, descriptor?: number): FileStatus {
  return { kind: kindOf(stats, descriptor), identity: `${stats.dev}:${stats.ino}`, size: Number(stats.size) };
}

function kindOf(stats: fs.BigIntStats, descriptor: number | undefined): FileKind {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  if (stats.isFIFO()) return 'fifo';
  if (stats.isSocket()) return 'socket';
  if (stats.isBlockDevice()) return 'block';
  if (stats.isCharacterDevice()) return descriptor !== undefined && isatty(descriptor) ? 'terminal' : 'character';
  return 'other';
}
