import type { KernelView, SessionId } from '../../core/index.ts';
import type { Kernels } from './kernels.ts';

/** Which events of a monitor's own are posted for what, and data to hand back. */
export interface MonitorStates {
  /** A kernel is registered: process number of the peer, if it is known. */
  register?: string;
  /** Its names are removed. */
  unregister?: string;
  /** A proxy was made, or has ended: the specifier. */
  subscribe?: string;
  unsubscribe?: string;
  /** `ready` or `close`, and the number of the channel's session. */
  channel?: string;
  /** This kernel's responder shuts down. */
  shutdown?: string;
  /** Something went wrong: the operation and a text. */
  error?: string;
  /** A message to that kernel could not be delivered: the {@link DeadLetter}. Not of the original. */
  deadLetter?: string;
  /** `high` or `low`, the octets that wait to be written, and the number of the channel's session. Not of the original. */
  queue?: string;
  /** Handed back with every event. */
  data?: unknown;
}

/** What monitors can be told of. */
export type MonitorEvent = Exclude<keyof MonitorStates, 'data'>;

/** Sessions that want to be told what happens to kernels. */
export class Monitors {
  readonly #kernel: KernelView;
  readonly #kernels: Kernels;
  #closed = false;
  /** What anybody has ever asked for. PERF: ikc-visits: mostly that is little, and a connection has much to tell. */
  readonly #asked = new Set<string>();
  /** Kernel names (or `*`) to sessions to what they want. */
  readonly #monitors = new Map<string, Map<SessionId, { name: string; states: MonitorStates }>>();

  constructor(kernel: KernelView, kernels: Kernels) {
    this.#kernel = kernel;
    this.#kernels = kernels;
  }

  /** Sets what a session wants to be told about a kernel; an empty or missing hash ends it. */
  set(kernelName: string, name: string, session: SessionId, states: MonitorStates | undefined): void {
    if (this.#closed) return;
    let monitors = this.#monitors.get(kernelName);
    if (states !== undefined && Object.keys(states).length !== 0) {
      if (monitors === undefined) {
        monitors = new Map();
        this.#monitors.set(kernelName, monitors);
      }
      monitors.set(session, { name, states });
      for (const event of Object.keys(states)) this.#asked.add(event);
      return;
    }
    if (monitors?.delete(session) && monitors.size === 0) this.#monitors.delete(kernelName);
  }

  /** Nobody is told of anything any more. */
  close(): void {
    this.#closed = true;
    this.#monitors.clear();
  }

  /**
   * Tells of something that happened to a kernel: under each of the names given, first those who asked for that name, then
   * those of `*`. Sessions that have stopped are forgotten.
   * @returns How many were told.
   */
  tell(kernelNames: readonly string[], event: MonitorEvent, ...details: unknown[]): number {
    if (!this.#asked.has(event)) return 0;
    let told = 0;
    for (const kernelName of kernelNames) {
      const real = this.#kernels.isRealName(kernelName) ? 1 : undefined;
      for (const asked of kernelName === '*' ? ['*'] : [kernelName, '*']) {
        for (const [session, { name, states }] of this.#monitors.get(asked) ?? []) {
          const state = states[event];
          if (typeof state !== 'string') continue;
          if (this.#kernel.aliasResolve(session) === undefined) this.set(asked, name, session, undefined);
          else if (this.#kernel.post(session, state, name, kernelName, real, states.data, ...details) === 1) told++;
        }
      }
    }
    return told;
  }
}
