import { debugFor } from '../debug.ts';
import { PoeUsageError } from '../errors.ts';
import type { SocketHost } from '../host/sockets.ts';
import { checkNames, checkOptions, type SimulationOptions } from './options.ts';
import { SeededRandom } from './seeded-random.ts';
import { SimulatedClock, SimulatedHost, type SimulatedHostOptions } from './simulated-host.ts';
import { Timeline } from './timeline.ts';
import { type Lane, Turns } from './turns.ts';

const debug = debugFor('testing:simulation');

const FIRST_PID = 1001;
/** Rounds without a turn before all counts as quiet: an async handler may go by way of Node's loop a few times. */
const QUIET_ROUNDS = 4;
/** Turns in a row, up to 1,024 events each, after which kernels count as restless. */
const RESTLESS_TURNS = 10_000;

/** Somebody who waits until the clock has come to some time and all is quiet. */
interface Waiter {
  /** Where the clock is to go; asked once all is quiet, when the waiters before have had their time. */
  readonly goal: () => number;
  until: number | undefined;
  readonly resolve: () => void;
  readonly reject: (error: PoeUsageError) => void;
}

/**
 * A world in which nothing takes time: a clock, timers and random numbers that a test is master of, and hosts on which kernels
 * run. An hour of timers passes in milliseconds, and the same seed brings the same course of events.
 *
 * Turns of kernels are taken one at a time; between two of them promises go on as far as they can. The clock moves once no kernel
 * has anything to do. It does not wait for the real world, for files for instance, unless {@link hold} says so.
 *
 * @example
 * const simulation = new Simulation({ time: 'manual' });
 * const kernel = new Kernel({ host: simulation.host() });
 * Session.create({ kernel, inlineStates: {
 *   _start({ kernel }) { kernel.delay('tick', 60); },
 *   tick() { console.log('a minute later'); },
 * } });
 * const run = kernel.run();
 * await simulation.advance(60);   // a minute later
 * await run;
 */
export class Simulation {
  readonly seed: number;
  /** Random numbers for the test itself: drawing them changes nothing for the hosts. */
  readonly random: SeededRandom;
  readonly #epoch: number;
  readonly #auto: boolean;
  readonly #sockets: ((host: SimulatedHost) => SocketHost) | undefined;
  readonly #hostSeeds: SeededRandom;
  readonly #timeline = new Timeline();
  readonly #turns: Turns;
  readonly #waiters: Waiter[] = [];
  #hosts = 0;
  /** Real work for which the clock stands still. */
  #held = 0;
  /** Whether a round has been asked for. */
  #asked = false;
  /** Turns since kernels last had nothing to do. */
  #turnsInARow = 0;
  /** Rounds since the last turn or timer. */
  #quietRounds = 0;

  /** @throws PoeUsageError `POE_ERR_SIMULATION_OPTION` for an unknown option, or a value that cannot be. */
  constructor(options: SimulationOptions = {}) {
    checkOptions(options);
    const { seed = 0, epoch = 1_000_000_000, time = 'auto', sockets } = options;
    const random = new SeededRandom(seed);
    this.seed = seed;
    this.#epoch = epoch;
    this.#auto = time === 'auto';
    this.#sockets = sockets;
    this.random = random.split();
    this.#turns = new Turns(random.split());
    this.#hostSeeds = random.split();
  }

  /** Seconds since the simulation began. */
  get now(): number {
    return this.#timeline.now;
  }

