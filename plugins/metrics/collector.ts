import {
  babysitterOf,
  type CallInfo,
  ikcHooks,
  type RequestInfo,
  Responder,
  supervisorOf,
} from '../../components/index.ts';
import { type Clock, type KernelView, Peek } from '../../core/index.ts';
import type { Family, MetricType, Sample } from './exposition.ts';
import { Histogram } from './histogram.ts';
import { LoopDelay } from './loop-delay.ts';

const NAME = 'metrics';
const CALL_BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const MS = 1000;
const US = 1_000_000;

/** Outcomes of calls and requests that are over, with the time they took. */
class Outcomes<K extends object> {
  readonly #clock: Clock;
  readonly #started = new WeakMap<K, number>();
  readonly #durations = new Histogram(CALL_BOUNDS);
  readonly #counts = { ok: 0, error: 0 };

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  begin(what: K): void {
    this.#started.set(what, this.#clock.monotonic());
  }

  end(what: K, error: unknown): void {
    const started = this.#started.get(what);
    if (started !== undefined) this.#durations.observe(this.#clock.monotonic() - started);
    this.#counts[error === undefined ? 'ok' : 'error']++;
  }

  durations(): Sample[] {
    return this.#durations.samples();
  }

  counts(): Sample[] {
    return Object.entries(this.#counts).map(([outcome, value]) => ({ labels: { outcome }, value }));
  }
}

/**
 * Counts what happens in one kernel and its process. What the kernel knows anyway is asked for when somebody wants to know; only what it
 * does not keep (sessions that came and went, exceptions, calls, restarts) is counted as it happens.
 */
export class Collector {
  readonly #kernel: KernelView;
  readonly #peek: Peek;
  readonly #delay = new LoopDelay();
  readonly #calls: Outcomes<CallInfo>;
  readonly #requests: Outcomes<RequestInfo>;
  readonly #restarts = new Map<string, number>();
  readonly #treatments = new Map<string, number>();
  #sessions = 0;
  #exceptions = 0;

  constructor(kernel: KernelView) {
    this.#kernel = kernel;
    this.#peek = new Peek(kernel);
    this.#sessions = kernel.getSessionCount();
    kernel.hooks.sessionStarted.tap(NAME, () => void this.#sessions++);
    kernel.hooks.exceptionThrown.tap(NAME, () => void this.#exceptions++);
    const { clock } = kernel.host;
    const calls = new Outcomes<CallInfo>(clock);
    const requests = new Outcomes<RequestInfo>(clock);
    const hooks = ikcHooks(kernel);
    hooks.callStarted.tap(NAME, (call) => calls.begin(call));
    hooks.callEnded.tap(NAME, (call, error) => calls.end(call, error));
    hooks.requestStarted.tap(NAME, (request) => requests.begin(request));
    hooks.requestEnded.tap(NAME, (request, error) => requests.end(request, error));
    this.#calls = calls;
    this.#requests = requests;
  }

  /** Watches what the parent of a preforked program does; to be called once that is known. */
  watchChildren(): void {
    supervisorOf(this.#kernel)?.hooks.childExited.tap(NAME, ({ reason = 'unknown' }) =>
      increment(this.#restarts, reason),
    );
    babysitterOf(this.#kernel)?.hooks.childTreated.tap(NAME, ({ ailment, action, signal }) =>
      increment(this.#treatments, `${ailment} ${signal ?? action}`),
    );
  }

  stop(): void {
    this.#delay.stop();
  }

  /** Everything, as it is now. */
  families(): Family[] {
    return [...this.#kernelFamilies(), ...this.#ikcFamilies(), ...this.#childFamilies(), ...processFamilies()];
  }

  #kernelFamilies(): Family[] {
    const { counts } = this.#peek.kernel();
    return [
      one('poe_events_total', 'counter', 'Events that have left the queue, timers left out.', this.#peek.eventsTaken()),
      one('poe_queue_events', 'gauge', 'Events that wait in the queue, timers left out.', counts.events),
      one('poe_timers', 'gauge', 'Alarms and delays that are set.', counts.timers),
      one('poe_sessions', 'gauge', 'Sessions that live.', counts.sessions),
      one('poe_sessions_started_total', 'counter', 'Sessions that were started.', this.#sessions),
      one('poe_handles', 'gauge', 'Handles that are watched.', counts.handles),
      one('poe_promises', 'gauge', 'Promises of async handlers that are pending.', counts.promises),
      one('poe_exceptions_total', 'counter', 'Exceptions that handlers threw.', this.#exceptions),
      {
        name: 'poe_loop_delay_seconds',
        type: 'histogram',
        help: 'By how much the loop of Node is late, looked at ten times a second.',
        samples: this.#delay.histogram.samples(),
      },
    ];
  }

  #ikcFamilies(): Family[] {
    const responder = Responder.of(this.#kernel);
    if (responder === undefined) return [];
    return [
      one(
        'poe_ikc_channels',
        'gauge',
        'Connections to other kernels.',
        responder.links().filter(({ state }) => state === 'up').length,
      ),
      many('poe_ikc_calls_total', 'counter', 'Calls to other kernels that are over.', this.#calls.counts()),
      many('poe_ikc_call_duration_seconds', 'histogram', 'From a call to its answer.', this.#calls.durations()),
      many('poe_ikc_requests_total', 'counter', 'Events that other kernels posted or called.', this.#requests.counts()),
      many(
        'poe_ikc_request_duration_seconds',
        'histogram',
        'Time in handlers for other kernels, async ones too.',
        this.#requests.durations(),
      ),
    ].filter(({ samples }) => samples.length > 0);
  }

  #childFamilies(): Family[] {
    const supervisor = supervisorOf(this.#kernel);
    if (supervisor === undefined) return [];
    const states = new Map<string, number>([
      ['starting', 0],
      ['spare', 0],
      ['serving', 0],
      ['draining', 0],
    ]);
    const children = supervisor.children();
    for (const { state } of children) increment(states, state);
    const treatments = [...this.#treatments].map(([key, value]): Sample => {
      const [ailment = '', action = ''] = key.split(' ');
      return { labels: { ailment, action }, value };
    });
    return [
      many('poe_children', 'gauge', 'Child processes by what they do.', labelled(states, 'state')),
      one('poe_children_wanted', 'gauge', 'Child processes that are to serve.', supervisor.size),
      many(
        'poe_children_ended_total',
        'counter',
        'Child processes that have ended, and why.',
        labelled(this.#restarts, 'reason'),
      ),
      many('poe_babysit_actions_total', 'counter', 'What was done about children.', treatments),
    ].filter(({ samples }) => samples.length > 0);
  }
}

/** What Prometheus calls these in every language. */
function processFamilies(): Family[] {
  const { user, system } = process.cpuUsage();
  const { rss } = process.memoryUsage();
  const started = (Date.now() - performance.now()) / MS;
  return [
    one(
      'process_cpu_seconds_total',
      'counter',
      "Processor time of the process, its own and the system's for it.",
      (user + system) / US,
    ),
    one('process_resident_memory_bytes', 'gauge', 'Memory that the process holds.', rss),
    one('process_start_time_seconds', 'gauge', 'When the process was started, in seconds since the epoch.', started),
  ];
}

function one(name: string, type: MetricType, help: string, value: number): Family {
  return { name, type, help, samples: [{ value }] };
}

function many(name: string, type: MetricType, help: string, samples: readonly Sample[]): Family {
  return { name, type, help, samples };
}

function labelled(counts: ReadonlyMap<string, number>, label: string): Sample[] {
  return [...counts].map(([key, value]) => ({ labels: { [label]: key }, value }));
}

function increment(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
