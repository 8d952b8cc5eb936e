/** What a handler of the limit is given with each event: a new one each time. */
export interface LimitContext {
  loop: LimitLoop;
  target: LimitTarget;
  name: string;
}

export type LimitHandler = (context: LimitContext, arg0: unknown, arg1: unknown) => unknown;

/** Named handlers, and nothing else of a session. */
export interface LimitTarget {
  handlers: ReadonlyMap<string, LimitHandler>;
}

/** Events between two chances for input and output. */
const TURN_EVENTS = 1024;
const WIDTH = 4;

/**
 * The limit that a kernel is held against: a bare ring buffer of events, each with a named handler and a context object of its
 * own, which lets the host's input and output in after every 1024 events. There are no sessions, aliases, times, reference
 * counts or errors.
 */
export class LimitLoop {
  #words: unknown[] = new Array(1024 * WIDTH).fill(undefined);
  #mask = this.#words.length - 1;
  #head = 0;
  #size = 0;

  post(target: LimitTarget, name: string, arg0?: unknown, arg1?: unknown): void {
    if (this.#size > this.#mask) this.#grow();
    const words = this.#words;
    const at = (this.#head + this.#size) & this.#mask;
    words[at] = target;
    words[at + 1] = name;
    words[at + 2] = arg0;
    words[at + 3] = arg1;
    this.#size += WIDTH;
  }

  call(target: LimitTarget, name: string, arg0?: unknown, arg1?: unknown): unknown {
    return target.handlers.get(name)?.({ loop: this, target, name }, arg0, arg1);
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

  #dispatch(): void {
    const words = this.#words;
    const at = this.#head;
    const target = words[at] as LimitTarget;
    const name = words[at + 1] as string;
    const arg0 = words[at + 2];
    const arg1 = words[at + 3];
    words[at + 2] = undefined;
    words[at + 3] = undefined;
    this.#head = (at + WIDTH) & this.#mask;
    this.#size -= WIDTH;
    target.handlers.get(name)?.({ loop: this, target, name }, arg0, arg1);
  }

  #grow(): void {
    const old = this.#words;
    const start = old.slice(this.#head).concat(old.slice(0, this.#head));
    this.#words = start.concat(new Array(old.length).fill(undefined));
    this.#mask = this.#words.length - 1;
    this.#head = 0;
  }
}
