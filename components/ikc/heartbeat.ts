import { PoeUsageError } from '../../core/index.ts';

/** How a link is found out whose other end is there no more. */
export interface HeartbeatOptions {
  /** Seconds after which an idle link is pinged, at the latest. Default 20. */
  interval?: number | undefined;
  /** Intervals without a sign of life after which it is closed. Default 3. */
  misses?: number | undefined;
}

/** The options, with nothing left out. */
interface Rhythm {
  readonly interval: number;
  readonly misses: number;
}

const DEFAULT_INTERVAL = 20;
const DEFAULT_MISSES = 3;

/** What a look at a link comes to. */
export type Beat = 'alive' | 'ping' | 'wait' | 'dead';

/** @throws PoeUsageError `POE_ERR_IKC_PARAMETER`. */
export function readHeartbeat(option: boolean | HeartbeatOptions | undefined): Rhythm | undefined {
  if (option === false) return undefined;
  if (option !== undefined && option !== true && (option === null || typeof option !== 'object')) {
    throw refused(`it is ${String(option)}`);
  }
  const given = typeof option === 'object' ? option : {};
  for (const name of Object.keys(given)) {
    if (name !== 'interval' && name !== 'misses') throw refused(`there is no '${name}'`);
  }
  const { interval = DEFAULT_INTERVAL, misses = DEFAULT_MISSES } = given;
  if (!(interval > 0 && interval < Number.POSITIVE_INFINITY)) throw refused(`interval is ${String(interval)}`);
  if (!(Number.isInteger(misses) && misses >= 1)) throw refused(`misses is ${String(misses)}`);
  return { interval, misses };
}

function refused(found: string): PoeUsageError {
  return new PoeUsageError('POE_ERR_IKC_PARAMETER', `Cannot read 'heartbeat': ${found}`, {
    hint: 'Pass false, or an object of interval (seconds) and misses (a whole number from 1)',
  });
}

/**
 * Counts how long a link has been silent. It is looked at twice an interval, so that silence of between `misses - 1/2` and `misses`
 * intervals ends it, and what arrives has only to be noted, not timed.
 */
export class Heartbeat {
  /** Seconds from one look to the next. */
  readonly pace: number;
  /** Seconds of silence that end the link, at most. */
  readonly patience: number;
  readonly #most: number;
  #silent = 0;

  constructor({ interval, misses }: Rhythm) {
    this.pace = interval / 2;
    this.patience = Number((interval * misses).toPrecision(6));
    // A ping has at least half an interval to be answered.
    this.#most = Math.max(2, 2 * misses - 1);
  }

  /** @param heard - Whether anything has come since the last look. */
  look(heard: boolean): Beat {
    this.#silent = heard ? 0 : this.#silent + 1;
    if (this.#silent >= this.#most) return 'dead';
    if (this.#silent === 0) return 'alive';
    return this.#silent % 2 === 1 ? 'ping' : 'wait';
  }
}

const KERNEL_ID = /-(?:[\da-f]{8}-[\da-f]{8}-[\da-f]{8}|[\da-f]{16})$/;

/**
 * Whether a peer can be pinged: a POE kernel, which names its ID first. ClientLite loses its place in the stream when something
 * comes that it has not asked for, and it has no ID.
 */
export function answersPings(realName: string): boolean {
  return KERNEL_ID.test(realName);
}
