import { kernel as defaultKernel } from 'poe-kernel';
import { Wheel } from 'poe-kernel/wheels';

/**
 * Ticks until it is destroyed.
 *
 * @example
 * heap.skeleton = new Skeleton({ kernel, tickEvent: 'tick' });
 */
export class Skeleton extends Wheel {
  constructor({ kernel = defaultKernel, tickEvent, interval = 1 }) {
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
