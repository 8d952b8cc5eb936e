import { randomBytes } from 'node:crypto';
import { constants, hostname } from 'node:os';
import { performance } from 'node:perf_hooks';
import { NodeProcesses } from '../processes/node-processes.ts';
import type { Clock, Host, HostIdentity, HostLoop, RandomSource, SignalHost } from './host.ts';
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
