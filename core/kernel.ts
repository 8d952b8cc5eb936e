import { type AssertOptions, assertOn } from './assert/assert.ts';
import { Engine } from './engine.ts';
import type { TapTime } from './hook-guard.ts';
import type { Host } from './host/host.ts';
import { nodeHost } from './host/node-host.ts';
import { KernelView } from './kernel-view.ts';
import { isOn } from './switches.ts';
import { trace } from './trace/trace.ts';

export interface KernelOptions {
  /** Parts of the host to replace: clock, loop, signals, processes, handles, sockets, random, identity. Default: Node's. */
  host?: Partial<Host>;
  /** The kernel's textual ID. Default: host name, time, process number and a counter. */
  id?: string;
  /**
   * Whether events carry the place they were sent from, for `callerFile` and `callerLine` and for DIE signals. It makes
   * sending ten times slower. Default: whether the environment has `POE_TRACE_CALLERS=1`.
   */
  traceCallers?: boolean;
  /**
   * Whether the exception of a handler becomes a DIE signal; if not, it ends the run at once. Default: true, unless the
   * environment has `POE_CATCH_EXCEPTIONS=0`.
   */
  catchExceptions?: boolean;
  /**
   * Mistakes and faults to look for, at some cost: `retvals`, `usage`, `states`, `data`, `events`, `files`, and `default` for those not
   * given. Default: what the environment asks for with `POE_ASSERT_*`. See `docs/debug.md`.
   */
  assert?: AssertOptions;
  /** How often in a row a tap of a hook may throw before it is switched off; 0 for ever so often. Default: 10. */
  hookFailures?: number;
}

/** A kernel ID as POE and IKC have it: host name, time, process number and a counter, all but the first in hexadecimal. */
function newKernelId({ clock, identity }: Host): string {
  const hex = (value: number): string => (Math.trunc(value) >>> 0).toString(16).padStart(8, '0');
  const name = identity.hostname.replace(/[^-.\w]/g, '_');
  return `${name}-${hex(clock.wall())}-${hex(identity.pid)}-${hex(identity.next('kernel'))}`;
}

/**
 * The event kernel: runs sessions, passes events between them, and watches time, handles, signals and child processes for
 * them. Most programs use the exported `kernel`; more of them can live side by side.
 *
 * @example
 * const own = new Kernel();
 * Session.create({ kernel: own, inlineStates: { _start() {} } });
 * await own.run();
 * @remarks Mirrors POE::Kernel.
 */
export class Kernel extends KernelView {
  constructor(options: KernelOptions = {}) {
    const host: Host = { ...nodeHost(), ...options.host };
    super(new Engine(host, options.id ?? newKernelId(host)), null);
    this._engine.kernelSession._kernel = this;
    this._engine.catchExceptions = options.catchExceptions ?? isOn(process.env.POE_CATCH_EXCEPTIONS ?? '1');
    this._engine.traceCallers = options.traceCallers ?? isOn(process.env.POE_TRACE_CALLERS);
    if (options.hookFailures !== undefined) this.hookFailures = options.hookFailures;
    trace(this._engine);
    assertOn(this._engine, options.assert ?? {});
    this._engine.readyView?.(this);
  }
  /** How often in a row a tap of a hook may throw before it is switched off; 0 for ever so often. Default: 10. */
  get hookFailures(): number {
    return this._engine.guard.mostFailures;
  }

  set hookFailures(failures: number) {
    this._engine.guard.mostFailures = failures;
  }

  /**
   * Begins to measure what the taps of hooks cost, if that has not begun.
   *
   * @returns How to ask for it: calls and seconds for each tap and hook since then. The seconds of a tap that is awaited are those until it was done.
   * @example
   * const times = own.measureTaps();
   * await own.run();
   * for (const { tap, hook, calls, seconds } of times()) console.log(`${tap} ${hook}: ${calls} times, ${seconds} s`);
   */
  measureTaps(): () => TapTime[] {
    return this._engine.guard.measure();
  }
}
