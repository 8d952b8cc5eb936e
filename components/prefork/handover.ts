import { type KernelView, warn } from '../../core/index.ts';
import { exitReason } from './exit.ts';
import type { SupervisorHooks } from './hooks.ts';
import type { Launcher, StartedProcess } from './launcher.ts';

/** The event of the supervisor's session by which a handover has taken too long. */
const DEADLINE = 'handover_deadline';

/** Starts the program anew as the next parent, and finds out whether that one serves. */
export class Handover {
  readonly #kernel: KernelView;
  readonly #launcher: Launcher;
  readonly #hooks: SupervisorHooks;
  readonly #seconds: number;
  readonly #done: () => void;
  #successor: StartedProcess | null = null;

  /**
   * @param kernel - The view of the supervisor's session, which calls {@link overdue} on the event `handover_deadline`.
   * @param seconds - How long the next parent may take until it serves.
   * @param done - Called once it does: this process is to end.
   */
  constructor(kernel: KernelView, launcher: Launcher, hooks: SupervisorHooks, seconds: number, done: () => void) {
    this.#kernel = kernel;
    this.#launcher = launcher;
    this.#hooks = hooks;
    this.#seconds = seconds;
    this.#done = done;
  }

  /** @returns The number of the new process; undefined while one is under way, or if no process can be started. */
  start(): number | undefined {
    if (this.#successor !== null) return undefined;
    let successor: StartedProcess;
    try {
      successor = this.#launcher.successor({
        message: () => this.#serves(),
        exited: (code, signal) => this.#fail(`it ${exitReason(code, signal)}`),
      });
    } catch (error) {
      warn(
        'POE_WARN_PREFORK_HANDOVER',
        `No handover: the new parent cannot be started: ${(error as Error).message}`,
        this.#kernel,
      );
      return undefined;
    }
    this.#successor = successor;
    this.#kernel.delay(DEADLINE, this.#seconds);
    this.#hooks.handover.call('started', successor.pid);
    return successor.pid;
  }

  /** The next parent has had its time. */
  overdue(): void {
    this.#fail(`it does not serve after ${this.#seconds} s`);
  }

  /** Gives it up, if one is under way. */
  abandon(): void {
    this.#take()?.kill('KILL');
  }

  #serves(): void {
    const successor = this.#take();
    if (successor === null) return;
    this.#launcher.handedOver();
    this.#hooks.handover.call('done', successor.pid);
    this.#done();
  }

  #fail(why: string): void {
    const successor = this.#take();
    if (successor === null) return;
    successor.kill('KILL');
    warn(
      'POE_WARN_PREFORK_HANDOVER',
      `No handover to process ${successor.pid}: ${why}. The old one goes on`,
      this.#kernel,
    );
    this.#hooks.handover.call('failed', successor.pid);
  }

  /** It is no longer under way. */
  #take(): StartedProcess | null {
    const successor = this.#successor;
    this.#successor = null;
    this.#kernel.delay(DEADLINE);
    return successor;
  }
}
