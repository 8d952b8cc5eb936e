import { errnoNumber, type FileHost, type FileKind, type SystemError } from '../../core/index.ts';
import { TailedFile } from './tailed-file.ts';

/** Files of one name that are held open at most. Who rotates more often than that writes nothing in between. */
const MOST_OPEN = 8;

/** What a name leads to now. */
export type Look = 'same' | 'missing' | 'another' | { readonly failed: SystemError };

/** What opening a name gave: a file to be polled, or something to be waited for. */
export type Opened = { readonly kind: FileKind } & ({ readonly file: TailedFile } | { readonly descriptor: number });

/**
 * The files that a name has led to, oldest first, each for as long as lines may still come to it.
 *
 * Who renames a log file mostly is not who writes it: the writer goes on with the old file until it opens the new one. So a file is held
 * until a later one has something in it, and is read to its end after that.
 */
export class Rotation {
  readonly #files: FileHost;
  readonly #path: string;
  readonly #open: TailedFile[] = [];

  constructor(files: FileHost, path: string) {
    this.#files = files;
    this.#path = path;
  }

  /** The one to read from. */
  get oldest(): TailedFile | undefined {
    return this.#open[0];
  }

  get newest(): TailedFile | undefined {
    return this.#open.at(-1);
  }

  /**
   * Whether the writer has turned to a later file. Only what is read from the oldest file after asking is sure to be all that it will
   * ever bring.
   */
  get hasMovedOn(): boolean {
    return this.#open.some((file, place) => place > 0 && file.size > 0);
  }

  /** Lets the oldest file go. */
  dropOldest(): void {
    this.#open.shift()?.close();
  }

  /** What the name leads to, compared with the newest file. */
  look(): Look {
    const status = this.#files.status(this.#path);
    if ('failed' in status) return status.failed.errno === errnoNumber('ENOENT') ? 'missing' : status;
    const { identity } = status.ok;
    if (identity === this.newest?.identity) return 'same';
    const place = this.#open.findIndex((file) => file.identity === identity);
    if (place < 0) return 'another';
    // It has got its name back, and goes on where it was.
    this.#open.push(...this.#open.splice(place, 1));
    return 'same';
  }

  /** Opens what the name leads to. A file becomes the newest one; anything else is the caller's. */
  open(): Opened | undefined {
    const opened = this.#files.open(this.#path);
    if ('failed' in opened) return undefined;
    const descriptor = opened.ok;
    const status = this.#files.statusOf(descriptor);
    if ('failed' in status) {
      this.#files.close(descriptor);
      return undefined;
    }
    const { kind, identity } = status.ok;
    // A folder is opened, too: that it cannot be read is told when it is tried.
    if (kind !== 'file' && kind !== 'directory') return { kind, descriptor };
    const file = new TailedFile(this.#files, descriptor, identity);
    this.#open.push(file);
    if (this.#open.length > MOST_OPEN) this.#open.splice(1, 1)[0]?.close();
    return { kind, file };
  }

  close(): void {
    for (const file of this.#open.splice(0)) file.close();
  }
}
