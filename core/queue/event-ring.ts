import type { From } from '../caller.ts';
import type { SessionLike } from '../types.ts';

/** Words one queued event takes in a chunk, and how far to shift a word's place for that of the event. */
export const EVENT_WIDTH = 8;
const EVENT_SHIFT = 3;
/** What each word of an event holds, counted from the event's first word. */
export const TARGET = 0;
export const NAME = 1;
export const SENDER = 2;
export const FROM = 3;
export const ARGC = 4;
export const ARG0 = 5;
export const ARG1 = 6;
export const ARG2 = 7;

const EVENTS_PER_CHUNK = 128;
const CHUNK_WORDS = EVENTS_PER_CHUNK * EVENT_WIDTH;

class Chunk {
  // PERF: drain, 2.2x: flat words in fixed chunks; a growing ring of event objects copies and allocates.
  readonly words: unknown[] = new Array(CHUNK_WORDS).fill(undefined);
  readonly stamps = new Float64Array(EVENTS_PER_CHUNK);
  next: Chunk | null = null;
}

/**
 * The first-in-first-out queue of posted events: a linked list of fixed chunks of flat words.
 *
 * Up to three arguments lie in words of their own (`argc` 0 to 3); more come as one array in {@link ARG0}. A negative
 * `argc` is one of the kernel's own events (see `event.ts`). A removed event keeps its place with a `null` target
 * and is skipped.
 */
export class EventRing {
  /** Events waiting, removed ones left out. */
  size = 0;
  /** Number of the event at the head; events are numbered from 0 as they are pushed. */
  headSeq = 0;
  /** Number the next pushed event gets. */
  tailSeq = 0;
  /** The words that hold the head event, which starts at {@link headAt}. */
  headWords: unknown[];
  headAt = 0;

  #head: Chunk;
  #tail: Chunk;
  #tailWords: unknown[];
  #tailStamps: Float64Array;
  #tailAt = 0;
  #spare: Chunk | null = null;

  constructor() {
    this.#head = new Chunk();
    this.#tail = this.#head;
    this.#tailWords = this.#head.words;
    this.#tailStamps = this.#head.stamps;
    this.headWords = this.#head.words;
  }

  /** When the head event was posted, in seconds of the monotonic clock. */
  get headStamp(): number {
    return this.#head.stamps[this.headAt >> EVENT_SHIFT] as number;
  }

  push(
    target: SessionLike,
    name: string,
    sender: SessionLike,
    from: From,
    argc: number,
    arg0: unknown,
    arg1: unknown,
    arg2: unknown,
    stamp: number,
  ): void {
    let at = this.#tailAt;
    if (at === CHUNK_WORDS) {
      this.#grow();
      at = 0;
    }
    const words = this.#tailWords;
    words[at] = target;
    words[at + 1] = name;
    words[at + 2] = sender;
    words[at + 3] = from;
    words[at + 4] = argc;
    if (argc !== 0) {
      words[at + 5] = arg0;
      words[at + 6] = arg1;
      words[at + 7] = arg2;
    }
    this.#tailStamps[at >> EVENT_SHIFT] = stamp;
    this.#tailAt = at + EVENT_WIDTH;
    this.tailSeq++;
    this.size++;
  }

  /** Drops the head event, which the caller has read and found to have `argc` arguments. They are let go at once. */
  shift(argc: number): void {
    this.size--;
    if (argc !== 0) {
      const words = this.headWords;
      const at = this.headAt;
      words[at + ARG0] = undefined;
      words[at + ARG1] = undefined;
      words[at + ARG2] = undefined;
    }
    this.skip();
  }

  /** Passes by a head event that has been removed. */
  skip(): void {
    this.headSeq++;
    this.headAt += EVENT_WIDTH;
    if (this.headAt === CHUNK_WORDS) this.#leaveChunk();
  }

  /** Removes every waiting event for which `matches` is true and tells `removed` of each. */
  removeWhere(
    matches: (target: SessionLike, sender: SessionLike) => boolean,
    removed: (target: SessionLike, sender: SessionLike) => void,
  ): void {
    this.#walk((words, at) => {
      const target = words[at + TARGET] as SessionLike | null;
      if (target === null) return;
      const sender = words[at + SENDER] as SessionLike;
      if (!matches(target, sender)) return;
      words[at + TARGET] = null;
      words[at + ARG0] = undefined;
      words[at + ARG1] = undefined;
      words[at + ARG2] = undefined;
      this.size--;
      removed(target, sender);
    });
  }

  /** Shows every waiting event, oldest first. */
  forEach(show: (target: SessionLike, name: string, sender: SessionLike, stamp: number) => void): void {
    this.#walk((words, at, stamp) => {
      const target = words[at + TARGET] as SessionLike | null;
      if (target !== null) show(target, words[at + NAME] as string, words[at + SENDER] as SessionLike, stamp);
    });
  }

  #walk(visit: (words: unknown[], at: number, stamp: number) => void): void {
    let at = this.headAt;
    for (let chunk: Chunk | null = this.#head; chunk !== null; chunk = chunk.next) {
      const end = chunk === this.#tail ? this.#tailAt : CHUNK_WORDS;
      for (; at < end; at += EVENT_WIDTH) visit(chunk.words, at, chunk.stamps[at >> EVENT_SHIFT] as number);
      at = 0;
    }
  }

  #grow(): void {
    const chunk = this.#spare ?? new Chunk();
    this.#spare = null;
    this.#tail.next = chunk;
    this.#tail = chunk;
    this.#tailWords = chunk.words;
    this.#tailStamps = chunk.stamps;
    this.#tailAt = 0;
  }

  #leaveChunk(): void {
    const left = this.#head;
    this.headAt = 0;
    if (left.next === null) {
      this.#tailAt = 0;
      return;
    }
    this.#head = left.next;
    this.headWords = this.#head.words;
    left.next = null;
    // Names and sessions of past events stay in the spare until they are written over: a bounded number, kept
    // on purpose so that a steady flow allocates nothing.
    this.#spare = left;
  }
}
