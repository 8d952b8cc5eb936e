import assert from 'node:assert/strict';
import { type HandlerContext, Kernel, Session } from 'poe-kernel';

/** Sessions that stay for the whole run, and pass events round. */
const WORKERS = 20;
/** Rounds between questions whether to go on. */
const ASK_EVERY = 200;

/**
 * A kernel with everything going on at once, over and over: posts round a ring of sessions, calls, timers that fire, that are
 * moved and that are cancelled, aliases, postbacks, promises, and sessions that come and go with their children. Every round
 * does the same, so that the events in a second say how fast the kernel is.
 */
export class KernelLoad {
  readonly #kernel = new Kernel();
  readonly #workers: Session[] = [];
  /** Handlers that have run. */
  events = 0;
  /** Sessions that have come and gone. */
  visitors = 0;
  #visitorsStopped = 0;
  #posted = 0;
  #received = 0;
  #rounds = 0;

  /** Runs for as long as `goOn` says so. It is asked every few rounds, and nothing is done before it has answered. */
  async run(goOn: () => boolean | Promise<boolean>): Promise<void> {
    const kernel = this.#kernel;
    for (let n = 0; n < WORKERS; n++) this.#workers.push(this.#worker(n));
    Session.create({
      kernel,
      inlineStates: {
        _start: ({ kernel }) => void kernel.yield('round'),
        _child: () => {
          this.events++;
        },
        round: (context) => {
          this.events++;
          this.#round(context);
          context.kernel.yield(++this.#rounds % ASK_EVERY === 0 ? 'ask' : 'round');
        },
        ask: async ({ kernel }) => {
          if (await goOn()) kernel.yield('round');
          else for (const worker of this.#workers) kernel.post(worker, 'leave');
        },
      },
    });
    await kernel.run();
    assert.equal(this.#received, this.#posted, 'each event that was posted has come');
    assert.equal(this.#visitorsStopped, this.visitors, 'each session that came has gone');
    assert.deepEqual([kernel.getSessionCount(), kernel.getEventCount()], [0, 0], 'nothing is left');
  }

  #round({ kernel }: HandlerContext): void {
    const worker = this.#workers[this.#rounds % WORKERS] as Session;
    this.#posted++;
    kernel.post(worker, 'pass', WORKERS);
    for (let n = 0; n < 5; n++) assert.equal(kernel.call(`worker ${n}`, 'double', n), 2 * n);
    kernel.post(worker, 'timers');
    if (this.#rounds % 5 === 0) this.#visit(kernel);
  }

  #worker(number: number): Session {
    return Session.create({
      kernel: this.#kernel,
      inlineStates: {
        _start: ({ kernel }) => void kernel.aliasSet(`worker ${number}`),
        pass: ({ kernel }, hops: number) => {
          this.events++;
          this.#received++;
          // In the end the next one may have left before.
          if (hops > 0 && kernel.post(`worker ${(number + 1) % WORKERS}`, 'pass', hops - 1) === 1) this.#posted++;
        },
        double: (_, n: number) => {
          this.events++;
          return 2 * n;
        },
        timers: ({ kernel }) => {
          this.events++;
          const cancelled = kernel.delaySet('never', 60) as number;
          const moved = kernel.delaySet('rings', 60) as number;
          kernel.delayAdjust(moved, 0.001);
          kernel.alarmRemove(cancelled);
          this.#posted++;
        },
        rings: () => {
          this.events++;
          this.#received++;
        },
        leave: ({ kernel }) => void kernel.aliasRemove(`worker ${number}`),
      },
    });
  }

  /** A session that comes, has a child, and goes with it. */
  #visit(kernel: HandlerContext['kernel']): void {
    this.visitors += 2;
    const _stop = (): void => {
      this.events++;
      this.#visitorsStopped++;
    };
    Session.create({
      kernel,
      inlineStates: {
        _start: ({ kernel, session }) => {
          this.events++;
          kernel.aliasSet(`visitor ${session.id}`);
          kernel.sig('USR2', 'never');
          Session.create({
            kernel,
            inlineStates: { _start: ({ kernel }) => void kernel.delay('done', 0.001), _stop, done() {} },
          });
          kernel.yield('waits', session.postback('answered'));
        },
        _child: () => {
          this.events++;
        },
        _stop,
        waits: async ({ kernel, session }, postback) => {
          this.events++;
          await Promise.resolve();
          postback('later');
          postback.destroy();
          kernel.aliasRemove(`visitor ${session.id}`);
        },
        answered: () => {
          this.events++;
        },
      },
    });
  }
}