  /**
   * Makes a host: one process, with a wall clock, signals, children and random numbers of its own. Kernels on one host take their
   * turns in order, as in one process; between hosts the seed decides whose turn comes first.
   *
   * @throws PoeUsageError `POE_ERR_SIMULATION_OPTION` for an unknown option.
   * @example
   * const [server, client] = [new Kernel({ host: simulation.host() }), new Kernel({ host: simulation.host() })];
   */
  host(options: SimulatedHostOptions = {}): SimulatedHost {
    checkNames('a simulated host', options, ['hostname', 'pid', 'sockets', 'files', 'programs']);
    const { hostname = 'simulated', pid = FIRST_PID + this.#hosts, sockets, files, programs } = options;
    this.#hosts++;
    const timeline = this.#timeline;
    const lane: Lane = [];
    const loop = {
      soon: (callback: () => void) => {
        this.#turns.add(lane, callback);
        this.#ask();
      },
      after: (seconds: number, callback: () => void) => {
        this.#ask();
        return timeline.set(seconds, callback);
      },
    };
    const clock = new SimulatedClock(() => timeline.read(), this.#epoch);
    const random = this.#hostSeeds.split();
    const parts = { clock, loop, random, sockets: sockets === undefined ? this.#sockets : () => sockets, files };
    return new SimulatedHost(parts, { hostname, pid, ...(programs === undefined ? {} : { programs }) });
  }

  // --- turning the clock

  /**
   * Turns the clock forward by hand and waits until all that was due by then has been handled, each at its time and in order, with
   * what async handlers do about it. A second call begins where the first one ends, awaited or not.
   *
   * @param seconds - 0 or more, fractions allowed.
   * @throws PoeUsageError (as rejection) `POE_ERR_SIMULATION_TIME` for another number and while the clock turns by itself,
   * `POE_ERR_SIMULATION_RESTLESS` if kernels never come to rest.
   * @example
   * await simulation.advance(0.5);
   */
  async advance(seconds: number): Promise<void> {
    this.#checkManual('advance');
    checkSeconds('advance the clock', seconds);
    await this.#wait(() => this.#timeline.in(seconds));
  }

  /**
   * Turns the clock forward to the next timer by hand and waits as {@link advance} does.
   *
   * @returns Whether there was a timer; without one the clock stays.
   * @throws PoeUsageError (as rejection) as {@link advance} does.
   * @example
   * while (await simulation.step());     // until nothing is left to happen
   */
  async step(): Promise<boolean> {
    this.#checkManual('step');
    let found = false;
    await this.#wait(() => {
      const due = this.#timeline.nextDue();
      found = due !== undefined;
      return due ?? this.now;
    });
    return found;
  }

  /**
   * Waits until no kernel has anything to do at this time.
   *
   * @throws PoeUsageError (as rejection) `POE_ERR_SIMULATION_RESTLESS` if they never come to rest.
   * @example
   * kernel.post('logger', 'note', 'hello');
   * await simulation.settle();           // the note has been handled
   */
  settle(): Promise<void> {
    return this.#wait(() => this.now);
  }

  /**
   * Lets time pass at once, while whoever calls it goes on: what a handler does takes so long. Timers that become due are late.
   *
   * @param seconds - 0 or more, fractions allowed.
   * @throws PoeUsageError `POE_ERR_SIMULATION_TIME`.
   */
  pass(seconds: number): void {
    checkSeconds('let time pass', seconds);
    this.#timeline.moveTo(this.#timeline.in(seconds));
    this.#ask();
  }

  /**
   * Waits for simulated time to pass. In a handler it stands for whatever library takes so long.
   *
   * @param seconds - 0 or more, fractions allowed.
   * @throws PoeUsageError `POE_ERR_SIMULATION_TIME`.
   * @example
   * async fetch({ kernel }) { await simulation.sleep(0.2); kernel.yield('fetched'); }
   */
  sleep(seconds: number): Promise<void> {
    checkSeconds('sleep', seconds);
    return new Promise((resolve) => {
      this.#timeline.set(seconds, resolve);
      this.#ask();
    });
  }

  /**
   * Makes the clock stand still until a promise of the real world has settled: a file, a query, a child process. What it waits for
   * must not wait for simulated time.
   *
   * @returns The promise.
   * @example
   * const rows = await simulation.hold(database.query('select 1'));
   */
  hold<T>(work: PromiseLike<T>): Promise<T> {
    this.#held++;
    const release = (): void => {
      this.#held--;
      this.#quietRounds = 0;
      this.#ask();
    };
    const promise = Promise.resolve(work);
    promise.then(release, release);
    return promise;
  }

  // --- rounds

  #wait(goal: () => number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiters.push({ goal, until: undefined, resolve, reject });
      this.#turnsInARow = 0;
      this.#ask();
    });
  }

  /** Asks for a round. Between two of them Node works off promises and looks at its input and output. */
  #ask(): void {
    if (this.#asked) return;
    this.#asked = true;
    setImmediate(this.#round);
  }

  /** Calls the timers that are due, or else takes one turn, or else lets the clock move. */
  readonly #round = (): void => {
    this.#asked = false;
    if (this.#timeline.isDue) {
      // Asked for first: what is called may throw.
      this.#ask();
      this.#quietRounds = 0;
      this.#timeline.fire();
    } else if (this.#turns.any) {
      this.#ask();
      this.#quietRounds = 0;
      if (++this.#turnsInARow === RESTLESS_TURNS) this.#giveUp();
      this.#turns.take()?.();
    } else if (++this.#quietRounds < QUIET_ROUNDS) {
      this.#ask();
    } else if (this.#held === 0) {
      this.#quietRounds = 0;
      this.#rest();
    }
  };

  /** Nobody has anything to do at this time: tells who waits for that, or moves the clock. */
  #rest(): void {
    this.#turnsInARow = 0;
    const waiter = this.#waiters[0];
    if (waiter !== undefined) {
      waiter.until ??= waiter.goal();
      const due = this.#timeline.nextDue(waiter.until);
      this.#moveTo(due ?? waiter.until);
      if (due === undefined) {
        this.#waiters.shift();
        waiter.resolve();
      }
      this.#ask();
    } else if (this.#auto) {
      const due = this.#timeline.nextDue();
      if (due === undefined) return;
      this.#moveTo(due);
      this.#ask();
    }
  }

  #moveTo(time: number): void {
    if (debug.enabled && time > this.now) debug('move the clock from %d to %d', this.now, time);
    this.#timeline.moveTo(time);
  }

  /** Kernels go on and on: nobody who waits for rest shall wait for ever. */
  #giveUp(): void {
    const found = `kernels have taken ${RESTLESS_TURNS} turns in a row and still have events at ${this.now} s`;
    for (const { reject } of this.#waiters.splice(0)) {
      reject(
        new PoeUsageError('POE_ERR_SIMULATION_RESTLESS', `Cannot settle: ${found}`, {
          hint: 'A session that yields to itself without end keeps time from passing: let it use a delay',
        }),
      );
    }
  }

  #checkManual(method: string): void {
    if (!this.#auto) return;
    throw new PoeUsageError(
      'POE_ERR_SIMULATION_TIME',
      `Cannot ${method}: the clock of this simulation turns by itself`,
      {
        hint: "Make it with new Simulation({ time: 'manual' })",
      },
    );
  }
}

function checkSeconds(what: string, seconds: number): void {
  if (Number.isFinite(seconds) && seconds >= 0) return;
  throw new PoeUsageError(
    'POE_ERR_SIMULATION_TIME',
    `Cannot ${what}: the time is ${typeof seconds} '${String(seconds)}'`,
    {
      hint: 'Pass seconds, 0 or more; to set a wall clock back use host.clock.step',
    },
  );
}
