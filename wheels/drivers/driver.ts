import type { Port, SystemError } from '../../core/types.ts';
import type { Chunk, Span } from '../filters/filter.ts';

/**
 * What every driver offers: it moves octets between a handle and the filters, and holds what could not be written yet.
 *
 * Mirrors POE::Driver.
 */
export interface Driver {
  /** Reads what is there: chunks, an empty array if nothing is, undefined at the end of the stream or after an error. */
  get(port: Port): Chunk[] | undefined;
  /** Takes chunks to write. Returns the octets buffered in all; empty chunks are dropped. */
  put(chunks: readonly Chunk[]): number;
  /** Optional: takes octets to write that nobody else will write to. They may be joined with what lies right before them. */
  putSpan?(span: Span): number;
  /** Writes what the handle takes now. Returns the octets that are left. */
  flush(port: Port): number;
  /** Chunks buffered. */
  getOutMessagesBuffered(): number;
  /** Octets buffered. */
  getOutOctetsBuffered(): number;
  /** Why the last `get` or `flush` failed; null after a success and at the regular end of a stream. */
  readonly error: SystemError | null;
}
