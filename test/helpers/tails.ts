import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kernel, Peek, Session } from 'poe-kernel';
import { FollowTail } from 'poe-kernel/wheels';
import { root } from './repository.ts';

export interface TailsOptions {
  readonly files: number;
  /** How often each file is rotated. */
  readonly rotations: number;
  /** Seconds between two rotations of a file, at least. */
  readonly period: number;
  /** Lines a second, of all files together. */
  readonly rate: number;
  readonly pollInterval: number;
  readonly seed: number;
  /** Called about every second with the lines that have come. */
  readonly progress?: (lines: number) => void;
}

/** What the writer is told when it starts. */
export interface WriterOptions extends Omit<TailsOptions, 'files' | 'progress' | 'pollInterval'> {
  readonly paths: readonly string[];
}

/** How many lines of each file have come. */
export interface ToWriter {
  readonly received: readonly number[];
}

/** How many lines each file has got, now that nothing more is written. */
export interface FromWriter {
  readonly written: readonly number[];
}

/** Seconds between two messages to the writer. */
const REPORT_SECONDS = 0.02;
/** Seconds that what was written last may take to come. */
const PATIENCE_SECONDS = 60;

const descriptors = (): number => readdirSync('/dev/fd').length;

/**
 * Follows files that another process writes and rotates. Every line has to come once and in order, and nothing be left at the end.
 * @returns How many lines came, and in how many seconds.
 */
export async function followRotatingFiles(options: TailsOptions): Promise<{ lines: number; seconds: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'poe-tails-'));
  try {
    return await new Tails(folder, options).run();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The followed files, and the process that writes them. */
class Tails {
  readonly #options: TailsOptions;
  readonly #paths: readonly string[];
  readonly #received: number[];
  readonly #writer: ChildProcess;
  readonly #kernel = new Kernel();
  #written: readonly number[] | undefined;
  #wrong: string | undefined;

  constructor(folder: string, options: TailsOptions) {
    const { files, rotations, period, rate, seed } = options;
    this.#options = options;
    this.#paths = Array.from({ length: files }, (_, place) => join(folder, `${place}.log`));
    this.#received = this.#paths.map(() => 0);
    const forWriter: WriterOptions = { paths: this.#paths, rotations, period, rate, seed };
    this.#writer = fork(join(root, 'dist/test/soak/rotating-writer.js'), [JSON.stringify(forWriter)]);
    this.#writer.on('message', ({ written }: FromWriter) => {
      this.#written = written;
    });
  }

  async run(): Promise<{ lines: number; seconds: number }> {
    const peek = new Peek(this.#kernel);
    const held = (): number[] => [peek.sessionCount(), peek.handleCount(), peek.eventQueue().length, descriptors()];
    const before = held();
    const start = performance.now();
    for (const place of this.#paths.keys()) this.#follow(place);
    this.#watchOver();
    try {
      await this.#kernel.run();
      assert.equal(this.#wrong, undefined);
      assert.deepEqual(this.#received, this.#written);
      assert.deepEqual(held(), before);
    } finally {
      this.#writer.disconnect();
    }
    return { lines: this.#sum(), seconds: (performance.now() - start) / 1000 };
  }

  #sum(): number {
    return this.#received.reduce((sum, lines) => sum + lines, 0);
  }

  #follow(place: number): void {
    const { pollInterval } = this.#options;
    const received = this.#received;
    Session.create({
      kernel: this.#kernel,
      inlineStates: {
        _start: ({ kernel, heap }) => {
          kernel.aliasSet(`tail ${place}`);
          const filename = this.#paths[place] as string;
          heap.tail = new FollowTail({
            kernel,
            filename,
            seek: 0,
            pollInterval,
            inputEvent: 'line',
            errorEvent: 'failed',
          });
        },
        line: (_, line) => {
          const number = received[place] as number;
          if (!line.startsWith(`${number} `)) this.#wrong ??= `file ${place}: line ${number} is '${line}'`;
          received[place] = number + 1;
        },
        failed: (_, operation, errno) => {
          this.#wrong ??= `file ${place}: ${operation} failed with ${errno}`;
        },
        end({ kernel, heap }) {
          heap.tail.destroy();
          kernel.aliasRemove(`tail ${place}`);
        },
      },
    });
  }

  /** Tells the writer what has come, until all has or something is wrong. */
  #watchOver(): void {
    Session.create({
      kernel: this.#kernel,
      heap: { ticks: 0, waited: 0 },
      inlineStates: {
        _start: ({ kernel }) => void kernel.delay('report', REPORT_SECONDS),
        report: ({ kernel, heap }) => {
          if (++heap.ticks % (1 / REPORT_SECONDS) === 0) this.#options.progress?.(this.#sum());
          if (this.#written !== undefined) heap.waited += REPORT_SECONDS;
          const complete = this.#written?.every((lines, place) => lines === this.#received[place]) === true;
          if (complete || this.#wrong !== undefined || heap.waited > PATIENCE_SECONDS) {
            for (const place of this.#paths.keys()) kernel.post(`tail ${place}`, 'end');
            return;
          }
          this.#writer.send({ received: this.#received } satisfies ToWriter);
          kernel.delay('report', REPORT_SECONDS);
        },
      },
    });
  }
}
