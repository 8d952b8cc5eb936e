import { LINKS, NEXT, NONE, PLACE, PREVIOUS, type TimerTable } from './timer-table.ts';

/** Each level has so many buckets; a bucket of one level is as long as all of the level below it. */
const BITS = 8;
const BUCKETS = 2 ** BITS;
const LEVELS = 4;
/** Ticks that the levels span. What lies beyond waits in one last bucket. */
const SPAN = 2 ** (BITS * LEVELS);
const BEYOND = BUCKETS * LEVELS;
const WORDS = BUCKETS / 32;
/** Ticks that a bucket of each level is long. PERF: ikc-calls, 1 %: to compute a power of 2 leaves compiled code. */
const UNITS = Float64Array.from({ length: LEVELS }, (_, level) => 2 ** (level * BITS));
/** Ticks are whole numbers that doubles hold exactly. */
const LAST_TICK = 2 ** 52;
const TICKS_PER_SECOND = 1024;
/** A wheel's bucket as the place of a timer: what is 0 and above are places in the heap. */
const FIRST_PLACE = NONE - 1;

/**
 * Timers that are due in some later tick of about a millisecond, coarsely by time: setting one and taking one back cost the same
 * however many there are.
 *
 * A timer lies on the level of the highest of its tick's four octets that differs from the current tick, in the bucket of
 * that octet. When the time of a bucket has come it is emptied: into the bucket of a lower level, or out.
 */
export class TimerWheel {
  readonly #table: TimerTable;
  readonly #first = new Int32Array(BEYOND + 1).fill(NONE);
  /** A bit for each bucket that holds anything. */
  readonly #occupied = new Int32Array(LEVELS * WORDS);
  /** Everything due in this tick and before has left the wheel. */
  #tick = 0;
  /** The first tick that the levels do not reach any more. */
  #beyond = 0;
  /** No bucket has its time before this tick. */
  #nextTick = Number.POSITIVE_INFINITY;
  size = 0;

  /** @param time - Where it begins, in seconds. */
  constructor(table: TimerTable, time: number) {
    this.#table = table;
    this.#goTo(tickOf(time));
  }

