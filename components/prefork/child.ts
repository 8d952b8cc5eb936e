import type { Clock } from '../../core/index.ts';
import type { ChildInfo, ChildState } from './child-info.ts';
import type { StartedProcess } from './launcher.ts';

/** One child, as its supervisor keeps it. */
export class Child implements ChildInfo {
  readonly id: number;
  readonly generation: number;
  readonly started: number;
  /** The same by the clock that never goes back. */
  readonly startedAt: number;
  process!: StartedProcess;
  state: ChildState = 'starting';
  serving: number | undefined = undefined;
  ended: number | undefined = undefined;
  heardAt: number;
  connections = 0;
  open = 0;
  reason: string | undefined = undefined;
  killed = false;
  status: number | undefined = undefined;
  /** Why it is to be replaced as soon as another one serves. */
  outdated: string | undefined = undefined;
  /** It has been told to serve, but has not yet said that it does. */
  promised = false;
  /** It has been up for long enough to count as sound. */
  settled = false;
  /** The timer of its boot, and later of its drain. */
  deadline: number | undefined = undefined;

  constructor(id: number, generation: number, clock: Clock) {
    this.id = id;
    this.generation = generation;
    this.started = clock.wall();
    this.heardAt = this.started;
    this.startedAt = clock.monotonic();
  }

  get pid(): number {
    return this.process.pid;
  }

  /** What it is like now, for others to keep. */
  info(): ChildInfo {
    const { id, pid, state, generation, started, serving, ended, heardAt, connections, open, reason, killed, status } =
      this;
    return Object.freeze({
      id,
      pid,
      state,
      generation,
      started,
      serving,
      ended,
      heardAt,
      connections,
      open,
      reason,
      killed,
      status,
    });
  }
}
