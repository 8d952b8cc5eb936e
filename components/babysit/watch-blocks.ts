import { Worker } from 'node:worker_threads';
import { debugFor } from '../../core/index.ts';
import type { BlockWatch } from './block-watcher.ts';

const debug = debugFor('babysit:blocks');

const LOOKS = 5;
const MS = 1000;

/**
 * Tells on standard error, while it is so, that a handler keeps the event loop of this process from going round: which event of which
 * session, and at which line (`POE_WARN_BLOCKED`). What runs is not slowed down; a second thread, of about 10 MB, looks on.
 *
 * @param seconds - How long the loop may be blocked.
 * @returns What ends it.
 * @example
 * const stop = watchBlocks(5);
 */
export function watchBlocks(seconds: number): () => void {
  const beat = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const workerData: BlockWatch = { beat, everyMs: (seconds * MS) / LOOKS, looks: LOOKS };
  const timer = setInterval(() => Atomics.add(beat, 0, 1), workerData.everyMs / 2);
  timer.unref();
  const worker = new Worker(new URL('./block-watcher.js', import.meta.url), { workerData, execArgv: [] });
  worker.unref();
  worker.on('error', (error) => debug('cannot look on: %O', error));
  return () => {
    clearInterval(timer);
    void worker.terminate();
  };
}
