import { Responder } from '../../components/ikc/index.ts';
import { type KernelView, Peek, type WatchedEvent } from '../../core/index.ts';
import { allSections, answer, type Subject } from './answers.ts';
import type { Live, Viewer } from './live.ts';
import { redactedJson } from './redact.ts';

/** Seconds from one report to the next; a kernel whose report takes long is asked less often. */
const EVERY_SECONDS = 1;
/** A report may take this part of the program's time. */
const MOST_SHARE = 0.02;
/** Entries of each list, and events of the log, in one report. */
const LIMIT = 300;

/** Reports what a kernel does, once a second, to those who look; while nobody does, nothing is watched. */
export class Feed {
  readonly #kernel: KernelView;
  readonly #name: string;
  readonly #live: Live;
  readonly #readers = new Set<(report: string) => void>();
  #viewer: Viewer | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Events since the last report, the first of them, and how many more there were. */
  #log: WatchedEvent[] = [];
  #left = 0;

  constructor(kernel: KernelView, name: string, live: Live) {
    this.#kernel = kernel;
    this.#name = name;
    this.#live = live;
  }

  /** Begins to report; returns how to stop it. */
  read(reader: (report: string) => void): () => void {
    this.#readers.add(reader);
    this.#viewer ??= this.#live.use((event) => this.#note(event));
    reader(this.#report());
    this.#timer ??= this.#later(EVERY_SECONDS);
    return () => {
      this.#readers.delete(reader);
      if (this.#readers.size === 0) this.#stop();
    };
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#viewer?.close();
    this.#viewer = undefined;
    this.#log = [];
    this.#left = 0;
  }

  #later(seconds: number): NodeJS.Timeout {
    return setTimeout(() => {
      const begun = performance.now();
      const report = this.#report();
      for (const reader of this.#readers) reader(report);
      const took = (performance.now() - begun) / 1000;
      if (this.#readers.size > 0) this.#timer = this.#later(Math.max(EVERY_SECONDS, took / MOST_SHARE));
    }, seconds * 1000).unref();
  }

  #note(event: WatchedEvent): void {
    if (this.#log.length < LIMIT) this.#log.push(event);
    else this.#left++;
  }

  #report(): string {
    const viewer = (): Viewer => this.#viewer as Viewer;
    const subject: Subject = { kernel: this.#kernel, name: this.#name, viewer };
    const peek = new Peek(this.#kernel);
    // Told as they end, wanted as they begin: a call comes before what it has called.
    const log = this.#log.sort((a, b) => a.time - b.time);
    const report = redactedJson({
      top: answer(subject, { ask: 'top', limit: LIMIT }),
      sessions: answer(subject, { ask: 'sessions', limit: LIMIT }),
      queue: peek.eventQueue({ limit: LIMIT }),
      handles: peek.handles().slice(0, LIMIT),
      signals: peek.signals().slice(0, LIMIT),
      kernels: Responder.of(this.#kernel)?.links().slice(0, LIMIT) ?? [],
      sections: allSections(this.#kernel),
      log,
      left: this.#left,
    });
    this.#log = [];
    this.#left = 0;
    return report;
  }
}
