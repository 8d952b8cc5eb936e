import { createRequire } from 'node:module';
import type CliProgress from 'cli-progress';

/** Tells a person how far something long has come. */
export interface Progress {
  update(done: number): void;
  /** Leaves no trace of a bar. */
  stop(): void;
}

/** Takes away the bar that is shown. */
let takeAway: (() => void) | undefined;

/** Takes away the bar that is shown, if one is, and shows the cursor again: before a command ends in the middle of something. */
export function clearProgress(): void {
  takeAway?.();
}

/** Nothing is shown of what is over sooner. */
const PATIENCE_MS = 500;
/** How often a line is written where there is no terminal. */
const LINE_MS = 10_000;

/**
 * Shows progress on standard error: a bar on a terminal, a line now and then otherwise.
 *
 * @param what - What is counted, as in `posted`.
 * @param total - How many there will be; undefined if nobody knows.
 */
export function startProgress(what: string, total?: number): Progress {
  const began = performance.now();
  return process.stderr.isTTY ? barFor(what, total, began) : linesFor(what, total, began);
}

function barFor(what: string, total: number | undefined, began: number): Progress {
  let bar: CliProgress.SingleBar | undefined;
  let isOver = false;
  const stop = (): void => {
    isOver = true;
    process.off('SIGINT', interrupted);
    takeAway = undefined;
    bar?.stop();
  };
  const interrupted = (): void => {
    stop();
    // A command that has no other answer to Ctrl-C ends by it.
    if (process.listenerCount('SIGINT') === 0) process.kill(process.pid, 'SIGINT');
  };
  return {
    update(done) {
      if (isOver) return;
      if (bar === undefined && performance.now() - began > PATIENCE_MS) {
        // Loaded here, so that the other commands need not wait for it.
        const { Presets, SingleBar } = createRequire(import.meta.url)('cli-progress') as typeof CliProgress;
        const format = total === undefined ? `${what} {value}, {duration_formatted}` : `{bar} {value}/{total} ${what}`;
        bar = new SingleBar({ format, clearOnComplete: true, hideCursor: true }, Presets.shades_classic);
        bar.start(total ?? 0, done);
        takeAway = stop;
        process.on('SIGINT', interrupted);
      }
      bar?.update(done);
    },
    stop,
  };
}

function linesFor(what: string, total: number | undefined, began: number): Progress {
  let last = began;
  return {
    update(done) {
      const now = performance.now();
      if (now - last < LINE_MS) return;
      last = now;
      console.error(
        `${what} ${done}${total === undefined ? '' : ` of ${total}`} after ${Math.round((now - began) / 1000)} s`,
      );
    },
    stop() {},
  };
}
