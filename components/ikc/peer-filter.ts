import { type KernelView, PoeDataError, type Session } from '../../core/index.ts';
import { BaseFilter, type Chunk, type Filter, type Span } from '../../wheels/filters/index.ts';

// biome-ignore lint/suspicious/noExplicitAny: any filter will do
type AnyFilter = Filter<any, any>;

/**
 * A filter for what a peer sends. What it throws of that is no exception of this program, but the event `broken` of the channel's
 * session, with the error; nothing is read from there on.
 *
 * PERF: ikc-idle: an object with methods, as functions of each channel's own would take as much memory again.
 */
export class PeerFilter extends BaseFilter {
  /** Nothing more is read. */
  closed = false;
  readonly #filter: AnyFilter;
  readonly #kernel: KernelView;

  /** @param kernel - Bound to the channel's session. */
  constructor(filter: AnyFilter, kernel: KernelView) {
    super();
    this.#filter = filter;
    this.#kernel = kernel;
  }

  getOneStart(chunks: readonly Chunk[], owned?: boolean): void {
    if (this.closed) return;
    try {
      this.#filter.getOneStart(chunks, owned);
    } catch (error) {
      this.#refuse(error);
    }
  }

  getOne(): unknown[] {
    if (this.closed) return [];
    try {
      return this.#filter.getOne();
    } catch (error) {
      this.#refuse(error);
      return [];
    }
  }

  put(records: readonly unknown[]): Chunk[] {
    return this.#filter.put(records);
  }

  putSpan(record: unknown): Span | undefined {
    return this.#filter.putSpan?.(record);
  }

  getPending(): Chunk[] | null {
    return this.#filter.getPending();
  }

  clone(): PeerFilter {
    return new PeerFilter(this.#filter.clone(), this.#kernel);
  }

  #refuse(error: unknown): void {
    if (!(error instanceof PoeDataError)) throw error;
    this.#kernel.call(this.#kernel.session as Session, 'broken', error);
  }
}
