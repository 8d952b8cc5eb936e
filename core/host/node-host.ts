import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { subscribe } from 'node:diagnostics_channel';
import { constants, hostname } from 'node:os';
import { performance } from 'node:perf_hooks';
import type { Clock, Host, HostIdentity, HostLoop, ProcessHost, RandomSource, SignalHost } from './host.ts';
import { NodeFiles } from './node-files.ts';
import { NodeHandleHost } from './node-handles.ts';
import { NodeSocketHost } from './node-sockets.ts';
import { Series } from './series.ts';

class NodeClock implements Clock {
  monotonic(): number {
    return performance.now() / 1000;
  }
  wall(): number {
    return Date.now() / 1000;
  }
}

/** Node's longest timer is 2^31 ms; the kernel asks again when it fires early. */
const LONGEST_MS = 2 ** 31 - 1;

class NodeLoop implements HostLoop {
  readonly name = 'node';

  soon(callback: () => void): void {
    setImmediate(callback);
  }

  after(seconds: number, callback: () => void): () => void {
    // Node cuts fractions of a millisecond off and would fire early: round up.
    const timeout = setTimeout(callback, Math.min(Math.ceil(seconds * 1000), LONGEST_MS));
    return () => clearTimeout(timeout);
  }
}

class NodeSignals implements SignalHost {
  exists(name: string): boolean {
    return `SIG${name}` in constants.signals && name !== 'KILL' && name !== 'STOP' && name !== 'CHLD';
  }

  watch(name: string, callback: () => void): () => void {
    const signal = `SIG${name}` as NodeJS.Signals;
    process.on(signal, callback);
    return () => process.off(signal, callback);
  }
}

/** The wait status as Perl has it in `$?`. */
function waitStatus(code: number | null, signal: NodeJS.Signals | null): number {
  return signal === null ? (code ?? 0) << 8 : constants.signals[signal];
}

/**
 * Knows every child that this process starts, whoever starts it: Node announces each new ChildProcess on a
 * diagnostics channel.
 */
class NodeProcesses implements ProcessHost {
  readonly #children = new Map<number, ChildProcess>();
  /** Announced a moment ago: their numbers are not entered yet, but may be asked for. */
  readonly #starting = new Set<ChildProcess>();
  readonly #watchers = new Set<(pid: number, status: number) => void>();

  constructor() {
    subscribe('child_process', (message) => this.#adopt((message as { process: ChildProcess }).process));
  }

  isChild(pid: number): boolean {
    if (this.#children.has(pid)) return true;
    for (const child of this.#starting) if (child.pid === pid) return true;
    return false;
  }

  watch(callback: (pid: number, status: number) => void): () => void {
    this.#watchers.add(callback);
    return () => this.#watchers.delete(callback);
  }

  #adopt(child: ChildProcess): void {
    // The announcement comes before the start, so the number is known only a moment later, but before anything
    // of the child can be reported.
    child.once('exit', (code, signal) => {
      const pid = child.pid;
      if (pid === undefined) return;
      this.#children.delete(pid);
      for (const watcher of this.#watchers) watcher(pid, waitStatus(code, signal));
    });
    this.#starting.add(child);
    queueMicrotask(() => {
      this.#starting.delete(child);
      if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
        this.#children.set(child.pid, child);
      }
    });
  }
}

class NodeRandom implements RandomSource {
  number(): number {
    return Math.random();
  }

  octets(count: number): Uint8Array {
    return randomBytes(count);
  }
}

class NodeIdentity extends Series implements HostIdentity {
  get hostname(): string {
    return hostname();
  }

  get pid(): number {
    return process.pid;
  }
}

let shared: Host | undefined;

/** The real host: Node and the operating system under it. One is shared by all kernels of the process. */
export function nodeHost(): Host {
  if (shared !== undefined) return shared;
  const files = new NodeFiles();
  const handles = new NodeHandleHost(files);
  shared = {
    clock: new NodeClock(),
    loop: new NodeLoop(),
    signals: new NodeSignals(),
    processes: new NodeProcesses(),
    files,
    handles,
    sockets: new NodeSocketHost(handles),
    random: new NodeRandom(),
    identity: new NodeIdentity(),
  };
  return shared;
}
