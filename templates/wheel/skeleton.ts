import { kernel as defaultKernel, type EventFor } from 'poe-kernel';
import { Wheel, type WheelOptions } from 'poe-kernel/wheels';

/** What the events of a Skeleton bring: ARG0 and on. */
export interface SkeletonEvents {
  /** How often it has ticked, and the wheel. */
  tickEvent: [count: number, wheelId: number];
}

/** The events of a Skeleton, by which `event` renames them. */
// biome-ignore lint/suspicious/noExplicitAny: events need no declaration
export interface SkeletonEventNames<E = any> {
  tickEvent?: EventFor<E, SkeletonEvents['tickEvent']> | undefined;
}

// biome-ignore lint/suspicious/noExplicitAny: events need no declaration
export interface SkeletonOptions<E = any> extends WheelOptions<E>, SkeletonEventNames<E> {
  /** Seconds from tick to tick. Default 1. */
  interval?: number;
}

/**
 * Ticks until it is destroyed.
 *
 * @example
 * heap.skeleton = new Skeleton({ kernel, tickEvent: 'tick' });
 */
// biome-ignore lint/suspicious/noExplicitAny: events need no declaration
export class Skeleton<E = any> extends Wheel<SkeletonEventNames<E>> {
  constructor({ kernel = defaultKernel, tickEvent, interval = 1 }: SkeletonOptions<E>) {
    super(kernel, { tickEvent }, ['tickEvent']);
    let count = 0;
    const tick = this.addState('tick', () => {
      this.send(this.events.tickEvent, ++count);
      // The handler may have destroyed the wheel.
      if (!this.destroyed) this.kernel.delay(tick, interval);
    });
    this.kernel.delay(tick, interval);
  }
}
