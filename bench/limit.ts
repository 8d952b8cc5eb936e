/** What a handler of the limit is given with each event: a new one each time. */
export interface LimitContext {
  loop: LimitLoop;
  heap: object;
  session: LimitSession;
  sender: LimitSession;
  state: string;
}

export type LimitHandler = (context: LimitContext, ...args: unknown[]) => unknown;

/** Named handlers, a heap, and the count of events that are under way. */
export interface LimitSession {
  states: ReadonlyMap<string, LimitHandler>;
  heap: object;
  references: number;
}

/** Events between two chances for input and output. */
const TURN_EVENTS = 1024;
const WIDTH = 4;

/**
 * The limit that a kernel is held against: a ring buffer of events between sessions that are known by name and have named
 * handlers, with reference counts and a context object for each event, which lets the host's input and output in after every
 * 1024 events. There are no times, exceptions, parents, signals, hooks or ends of sessions.
 */
export class LimitLoop {
  readonly #aliases = new Map<string, LimitSession>();
  #active: LimitSession = { states: new Map(), heap: {}, references: 0 };
  #words: unknown[] = new Array(1024 * WIDTH).fill(undefined);
  #mask = this.#words.length - 1;
  #head = 0;
  #size = 0;

  create(alias: string, states: Readonly<Record<string, LimitHandler>>): void {
    this.#aliases.set(alias, { states: new Map(Object.entries(states)), heap: {}, references: 0 });
  }

  post(alias: string, state: string, ...args: unknown[]): boolean {
    const target = this.#aliases.get(alias);
    if (target === undefined) return false;
    this.#push(target, state, args);
    return true;
  }

  yield(state: string, ...args: unknown[]): void {
    this.#push(this.#active, state, args);
  }

  call(alias: string, state: string, ...args: unknown[]): unknown {
    const target = this.#aliases.get(alias);
    return target === undefined ? undefined : this.#invoke(target, this.#active, state, args);
  }

  /** Resolves when no event is left. */
  run(): Promise<void> {
    return new Promise((resolve) => {
      const turn = (): void => {
        for (let left = TURN_EVENTS; left > 0 && this.#size > 0; left--) this.#dispatch();
        if (this.#size > 0) setImmediate(turn);
        else resolve();
      };
      turn();
    });
  }

  #push(target: LimitSession, state: string, args: unknown[]): void {
    if (this.#size > this.#mask) this.#grow();
    target.references++;
    this.#active.references++;
    const words = this.#words;
    const at = (this.#head + this.#size) & this.#mask;
    words[at] = target;
    words[at + 1] = this.#active;
    words[at + 2] = state;
    words[at + 3] = args;
    this.#size += WIDTH;
  }

  #dispatch(): void {
    const words = this.#words;
    const at = this.#head;
    const target = words[at] as LimitSession;
    const sender = words[at + 1] as LimitSession;
    const state = words[at + 2] as string;
    const args = words[at + 3] as unknown[];
    words[at + 3] = undefined;
    this.#head = (at + WIDTH) & this.#mask;
    this.#size -= WIDTH;
    target.references--;
    sender.references--;
    this.#invoke(target, sender, state, args);
  }

  #invoke(target: LimitSession, sender: LimitSession, state: string, args: unknown[]): unknown {
    const handler = target.states.get(state);
    if (handler === undefined) return undefined;
    const active = this.#active;
    this.#active = target;
    try {
      return handler({ loop: this, heap: target.heap, session: target, sender, state }, ...args);
    } finally {
      this.#active = active;
    }
  }

  #grow(): void {
    const old = this.#words;
    const start = old.slice(this.#head).concat(old.slice(0, this.#head));
    this.#words = start.concat(new Array(old.length).fill(undefined));
    this.#mask = this.#words.length - 1;
    this.#head = 0;
  }
}
