import type { FromChild, ToChild } from './messages.ts';

/** What a child is told over the line to its parent. */
export interface LineEvents {
  message(message: ToChild, handle: object | undefined): void;
  /** The parent has gone. */
  gone(): void;
}

/** A child's line to its parent. A test stands in for it. */
export interface ParentLine {
  open(events: LineEvents): void;
  send(message: FromChild): void;
  /** Calls back every so many seconds, without keeping the process alive. */
  beat(seconds: number, callback: () => void): void;
  /** Resolves once everything that was sent has left, and closes the line. */
  end(): Promise<void>;
}

/** The line over Node's channel between processes. */
export class ProcessLine implements ParentLine {
  #beat: NodeJS.Timeout | undefined;
  #last: Promise<void> = Promise.resolve();
  #gone: (() => void) | undefined;

  open({ message, gone }: LineEvents): void {
    this.#gone = gone;
    process.on('message', (received: ToChild, handle: object | undefined) => message(received, handle));
    process.on('disconnect', gone);
    // It may have gone while this process was booting.
    if (!process.connected) setImmediate(gone);
    // Sessions keep the process alive, not the line.
    process.channel?.unref();
  }

  send(message: FromChild): void {
    if (!process.connected) return;
    this.#last = new Promise((resolve) => {
      process.send?.(message, undefined, undefined, () => resolve());
    });
  }

  beat(seconds: number, callback: () => void): void {
    this.#beat = setInterval(callback, seconds * 1000).unref();
  }

  async end(): Promise<void> {
    clearInterval(this.#beat);
    await this.#last;
    if (this.#gone !== undefined) process.off('disconnect', this.#gone);
    if (process.connected) process.disconnect();
  }
}
