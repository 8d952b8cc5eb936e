import type { HostLoop } from '../core/index.ts';
import { PoeUsageError } from '../core/index.ts';

const MIB = 1024 * 1024;

/**
 * What a wheel puts up with from the other side before it gives up on it. Sizes are octets, times seconds; `Infinity` takes
 * a limit away.
 */
export interface PeerLimits {
  /**
   * What may wait to be written. A `put` that would exceed it is refused and reported as a write error, ENOBUFS. What is put while nothing waits is
   * never refused. Default 64 MiB.
   */
  maxQueued: number;
  /** Above this much waiting, a peer that takes nothing for {@link stuckTimeout} is given up. Default 1 MiB. */
  highQueued: number;
  /** How long such a peer may take nothing before it is a write error, ETIMEDOUT. Default 10. */
  stuckTimeout: number;
  /**
   * How long the rest of an unfinished record may fail to come before it is a read error, ETIMEDOUT; time in which input is paused does not count.
   * Default: what the input filter says, 30 for those that read frames; none for text, which a person may type.
   */
  frameTimeout: number;
}

export const DEFAULT_PEER_LIMITS: Readonly<Omit<PeerLimits, 'frameTimeout'>> = Object.freeze({
  maxQueued: 64 * MIB,
  highQueued: MIB,
  stuckTimeout: 10,
});

/** PERF: ikc-visits: named one by one, as copying objects key by key leaves compiled code. */
export function limitsOf(given: Partial<PeerLimits> = {}): Omit<PeerLimits, 'frameTimeout'> {
  const usual = DEFAULT_PEER_LIMITS;
  return {
    maxQueued: given.maxQueued ?? usual.maxQueued,
    highQueued: given.highQueued ?? usual.highQueued,
    stuckTimeout: given.stuckTimeout ?? usual.stuckTimeout,
  };
}

const NAMES: readonly (keyof PeerLimits)[] = ['maxQueued', 'highQueued', 'stuckTimeout', 'frameTimeout'];

/**
 * @param names - The limits that the wheel has. Default: all.
 * @throws PoeUsageError `POE_ERR_WHEEL_PARAMETER` for a limit that is none, or no number above 0.
 */
export function checkPeerLimits(
  wheel: string,
  limits: Partial<PeerLimits> = {},
  names: readonly (keyof PeerLimits)[] = NAMES,
): void {
  for (const name of Object.keys(limits)) {
    const value: unknown = limits[name as keyof PeerLimits];
    const known = (names as readonly string[]).includes(name);
    if (known && (value === undefined || (typeof value === 'number' && value > 0))) continue;
    const found = known ? `limits.${name} is ${String(value)}` : `there is no limit '${name}'`;
    throw new PoeUsageError('POE_ERR_WHEEL_PARAMETER', `Cannot make a ${wheel}: ${found}`, {
      hint: `Limits are ${names.join(', ')}: octets or seconds above 0, or Infinity`,
    });
  }
}

/** Calls once when a time has passed since it was started, unless it was stopped. Outside of the kernel: it is no event, and keeps no session. */
export class Watchdog {
  readonly #loop: HostLoop;
  readonly #bark: () => void;
  #cancel: (() => void) | null = null;

  constructor(loop: HostLoop, bark: () => void) {
    this.#loop = loop;
    this.#bark = bark;
  }

  get started(): boolean {
    return this.#cancel !== null;
  }

  /** Does nothing if it is started already, or if the time is infinite. */
  start(seconds: number): void {
    if (this.#cancel !== null || seconds === Number.POSITIVE_INFINITY) return;
    this.#cancel = this.#loop.after(seconds, () => {
      this.#cancel = null;
      this.#bark();
    });
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
  }
}
