import type { SystemError } from '../errno.ts';

/** What a name or a descriptor leads to. A terminal is a character device, too, but is waited for as sockets are. */
export type FileKind = 'file' | 'directory' | 'fifo' | 'socket' | 'terminal' | 'character' | 'block' | 'other';

/** What the system says about a file. */
export interface FileStatus {
  readonly kind: FileKind;
  /** Same text, same file: made of device and inode. A file that is open keeps its identity, whatever becomes of its name. */
  readonly identity: string;
  /** Octets. */
  readonly size: number;
}

/** What a call to the system gave: its result, or why it failed. */
export type FileResult<T> = { readonly ok: T } | { readonly failed: SystemError };

/**
 * Files of the system. Every method answers at once, as POE's own calls do: what a wheel has just read and what it has just been
 * told about the file belong together.
 */
export interface FileHost {
  /** Opens a file for reading, without ever waiting. A FIFO is opened for writing too, so that it does not end with its writers. */
  open(path: string): FileResult<number>;
  /** What a name leads to, through symbolic links. */
  status(path: string): FileResult<FileStatus>;
  /** What a descriptor leads to. */
  statusOf(descriptor: number): FileResult<FileStatus>;
  /**
   * Reads some octets; none at the end of the file.
   *
   * @param position - Octets from the top; null for where the descriptor stands, which moves it on.
   */
  read(descriptor: number, maxOctets: number, position: number | null): FileResult<Uint8Array>;
  /** Writes all octets where the descriptor stands. */
  write(descriptor: number, octets: Uint8Array): FileResult<true>;
  /** Closes a descriptor; one that is closed already is left alone. */
  close(descriptor: number): void;
}
