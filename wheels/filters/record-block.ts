import { PoeUsageError } from '../../core/errors.ts';
import { BaseFilter } from './base-filter.ts';
import { optionError, warnUnknownOptions } from './options.ts';
import { RecordQueue } from './record-queue.ts';

export interface RecordBlockOptions {
  /** Records in a block, above 0. */
  blockSize: number;
  /** Whether only as many records as make whole blocks are put; the rest waits for the next put. Default false. */
  checkPut?: boolean | undefined;
}

/**
 * Reads records in blocks, arrays of the same number, and puts the records that arrays hold. It works on the records
 * of another filter: put it in a {@link Stackable}.
 *
 * @example
 * const filter = new RecordBlock<string>({ blockSize: 2 });
 * filter.get(['a', 'b', 'c']); // [['a', 'b']]
 * filter.put([['x', 'y'], ['z']]); // ['x', 'y', 'z']
 * @remarks Mirrors POE::Filter::RecordBlock. An unknown option is a warning.
 */
// biome-ignore lint/suspicious/noExplicitAny: records are what the filter in front of it makes
export class RecordBlock<T = any> extends BaseFilter<T[], readonly T[], T> {
  #blockSize: number;
  #checkPut: boolean;
  readonly #records = new RecordQueue<T>();
  readonly #heldBack = new RecordQueue<T>();

  /** @throws PoeUsageError `POE_ERR_FILTER_OPTION` without a `blockSize` above 0. */
  constructor(options: RecordBlockOptions) {
    super();
    const { blockSize, checkPut = false } = options ?? {};
    if (!isSize(blockSize)) {
      throw optionError('RecordBlock', `blockSize is '${blockSize}'`, 'Give blockSize a whole number above 0');
    }
    warnUnknownOptions('RecordBlock', options, ['blockSize', 'checkPut']);
    this.#blockSize = blockSize;
    this.#checkPut = checkPut;
  }

  getOneStart(records: readonly T[]): void {
    this.#records.push(records);
  }

  getOne(): T[][] {
    return this.#records.length < this.#blockSize ? [] : [this.#records.take(this.#blockSize)];
  }

  /** @throws PoeUsageError `POE_ERR_FILTER_RECORD` for what is no array; nothing is kept of that put. */
  put(blocks: readonly (readonly T[])[]): T[] {
    for (const block of blocks) {
      if (Array.isArray(block)) continue;
      throw new PoeUsageError('POE_ERR_FILTER_RECORD', `Cannot put a block of records: it is of type ${typeof block}`, {
        hint: 'Put arrays of records, as get gives them',
      });
    }
    const waiting = this.#heldBack;
    for (const block of blocks) waiting.push(block);
    const spare = this.#checkPut ? waiting.length % this.#blockSize : 0;
    return waiting.take(waiting.length - spare);
  }

  getPending(): T[] | null {
    return this.#records.peek();
  }

  /**
   * The records that `checkPut` holds back; `null` if there are none. They go out with a later put, all of them if
   * `checkput(false)` was called before it.
   *
   * @remarks Mirrors POE::Filter::RecordBlock, "put_pending", which likewise gives nothing while `checkPut` is off.
   */
  putPending(): T[] | null {
    return this.#checkPut ? this.#heldBack.peek() : null;
  }

  /**
   * The records in a block; sets it first, if a size above 0 is given.
   *
   * @remarks Mirrors POE::Filter::RecordBlock, "blocksize".
   */
  blocksize(size?: number): number {
    if (isSize(size)) this.#blockSize = size;
    return this.#blockSize;
  }

  /**
   * Whether only whole blocks are put; sets it first, if something is given.
   *
   * @remarks Mirrors POE::Filter::RecordBlock, "checkput".
   */
  checkput(check?: boolean): boolean {
    if (check !== undefined) this.#checkPut = Boolean(check);
    return this.#checkPut;
  }

  clone(): RecordBlock<T> {
    return new RecordBlock<T>({ blockSize: this.#blockSize, checkPut: this.#checkPut });
  }
}

function isSize(size: unknown): size is number {
  return Number.isSafeInteger(size) && (size as number) > 0;
}
