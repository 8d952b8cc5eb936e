import type { SystemError } from '../errno.ts';
import type { FileHost } from './files.ts';
import { MODE_EXPEDITE, type MODE_READ, type MODE_WRITE, type Mode, type Port } from './handles.ts';

/** Octets a file should be given at a time. */
const LARGEST_WRITE = 262_144;

/**
 * A port over a descriptor that never makes anybody wait: a plain file, or a device such as `/dev/null`. It is always ready, at the
 * end of the file too, as it is for `select`. Nothing is read ahead: what is not read stays in the file.
 */
export class FilePort implements Port {
  onReady: ((mode: Mode) => void) | null = null;
  error: SystemError | null = null;
  writeError: SystemError | null = null;
  readonly room = LARGEST_WRITE;
  readonly unwritten = 0;
  readonly #files: FileHost;
  readonly #descriptor: number;

  constructor(files: FileHost, descriptor: number) {
    this.#files = files;
    this.#descriptor = descriptor;
  }

  ready(mode: Mode): boolean {
    return mode !== MODE_EXPEDITE;
  }

  watch(): void {}

  unwatch(): void {}

  read(maxOctets: number): Uint8Array | undefined {
    const result = this.#files.read(this.#descriptor, maxOctets, null);
    this.error = 'failed' in result ? result.failed : null;
    return 'failed' in result || result.ok.length === 0 ? undefined : result.ok;
  }

  write(octets: Uint8Array): void {
    const result = this.#files.write(this.#descriptor, octets);
    this.writeError = 'failed' in result ? result.failed : null;
  }

  shutdown(_mode: typeof MODE_READ | typeof MODE_WRITE): void {}

  close(): void {
    this.#files.close(this.#descriptor);
  }
}
