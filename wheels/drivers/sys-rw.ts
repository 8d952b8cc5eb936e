import { EventEmitter } from 'eventemitter3';
import { PoeUsageError } from '../../core/errors.ts';
import type { Port, SystemError } from '../../core/types.ts';
import type { Chunk, Span } from '../filters/filter.ts';
import { encodeText, type TextRecord } from '../filters/text.ts';
import type { Driver } from './driver.ts';

/** What a driver tells in-process listeners: octets as they come and go. */
export interface DriverEvents {
  read: [octets: number];
  written: [octets: number];
}

const DEFAULT_BLOCK_SIZE = 65_536;
/** Octets of a chunk from which on it is not copied together with others. */
const LARGE_CHUNK = 16_384;

/**
 * The usual driver: plain reads and writes.
 *
 * @example
 * const driver = new SysRW({ blockSize: 4096 });
 * driver.on('read', (octets) => { received += octets; });
 * @remarks Mirrors POE::Driver::SysRW.
 */
export class SysRW extends EventEmitter<DriverEvents> implements Driver {
  error: SystemError | null = null;
  readonly #blockSize: number;
  #chunks: Chunk[] = [];
  #octets = 0;
  /** Octets behind all chunks, to which more may be added. */
  #tail: Buffer | undefined;
  #tailStart = 0;
  #tailEnd = 0;
  /** How many spans were added to others. Once not all octets could be written, what was joined is one chunk. */
  #joined = 0;

  /**
   * @param options - `blockSize`: octets read at once. Default 65,536.
   * @throws PoeUsageError `POE_ERR_DRIVER_BLOCK_SIZE`; `POE_ERR_DRIVER_OPTION` for any other option, as POE dies of it.
   */
  constructor(options: { blockSize?: number } = {}) {
    super();
    const strange =
      typeof options === 'object' && options !== null
        ? Object.keys(options).find((name) => name !== 'blockSize')
        : options;
    if (strange !== undefined) {
      throw new PoeUsageError('POE_ERR_DRIVER_OPTION', `Cannot make a SysRW driver: unknown option '${strange}'`, {
        hint: "Leave it out, or write { blockSize: 512 }: POE's BlockSize is blockSize here",
      });
    }
    const { blockSize = DEFAULT_BLOCK_SIZE } = options;
    if (!Number.isInteger(blockSize) || blockSize <= 0) {
      throw new PoeUsageError('POE_ERR_DRIVER_BLOCK_SIZE', `Cannot make a SysRW driver: blockSize is ${blockSize}`, {
        hint: 'blockSize is a whole number of octets above 0',
      });
    }
    this.#blockSize = blockSize;
  }

  get(port: Port): Chunk[] | undefined {
    const chunk = port.read(this.#blockSize);
    if (chunk === undefined) {
      this.error = port.error;
      return undefined;
    }
    this.error = null;
    if (chunk === null) return [];
    this.emit('read', chunk.length);
    return [chunk];
  }

  /**
   * Takes strings of octets and numbers, too: what a `Map` or `Grep` next to the wire has put is what its function returned.
   *
   * @throws PoeUsageError `POE_ERR_FILTER_RECORD` for a character above U+00FF.
   */
  put(chunks: readonly TextRecord[]): number {
    this.#endTail();
    for (const given of chunks) {
      const chunk = given instanceof Uint8Array ? given : encodeText(given, 'latin1');
      if (chunk.length === 0) continue;
      this.#chunks.push(chunk);
      this.#octets += chunk.length;
    }
    return this.#octets;
  }

  putSpan({ octets, start, end }: Span): number {
    if (start === end) return this.#octets;
    if (octets === this.#tail && start === this.#tailEnd) {
      this.#joined++;
    } else {
      this.#endTail();
      this.#tail = octets;
      this.#tailStart = start;
    }
    this.#tailEnd = end;
    this.#octets += end - start;
    return this.#octets;
  }

  #endTail(): void {
    const tail = this.#tail;
    if (tail === undefined) return;
    this.#tail = undefined;
    this.#chunks.push(tail.subarray(this.#tailStart, this.#tailEnd));
  }

  flush(port: Port): number {
    this.error = port.writeError;
    while (this.error === null && this.#octets > 0 && port.room > 0) {
      const before = this.#octets;
      // In here, since a handle that passes on at once what it is given may have more put meanwhile.
      this.#endTail();
      const chunks = port.keepsChunks ? this.#takeOne() : this.#take(port.room);
      write(port, chunks, before - this.#octets);
      this.error = port.writeError;
      if (this.error === null) this.emit('written', before - this.#octets);
    }
    return this.#octets + port.unwritten;
  }

  getOutMessagesBuffered(): number {
    return this.#chunks.length + this.#joined + (this.#tail === undefined ? 0 : 1);
  }

  getOutOctetsBuffered(): number {
    return this.#octets;
  }

  /** The next chunk, as it is. */
  #takeOne(): readonly Chunk[] {
    this.#joined = 0;
    const taken = this.#chunks.splice(0, 1);
    this.#octets -= (taken[0] as Chunk).length;
    return taken;
  }

  /** The next octets to write, at most `room` of them. */
  #take(room: number): readonly Chunk[] {
    this.#joined = 0;
    if (this.#octets <= room) {
      const all = this.#chunks;
      this.#chunks = [];
      this.#octets = 0;
      return all;
    }
    let octets = 0;
    let count = 0;
    while (octets < room) octets += (this.#chunks[count++] as Chunk).length;
    const taken = this.#chunks.splice(0, count);
    const last = taken[count - 1] as Chunk;
    const beyond = octets - room;
    if (beyond > 0) {
      taken[count - 1] = last.subarray(0, last.length - beyond);
      this.#chunks.unshift(last.subarray(last.length - beyond));
    }
    this.#octets -= room;
    return taken;
  }
}

/** Writes chunks in one system call. Small ones are copied together. PERF: stream: to copy large ones is half of what it costs to send them. */
function write(port: Port, chunks: readonly Chunk[], octets: number): void {
  if (chunks.length === 1) port.write(chunks[0] as Chunk);
  else if (port.writeAll !== undefined && chunks.some(({ length }) => length >= LARGE_CHUNK)) port.writeAll(chunks);
  else port.write(Buffer.concat(chunks, octets));
}
