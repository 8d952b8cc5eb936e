import { spawnSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { debugFor } from '../debug.ts';

const debug = debugFor('host:processes');
/** As many as twelve children take. One call for all of them: starting `mkfifo` takes longer than starting a child. */
const BATCH = 24;
const KEPT_MS = 1000;

/** The two descriptors of a pipe. Both block, and neither is inherited by itself. */
export interface PipeDescriptors {
  readonly reading: number;
  readonly writing: number;
}

/**
 * Pipes of the system, which Node cannot make: what it calls a pipe is a pair of sockets, and those a child cannot open
 * again as `/dev/stdout` or `/dev/stderr`. Here they are named pipes that lose their names as soon as they are open.
 */
export class Fifos {
  #folder: string | undefined;
  #paths: string[] = [];
  #timer: NodeJS.Timeout | undefined;
  #unavailable = false;

  /** A new pipe; undefined where the system has no named pipes, or no folder to make them in. */
  open(): PipeDescriptors | undefined {
    if (this.#unavailable) return undefined;
    // Those at hand may have been removed by somebody who cleans up.
    return (this.#paths.length > 0 ? this.#try() : undefined) ?? this.#tryWithNew();
  }

  #tryWithNew(): PipeDescriptors | undefined {
    try {
      this.#clear();
      this.#make();
      return this.#openNext();
    } catch (error) {
      const { code } = error as { code?: unknown };
      // Descriptors will be free again some time.
      if (code !== 'EMFILE' && code !== 'ENFILE') this.#unavailable = true;
      if (debug.enabled) debug('do without pipes of the system: %s', error);
      this.#clear();
      return undefined;
    }
  }

  #try(): PipeDescriptors | undefined {
    try {
      return this.#openNext();
    } catch {
      return undefined;
    }
  }

  #make(): void {
    const folder = mkdtempSync(join(tmpdir(), 'poe-pipes-'));
    this.#folder = folder;
    // What is not used soon is removed, so that a process that is killed leaves nothing behind.
    this.#timer = setTimeout(this.#clear, KEPT_MS).unref();
    process.on('exit', this.#clear);
    const paths = Array.from({ length: BATCH }, (_, index) => join(folder, String(index)));
    const { status, error } = spawnSync('mkfifo', paths, { stdio: 'ignore' });
    if (status !== 0) throw error ?? new Error(`mkfifo ends with ${status}`);
    this.#paths = paths;
  }

  #openNext(): PipeDescriptors {
    const path = this.#paths.pop() as string;
    const opened: number[] = [];
    try {
      // Held open both ways meanwhile, so that neither of the others waits for its counterpart.
      for (const flags of [constants.O_RDWR, constants.O_RDONLY, constants.O_WRONLY])
        opened.push(openSync(path, flags));
      const [both, reading, writing] = opened as [number, number, number];
      closeSync(both);
      return { reading, writing };
    } catch (error) {
      for (const descriptor of opened) closeSync(descriptor);
      throw error;
    } finally {
      rmSync(path, { force: true });
      if (this.#paths.length === 0) this.#clear();
    }
  }

  readonly #clear = (): void => {
    process.off('exit', this.#clear);
    clearTimeout(this.#timer);
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
    this.#folder = undefined;
    this.#paths = [];
  };
}
