import type { Engine } from '../engine.ts';
import {
  KIND_CALL,
  KIND_CALL_LIST,
  KIND_CALL_VOID,
  KIND_EVENT,
  KIND_SIGNAL,
  KIND_SIGNAL_DIE,
  KIND_START,
  KIND_STOP,
  type Kind,
} from '../event.ts';
import { around, aroundHandlers } from '../trace/around.ts';
import type { SessionLike } from '../types.ts';
import type { WatchedEvent, WatchedKind } from './records.ts';

type Listener = (event: WatchedEvent) => void;

/** Those methods of the engine that others take the place of while somebody watches, in the order in which they do. */
const REPLACED = ['invoke', 'handle', 'call', 'invokeThrough'] as const;

const KINDS: Record<Kind, WatchedKind> = {
  [KIND_EVENT]: 'event',
  [KIND_CALL]: 'call',
  [KIND_CALL_LIST]: 'call',
  [KIND_CALL_VOID]: 'call',
  [KIND_START]: 'start',
  [KIND_STOP]: 'stop',
  [KIND_SIGNAL]: 'signal',
  [KIND_SIGNAL_DIE]: 'signal',
};

const watches = new WeakMap<Engine, Watch>();

/** Tells a listener of every handler that has run. Returns how to stop that; when nobody listens any more the engine is as it was. */
export function watchEvents(engine: Engine, listener: Listener): () => void {
  let watch = watches.get(engine);
  if (watch === undefined) {
    watch = new Watch(engine);
    watches.set(engine, watch);
  }
  const own = watch;
  own.listeners.add(listener);
  return () => {
    if (!own.listeners.delete(listener) || own.listeners.size > 0) return;
    watches.delete(engine);
    own.end();
  };
}

class Watch {
  readonly listeners = new Set<Listener>();
  readonly #engine: Engine;
  readonly #replaced: readonly { name: (typeof REPLACED)[number]; own: PropertyDescriptor | undefined }[];

  constructor(engine: Engine) {
    this.#engine = engine;
    this.#replaced = REPLACED.map((name) => ({ name, own: Object.getOwnPropertyDescriptor(engine, name) }));
    aroundHandlers(engine, (invoke) => (target, sender, name, from, argc, arg0, arg1, arg2, kind) => {
      if (target === engine.kernelSession) return invoke(target, sender, name, from, argc, arg0, arg1, arg2, kind);
      return this.#tell(target, sender, name, kind, () =>
        invoke(target, sender, name, from, argc, arg0, arg1, arg2, kind),
      );
    });
    around(engine, 'call', (call) => (target, sender, name, from, argc, arg0, arg1, arg2, kind) => {
      const run = (): unknown => call(target, sender, name, from, argc, arg0, arg1, arg2, kind);
      // A session that calls itself does not come through invoke.
      return target === sender ? this.#tell(target, sender, name, kind, run) : run();
    });
    around(engine, 'invokeThrough', (invokeThrough) => (target, sender, name, from, args, kind) => {
      return this.#tell(target, sender, name, kind, () => invokeThrough(target, sender, name, from, args, kind));
    });
  }

  /** PERF: self-yield: what was added last is taken away first, which leaves V8 the record that the engine was before. */
  end(): void {
    for (const { name, own } of [...this.#replaced].reverse()) {
      if (own === undefined) Reflect.deleteProperty(this.#engine, name);
      else Object.defineProperty(this.#engine, name, own);
    }
  }

  #tell(target: SessionLike, sender: SessionLike, event: string, kind: Kind, run: () => unknown): unknown {
    const { clock } = this.#engine.host;
    const time = clock.wall();
    const begun = clock.monotonic();
    // Before the handler runs: it may end either of them.
    const source = sender.id;
    const destination = target.id;
    try {
      return run();
    } finally {
      const seconds = clock.monotonic() - begun;
      const told: WatchedEvent = { time, seconds, kind: KINDS[kind], event, source, destination };
      for (const listener of this.listeners) this.#tellOne(listener, told);
    }
  }

  #tellOne(listener: Listener, event: WatchedEvent): void {
    try {
      listener(event);
    } catch (error) {
      this.#engine.warn('POE_WARN_HOOK_FAILED', `A listener of Peek.watch threw: ${String(error)}`);
    }
  }
}
