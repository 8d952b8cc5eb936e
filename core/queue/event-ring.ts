import type { From } from '../caller.ts';
import type { SessionLike } from '../types.ts';
import { Places } from './places.ts';

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

/** How often it may look at all that waits, for a ring of at least that length, before it remembers where events lie. */
const LOOKS = 16;
const SHORT = 1024;

class Chunk {
  // PERF: drain, 2.2x: flat words in fixed chunks; a growing ring of event objects copies and allocates.
  readonly words: unknown[] = new Array(CHUNK_WORDS).fill(undefined);
  readonly stamps = new Float64Array(EVENTS_PER_CHUNK);
  next: Chunk | null = null;
}

/** A place in the ring: what lies from there on. */
interface Cursor {
  readonly chunk: Chunk;
  readonly at: number;
  readonly seq: number;
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

  /** Where the events of each session lie, up to a cursor, while that is worth remembering. */
  #places: Places | null = null;
  #placesEnd: Cursor;
  /** Events looked at to remove those of some session, and the number of the event with which the count begins anew. */
  #looked = 0;
  #lookedUntil = 0;

  constructor() {
    this.#head = new Chunk();
    this.#tail = this.#head;
    this.#tailWords = this.#head.words;
    this.#tailStamps = this.#head.stamps;
    this.headWords = this.#head.words;
    this.#placesEnd = this.#tailCursor();
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

  /**
   * Removes what waits for a session and what waits from it, `count` events in all, and tells `removed` of each, oldest
   * first.
   *
   * The first few times it looks at every event. Where sessions by the thousand end at once, each with something queued, it
   * remembers where events lie instead, so that the whole costs what the number of events does and not its square.
   */
  removeOf(session: SessionLike, count: number, removed: (target: SessionLike, sender: SessionLike) => void): void {
    if (count === 0) return;
    if (this.#places === null && this.#mayLook()) {
      let left = count;
      this.#walk(this.#headCursor(), (words, at) => {
        this.#looked++;
        const target = words[at + TARGET] as SessionLike | null;
        if (target === null || (target !== session && words[at + SENDER] !== session)) return true;
        this.#remove(words, at, removed);
        return --left > 0;
      });
    } else {
      for (const { words, at, seq } of this.#remember().take(session)) {
        // What has left the ring may have been written over.
        if (seq >= this.headSeq && words[at + TARGET] !== null) this.#remove(words, at, removed);
      }
    }
    if (this.size === 0) this.#empty();
  }

  /** Shows every waiting event, oldest first, until `visit` returns false: the words that hold it, its first one, its stamp and number. */
  show(visit: (words: readonly unknown[], at: number, stamp: number, seq: number) => boolean): void {
    this.#walk(this.#headCursor(), (words, at, seq, chunk) =>
      words[at + TARGET] === null ? true : visit(words, at, chunk.stamps[at >> EVENT_SHIFT] as number, seq),
    );
  }

  #walk(from: Cursor, visit: (words: unknown[], at: number, seq: number, chunk: Chunk) => boolean): void {
    let { at, seq } = from;
    for (let chunk: Chunk | null = from.chunk; chunk !== null; chunk = chunk.next) {
      const end = chunk === this.#tail ? this.#tailAt : CHUNK_WORDS;
      for (; at < end; at += EVENT_WIDTH) if (!visit(chunk.words, at, seq++, chunk)) return;
      at = 0;
    }
  }

  #headCursor(): Cursor {
    return { chunk: this.#head, at: this.headAt, seq: this.headSeq };
  }

  #tailCursor(): Cursor {
    return { chunk: this.#tail, at: this.#tailAt, seq: this.tailSeq };
  }

  #remove(words: unknown[], at: number, removed: (target: SessionLike, sender: SessionLike) => void): void {
    const target = words[at + TARGET] as SessionLike;
    words[at + TARGET] = null;
    words[at + ARG0] = undefined;
    words[at + ARG1] = undefined;
    words[at + ARG2] = undefined;
    this.size--;
    removed(target, words[at + SENDER] as SessionLike);
  }

  /** Whether looking at every event costs no more than what is queued has cost anyway. */
  #mayLook(): boolean {
    if (this.headSeq >= this.#lookedUntil) {
      this.#looked = 0;
      this.#lookedUntil = this.tailSeq;
    }
    return this.#looked < LOOKS * Math.max(this.tailSeq - this.headSeq, SHORT);
  }

  /** Enters what has been pushed since the places were last asked for; begins anew when most of them are of events that have gone. */
  #remember(): Places {
    let places = this.#places;
    let from = this.#placesEnd;
    if (places === null || places.count > LOOKS * Math.max(this.tailSeq - this.headSeq, SHORT)) {
      places = new Places();
      from = this.#headCursor();
      this.#places = places;
    }
    this.#walk(from, (words, at, seq) => {
      const target = words[at + TARGET] as SessionLike | null;
      if (target !== null) places.enter(target, words[at + SENDER] as SessionLike, { words, at, seq });
      return true;
    });
    this.#placesEnd = this.#tailCursor();
    return places;
  }

  /** Passes by all that is left when it has all been removed. */
  #empty(): void {
    this.#places = null;
    this.headSeq = this.tailSeq;
    this.#head = this.#tail;
    this.headWords = this.#tailWords;
    this.headAt = this.#tailAt;
    if (this.headAt === CHUNK_WORDS) this.#leaveChunk();
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
    if (this.headSeq >= this.#placesEnd.seq) this.#places = null;
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
