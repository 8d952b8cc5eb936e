import { EventEmitter } from 'eventemitter3';
import { PoeUsageError } from '../../core/errors.ts';
import { MODE_WRITE, type Port, type SystemError } from '../../core/types.ts';
import type { Chunk } from '../filters/filter.ts';
import type { Driver } from './driver.ts';

/** What a driver tells in-process listeners: octets as they come and go. */
export interface DriverEvents {
  read: [octets: number];
  written: [octets: number];
}

const DEFAULT_BLOCK_SIZE = 65_536;
/** Octets handed to the host in one go: large enough for one system call a slice, small enough to see progress. */
const LARGEST_WRITE = 262_144;

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

  /**
   * @param options - `blockSize`: octets read at once. Default 65,536.
   * @throws PoeUsageError `POE_ERR_DRIVER_BLOCK_SIZE`.
   */
  constructor({ blockSize = DEFAULT_BLOCK_SIZE }: { blockSize?: number } = {}) {
    super();
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

  put(chunks: readonly Chunk[]): number {
    for (const chunk of chunks) {
      if (chunk.length === 0) continue;
      this.#chunks.push(chunk);
      this.#octets += chunk.length;
    }
    return this.#octets;
  }

  flush(port: Port): number {
    this.error = port.error;
    while (this.error === null && this.#octets > 0 && port.ready(MODE_WRITE)) {
      const block = this.#take();
      port.write(block);
      this.emit('written', block.length);
      this.error = port.error;
    }
    return this.#octets + port.unwritten;
  }

  getOutMessagesBuffered(): number {
    return this.#chunks.length;
  }

  getOutOctetsBuffered(): number {
    return this.#octets;
  }

  /** The next octets to write, joined: all of a slice leave in one system call. */
  #take(): Chunk {
    if (this.#octets <= LARGEST_WRITE) {
      const all = this.#chunks.length === 1 ? (this.#chunks[0] as Chunk) : Buffer.concat(this.#chunks, this.#octets);
      this.#chunks = [];
      this.#octets = 0;
      return all;
    }
    let octets = 0;
    let count = 0;
    while (count < this.#chunks.length && octets < LARGEST_WRITE) octets += (this.#chunks[count++] as Chunk).length;
    const taken = this.#chunks.splice(0, count);
    this.#octets -= octets;
    return taken.length === 1 ? (taken[0] as Chunk) : Buffer.concat(taken, octets);
  }
}
