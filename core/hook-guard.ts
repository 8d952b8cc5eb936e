import type { Clock } from './host/host.ts';

/** Throws in a row after which a tap is switched off, unless the kernel is told otherwise. */
const MOST_FAILURES = 10;

/** What the taps of one name on one hook have cost so far. */
export interface TapTime {
  /** Who tapped: the name of a plugin, as a rule. */
  readonly tap: string;
  readonly hook: string;
  readonly calls: number;
  readonly seconds: number;
}

// biome-ignore lint/suspicious/noExplicitAny: taps of any hook
type Tap = (...args: any[]) => unknown;
type TapName = string | { readonly name: string };
// biome-ignore lint/suspicious/noExplicitAny: options and functions are the hook's own affair
type AddTap = (options: any, tap: any) => void;

/** What the guard asks of a hook; tapable's all have it. */
interface Tappable {
  readonly name: string | undefined;
  readonly taps: { readonly fn: unknown }[];
  tap: AddTap;
  tapAsync: AddTap;
  tapPromise: AddTap;
}

/**
 * Stands around each tap of a kernel's hooks: what one throws is a warning that names it, the others and the kernel go on, and one that
 * does nothing but throw is taken out. It is put around a tap when that is made, so that a hook without taps costs what it did.
 */
export class HookGuard {
  /** Throws in a row after which a tap is switched off; 0 for never. */
  mostFailures = MOST_FAILURES;
  readonly #warn: (code: string, message: string) => void;
  readonly #clock: Clock;
  #meter: Map<string, TapTime> | null = null;

  constructor(clock: Clock, warn: (code: string, message: string) => void) {
    this.#clock = clock;
    this.#warn = warn;
  }

  /** Has every later tap of these hooks guarded. */
  around<H extends object>(hooks: H): H {
    for (const hook of Object.values(hooks) as Tappable[]) {
      hook.tap = this.#adder(hook, hook.tap, (record, fn) => this.#guarded(record, fn));
      hook.tapAsync = this.#adder(hook, hook.tapAsync, (record, fn) => this.#guardedCallback(record, fn));
      hook.tapPromise = this.#adder(hook, hook.tapPromise, (record, fn) => this.#guardedPromise(record, fn));
    }
    return hooks;
  }

  /** Begins to measure what taps cost, if that has not begun; gives how to ask for it. */
  measure(): () => TapTime[] {
    this.#meter ??= new Map();
    const meter = this.#meter;
    return () => [...meter.values()];
  }

  /** One of the ways to tap a hook, with a guard around what taps. */
  #adder(hook: Tappable, add: AddTap, guard: (record: TapRecord, fn: Tap) => Tap): AddTap {
    return (options: TapName, fn: Tap) => {
      const record = new TapRecord(hook, options);
      record.fn = guard(record, fn);
      add.call(hook, options, record.fn);
    };
  }

  #guarded(record: TapRecord, fn: Tap): Tap {
    return (...args) => {
      if (record.silent) return undefined;
      const start = this.#start();
      try {
        const value = fn(...args);
        record.failures = 0;
        return value;
      } catch (error) {
        this.#failed(record, error);
        return undefined;
      } finally {
        this.#end(record, start);
      }
    };
  }

  #guardedPromise(record: TapRecord, fn: Tap): Tap {
    return async (...args) => {
      if (record.silent) return undefined;
      const start = this.#start();
      try {
        const value = await fn(...args);
        record.failures = 0;
        return value;
      } catch (error) {
        this.#failed(record, error);
        return undefined;
      } finally {
        this.#end(record, start);
      }
    };
  }

  /** A tap that calls back is one that promises, to its hook. */
  #guardedCallback(record: TapRecord, fn: Tap): Tap {
    const guarded = this.#guardedPromise(record, promisedBy(fn));
    return (...args) => {
      const done = args.pop() as (error: null, value?: unknown) => void;
      void (guarded(...args) as Promise<unknown>).then((value) => done(null, value));
    };
  }

  #start(): number | undefined {
    return this.#meter === null ? undefined : this.#clock.monotonic();
  }

  #end({ hook, tap }: TapRecord, start: number | undefined): void {
    const meter = this.#meter;
    if (meter === null || start === undefined) return;
    const key = `${tap}\n${hook.name}`;
    const { calls, seconds } = meter.get(key) ?? { calls: 0, seconds: 0 };
    const spent = this.#clock.monotonic() - start;
    meter.set(key, { tap, hook: hook.name ?? '', calls: calls + 1, seconds: seconds + spent });
  }

  #failed(record: TapRecord, error: unknown): void {
    const { hook, tap } = record;
    const isLast = ++record.failures === this.mostFailures;
    if (isLast) record.switchOff();
    // A tap of the hook `warn` that throws is not told of its own fault, which would have it throw again.
    record.silent = true;
    try {
      const how = isLast ? `threw ${record.failures} times in a row and is switched off` : 'threw';
      this.#warn('POE_WARN_HOOK_FAILED', `The tap '${tap}' of the hook ${hook.name} ${how}: ${textOf(error)}`);
    } finally {
      record.silent = isLast;
    }
  }
}

function promisedBy(fn: Tap): Tap {
  return (...args) =>
    new Promise((resolve, reject) => {
      fn(...args, (error: unknown, value: unknown) => (error ? reject(error) : resolve(value)));
    });
}

/** One tap, and how it has fared. */
class TapRecord {
  readonly hook: Tappable;
  readonly tap: string;
  fn: unknown = null;
  /** Throws since it last did not throw. */
  failures = 0;
  /** Whether it is passed over. */
  silent = false;

  constructor(hook: Tappable, options: TapName) {
    this.hook = hook;
    this.tap = typeof options === 'string' ? options : options.name;
  }

  /** Takes the tap out of its hook. What tapable has compiled may still call it, once there are other taps: it stays silent. */
  switchOff(): void {
    const at = this.hook.taps.findIndex(({ fn }) => fn === this.fn);
    if (at >= 0) this.hook.taps.splice(at, 1);
  }
}

/** Whatever was thrown, as text: that must not throw in its turn. */
function textOf(error: unknown): string {
  try {
    return String(error);
  } catch {
    return 'something that has no text';
  }
}
