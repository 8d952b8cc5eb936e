import type { FileHost, Port, SystemError } from '../../core/index.ts';

/** Octets in front of the position that are compared at each read. */
const SEAM_OCTETS = 64;
const NOTHING = new Uint8Array(0);

/**
 * An open file that grows, as a port for drivers: it is read from a position of its own.
 *
 * Each read begins a little before that position. What is found there must be what was read before, else the file has been cut off or
 * written anew, even if it is larger than it was by now.
 */
export class TailedFile implements Port {
  /** Who it is, whatever it is called. */
  readonly identity: string;
  /** Octets from the top that have been read. */
  position = 0;
  /** What comes next is not what followed what has been read. */
  rewritten = false;
  error: SystemError | null = null;
  readonly #files: FileHost;
  readonly #descriptor: number;
  /** The last octets before the position. */
  #seam: Uint8Array = NOTHING;

  constructor(files: FileHost, descriptor: number, identity: string) {
    this.#files = files;
    this.#descriptor = descriptor;
    this.identity = identity;
  }

  /** Octets it has now. */
  get size(): number {
    const status = this.#files.statusOf(this.#descriptor);
    return 'failed' in status ? 0 : status.ok.size;
  }

  /** Whether its descriptor still stands for it, and has not been closed by the program. */
  get isOpen(): boolean {
    const status = this.#files.statusOf(this.#descriptor);
    return 'ok' in status && status.ok.identity === this.identity;
  }

  /** Goes to a position. */
  seek(position: number): void {
    this.position = position;
    this.rewritten = false;
    const octets = Math.min(position, SEAM_OCTETS);
    const read = this.#files.read(this.#descriptor, octets, position - octets);
    this.#seam = 'failed' in read ? NOTHING : read.ok;
  }

  read(maxOctets: number): Uint8Array | undefined {
    const seam = this.#seam;
    const read = this.#files.read(this.#descriptor, seam.length + maxOctets, this.position - seam.length);
    this.error = 'failed' in read ? read.failed : null;
    if ('failed' in read) return undefined;
    const octets = read.ok;
    this.rewritten = !startsWith(octets, seam);
    const fresh = octets.subarray(seam.length);
    if (this.rewritten || fresh.length === 0) return undefined;
    this.position += fresh.length;
    this.#seam = octets.slice(-SEAM_OCTETS);
    return fresh;
  }

  close(): void {
    this.#files.close(this.#descriptor);
  }

  // --- it is only read, when a timer says so

  onReady = null;
  readonly room = 0;
  readonly unwritten = 0;
  readonly writeError = null;

  ready(): boolean {
    return true;
  }

  watch(): void {}

  unwatch(): void {}

  write(): void {}

  shutdown(): void {}
}

function startsWith(octets: Uint8Array, beginning: Uint8Array): boolean {
  return Buffer.compare(octets.subarray(0, beginning.length), beginning) === 0;
}