  /** Takes a timer if it is due in a later tick than the current one. */
  insert(slot: number): boolean {
    const tick = tickOf(this.#table.dueOf(slot));
    if (tick <= this.#tick) return false;
    this.size++;
    this.#enter(slot, tick);
    return true;
  }

  remove(slot: number): void {
    const { links } = this.#table;
    const link = slot * LINKS;
    const bucket = FIRST_PLACE - (links[link + PLACE] as number);
    const after = links[link + NEXT] as number;
    const before = links[link + PREVIOUS] as number;
    if (after !== NONE) links[after * LINKS + PREVIOUS] = before;
    if (before !== NONE) links[before * LINKS + NEXT] = after;
    else this.#setFirst(bucket, after);
    this.size--;
  }

  /** Goes on to the time given, in seconds, and shows every timer that leaves: those due in its tick or before. */
  advance(time: number, leave: (slot: number) => void): void {
    const to = tickOf(time);
    while (this.#nextTick <= to) {
      // Perhaps what was to come then has been taken back.
      const tick = this.#findNextTick();
      if (tick > to) {
        this.#nextTick = tick;
        break;
      }
      const bucket = this.#bucketFor(tick);
      this.#goTo(tick);
      this.#empty(bucket, leave);
      this.#nextTick = this.#findNextTick();
    }
    if (to > this.#tick) this.#goTo(to);
  }

  #goTo(tick: number): void {
    this.#tick = tick;
    if (tick >= this.#beyond) this.#beyond = (Math.floor(tick / SPAN) + 1) * SPAN;
  }

  /** The timers of the bucket whose time comes next, at most so many of them; they are in no order. */
  nextBucket(most: number): number[] {
    const tick = this.#findNextTick();
    if (tick === Number.POSITIVE_INFINITY) return [];
    const slots: number[] = [];
    let slot = this.#first[this.#bucketFor(tick)] as number;
    for (; slot !== NONE && slots.length < most; slot = this.#after(slot)) slots.push(slot);
    return slots;
  }

  /** When the time of the next bucket comes, in seconds: none of its timers is due before that. */
  get nextTime(): number {
    return this.#findNextTick() / TICKS_PER_SECOND;
  }

  #enter(slot: number, tick: number): void {
    const bucket = this.#bucketFor(tick);
    const { links } = this.#table;
    const link = slot * LINKS;
    const first = this.#first[bucket] as number;
    links[link + NEXT] = first;
    links[link + PREVIOUS] = NONE;
    if (first !== NONE) links[first * LINKS + PREVIOUS] = slot;
    links[link + PLACE] = FIRST_PLACE - bucket;
    this.#setFirst(bucket, slot);
    if (tick < this.#nextTick) this.#nextTick = startOf(bucket, tick);
  }

  #setFirst(bucket: number, slot: number): void {
    this.#first[bucket] = slot;
    if (bucket === BEYOND) return;
    const word = bucket >> 5;
    const bit = 1 << (bucket & 31);
    if (slot === NONE) (this.#occupied[word] as number) &= ~bit;
    else (this.#occupied[word] as number) |= bit;
  }

  /** Where a timer of a later tick belongs; the bucket whose time comes at a tick that {@link findNextTick} gives. */
  #bucketFor(tick: number): number {
    if (tick >= this.#beyond) return BEYOND;
    const differs = (tick ^ this.#tick) >>> 0;
    const level = differs < 2 ** 8 ? 0 : differs < 2 ** 16 ? 1 : differs < 2 ** 24 ? 2 : 3;
    return level * BUCKETS + ((tick >>> (level * BITS)) & (BUCKETS - 1));
  }

  /** The tick in which the time of the next bucket that holds anything comes: its own first tick. */
  #findNextTick(): number {
    for (let level = 0; level < LEVELS; level++) {
      const shift = level * BITS;
      const found = this.#nextOccupied(level, (this.#tick >>> shift) & (BUCKETS - 1));
      if (found === NONE) continue;
      const unit = UNITS[level] as number;
      return (Math.floor(this.#tick / (unit * BUCKETS)) * BUCKETS + found) * unit;
    }
    return this.#first[BEYOND] === NONE ? Number.POSITIVE_INFINITY : this.#beyond;
  }

  /** The first bucket of a level behind `index` that holds anything. */
  #nextOccupied(level: number, index: number): number {
    const start = index + 1;
    for (let word = start >> 5; word < WORDS; word++) {
      let bits = this.#occupied[level * WORDS + word] as number;
      if (word === start >> 5) bits &= -1 << (start & 31);
      if (bits !== 0) return word * 32 + 31 - Math.clz32(bits & -bits);
    }
    return NONE;
  }

  #after(slot: number): number {
    return this.#table.links[slot * LINKS + NEXT] as number;
  }

  #empty(bucket: number, leave: (slot: number) => void): void {
    let slot = this.#first[bucket] as number;
    this.#setFirst(bucket, NONE);
    while (slot !== NONE) {
      const after = this.#after(slot);
      const tick = tickOf(this.#table.dueOf(slot));
      if (tick > this.#tick) {
        this.#enter(slot, tick);
      } else {
        this.size--;
        leave(slot);
      }
      slot = after;
    }
  }
}

function tickOf(time: number): number {
  return Math.min(Math.floor(time * TICKS_PER_SECOND), LAST_TICK);
}

/** The first tick of a bucket that holds `tick`. */
function startOf(bucket: number, tick: number): number {
  if (bucket === BEYOND) return Math.floor(tick / SPAN) * SPAN;
  const unit = UNITS[bucket >> BITS] as number;
  return Math.floor(tick / unit) * unit;
}
