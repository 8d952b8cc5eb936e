import type { Callback, DieDetails, Kernel, Postback } from '../../../core/index.ts';
import { KernelView } from '../../../core/kernel-view.ts';
import { Session } from '../../../core/session.ts';
import { MOST_LINES, type Program, type Target, type Value } from './program.ts';
import { SimulatedTime } from './simulated-time.ts';
import { Slots } from './slots.ts';

/** What one run of a program knows: its trace, and what it has created so far, by number. */
export class State {
  readonly program: Program;
  readonly time = new SimulatedTime();
  readonly slots = new Slots(this.time);
  readonly kernel: Kernel;

  readonly trace: string[] = [];
  /** Handlers that are under way. */
  depth = 0;
  /** Whether a handler of `_stop`, `_child` or `_parent` is. */
  inLifeCycle = false;
  /** Handlers that have run, and sessions that have been started. */
  handlers = 0;
  started = 0;

  readonly sessions: Session[] = [];
  readonly timers: number[] = [];
  readonly postbacks: (Postback | Callback | null)[] = [];
  /** Numbers of the postbacks that are being invoked. */
  readonly invoked = new Set<number>();
  /** Tagged references that the program holds: the session's number and the tag, to how often. */
  readonly held = new Map<string, number>();

  constructor(program: Program, kernel: (time: SimulatedTime) => Kernel) {
    this.program = program;
    this.kernel = kernel(this.time);
  }

  say(text: string): void {
    if (this.trace.length < MOST_LINES) this.trace.push('  '.repeat(this.depth) + text);
  }

  // --- addresses and values of the program

  target(target: Target, kernel: KernelView): Session | KernelView | string | number {
    if (target.by === 'kernel') return kernel;
    if (target.by === 'alias') return target.name;
    const session = 'n' in target ? this.sessions[target.n] : undefined;
    if (session === undefined) return 'nobody';
    return target.by === 'id' ? session.id : target.by === 'text' ? String(session) : session;
  }

  /** The ID of a session; one that nobody has if there is none. */
  idOf(target: Target): number {
    const session = 'n' in target ? this.sessions[target.n] : undefined;
    return session?.id ?? 99_999;
  }

  value(value: Value, kernel: KernelView): unknown {
    return typeof value === 'object' && value !== null ? this.target(value, kernel) : value;
  }

  values(values: readonly Value[], kernel: KernelView): unknown[] {
    return values.map((value) => this.value(value, kernel));
  }

  // --- showing

  labelOf(session: unknown): string {
    if (session === undefined) return 'undef';
    return session instanceof Session ? this.#labelOfId(session.id) : 'kernel';
  }

  #labelOfId(id: number): string {
    const n = this.sessions.findIndex((session) => session?.id === id);
    return n < 0 ? 'unknown' : `s${n}`;
  }

  show(value: unknown): string {
    if (value === undefined || value === null) return 'undef';
    if (value instanceof KernelView) return 'kernel';
    if (value instanceof Session) return `session ${this.labelOf(value)}`;
    if (Array.isArray(value)) return `[${value.map((one) => this.show(one)).join(', ')}]`;
    if (typeof value === 'object') return this.#showDie(value as DieDetails);
    if (value === this.kernel.id) return 'text of kernel';
    const id = /^Session#(\d+)$/.exec(String(value))?.[1];
    return id === undefined ? String(value) : `text of ${this.#labelOfId(Number(id))}`;
  }

  showArgs(args: readonly unknown[]): string {
    return `(${args.map((arg) => this.show(arg)).join(', ')})`;
  }

  #showDie({ errorStr, event, destSession, sourceSession, fromState }: DieDetails): string {
    const [dest, source] = [this.labelOf(destSession), this.labelOf(sourceSession)];
    return `{${errorText(errorStr)} in ${event} of ${dest}, from ${source} in ${fromState ?? 'undef'}}`;
  }

  /** A result, or the errno where there is none. */
  result(value: unknown): string {
    return value === undefined ? `undef ${this.kernel.errno}` : this.show(value);
  }
}

export function showTarget(target: Target): string {
  if (target.by === 'alias') return `alias ${target.name}`;
  return 'n' in target ? `${target.by} s${target.n}` : target.by;
}

/** The first line of an error. */
export function errorText(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n', 1)[0] as string;
}
