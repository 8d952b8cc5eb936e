/** What signals give up. Each signal has one listener here, however much depends on it: Node warns of more than ten. */
export class Aborts {
  readonly #waiting = new Map<AbortSignal, Set<() => void>>();

  /** Calls back when the signal is aborted, unless {@link remove} comes first. */
  add(signal: AbortSignal, abort: () => void): void {
    const waiting = this.#waiting.get(signal);
    if (waiting !== undefined) {
      waiting.add(abort);
      return;
    }
    this.#waiting.set(signal, new Set([abort]));
    signal.addEventListener('abort', this.#aborted);
  }

  remove(signal: AbortSignal, abort: () => void): void {
    const waiting = this.#waiting.get(signal);
    if (waiting?.delete(abort) !== true || waiting.size > 0) return;
    this.#waiting.delete(signal);
    signal.removeEventListener('abort', this.#aborted);
  }

  readonly #aborted = ({ target }: Event): void => {
    for (const abort of [...(this.#waiting.get(target as AbortSignal) ?? [])]) abort();
  };
}
