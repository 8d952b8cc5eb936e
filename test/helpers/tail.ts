import { Session } from 'poe-kernel';
import type { SimulatedFiles } from 'poe-kernel/testing';
import { FollowTail, type FollowTailOptions } from 'poe-kernel/wheels';
import { Simulation } from './run-sessions.ts';

/** The file that is followed. */
export const LOG = '/var/log/app.log';

/** A simulation with one FollowTail of the file {@link LOG}, and what its events say. */
export class TailedLog {
  readonly simulation = new Simulation({ time: 'manual' });
  readonly files: SimulatedFiles = this.simulation.simulated.files as SimulatedFiles;
  /** What has come: lines as they are, other events as their names with their arguments, less the wheel's ID. */
  readonly log: string[] = [];
  /** Looks that found nothing. */
  idle = 0;
  /** Called by the handler of each event, with its name. */
  onEvent: (name: string) => void = () => {};
  tail!: FollowTail;
  readonly #run: Promise<unknown>;

  /** @param before - Called before the wheel is made. */
  constructor(options: Partial<FollowTailOptions> = {}, before: (files: SimulatedFiles) => void = () => {}) {
    before(this.files);
    const tell =
      (name: string) =>
      (_: unknown, ...args: unknown[]): void => {
        const id = args.pop();
        this.log.push([name, ...args, ...(id === this.tail.id ? [] : ['of another wheel'])].join(' '));
        this.onEvent(name);
      };
    Session.create({
      kernel: this.simulation.kernel,
      inlineStates: {
        _start: ({ kernel }) => {
          const source = 'handle' in options ? {} : { filename: LOG };
          const names = { inputEvent: 'line', resetEvent: 'reset', errorEvent: 'failed', idleEvent: 'idle' };
          this.tail = new FollowTail({ kernel, ...source, ...names, ...options });
        },
        line: (_, line) => {
          this.log.push(String(line));
          this.onEvent('line');
        },
        reset: tell('reset'),
        failed: tell('failed'),
        idle: () => {
          this.idle++;
          this.onEvent('idle');
        },
        _stop: () => void this.log.push('stop'),
      },
    });
    this.#run = this.simulation.kernel.run();
  }

  /** Lets seconds pass; gives what has come since the last time. */
  async after(seconds = 1): Promise<string[]> {
    await this.simulation.advance(seconds);
    return this.log.splice(0);
  }

  async end(): Promise<void> {
    this.tail.destroy();
    await this.simulation.settle();
    await this.#run;
  }
}
