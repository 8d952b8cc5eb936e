/** Waiting with an end: for something to become true, at most until the time of a case has run out. */

/** How long one case may take, in milliseconds. */
const CASE_MS = 8_000;
/** How long one thing may take. */
const STEP_MS = 3_000;

export class Patience {
  readonly #end = Date.now() + CASE_MS;
  readonly #waiting = new Set<() => void>();

  /** Says that something has happened, so that who waits looks again. */
  readonly changed = (): void => {
    for (const look of [...this.#waiting]) look();
  };

  /**
   * Waits until `get` gives something.
   * @throws Error if that takes too long: `nothing came within ...`.
   */
  until<T>(get: () => T | undefined, milliseconds: number = STEP_MS): Promise<T> {
    const now = get();
    if (now !== undefined) return Promise.resolve(now);
    return new Promise((resolve, reject) => {
      const left = Math.max(Math.min(milliseconds, this.#end - Date.now()), 0);
      const finish = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(look);
      };
      const look = (): void => {
        const value = get();
        if (value === undefined) return;
        finish();
        resolve(value);
      };
      const timer = setTimeout(() => {
        finish();
        reject(new Error(`nothing came within ${left} ms`));
      }, left);
      this.#waiting.add(look);
    });
  }

  /**
   * Waits for a promise.
   * @throws Error as {@link until} does.
   */
  async promise<T>(promise: Promise<T>): Promise<T> {
    let settled: { value: T } | undefined;
    const done = promise.then((value) => {
      settled = { value };
      this.changed();
    });
    await Promise.race([done, this.until(() => settled)]);
    return (settled as unknown as { value: T }).value;
  }

  /** Gives everything that is under way in this process a chance to arrive. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 8; turn++) await new Promise((resolve) => setImmediate(resolve));
  }
}
