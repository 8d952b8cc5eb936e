import { readdirSync, readFileSync } from 'node:fs';
import { Kernel, Peek, Session } from 'poe-kernel';
import { Run, Stream } from 'poe-kernel/wheels';
import { until } from './sessions.ts';

/** How long that may take: a machine that does much else is slow to tell of ends. */
const PATIENCE_MS = 60_000;

/** What must be as before once all children have ended. */
export interface ChildCounts {
  readonly descriptors: number;
  readonly handles: number;
  readonly sessions: number;
  readonly zombies: number;
}

/** Runs children in crowds, in one kernel: each is given octets, and gives them back. */
export class Children {
  /** What each child is given. */
  static readonly OCTETS = 300_000;
  readonly #kernel = new Kernel();
  readonly #atOnce: number;

  constructor(atOnce = 10) {
    this.#atOnce = atOnce;
  }

  /** Runs so many children, a few at once. Returns the octets that came back. */
  async run(count: number): Promise<number> {
    const text = Buffer.alloc(Children.OCTETS, 'x');
    let [started, octets] = [0, 0];
    Session.create({
      kernel: this.#kernel,
      heap: new Map<number, Run<any, Buffer>>(),
      inlineStates: {
        _start: ({ kernel }) => {
          for (let n = 0; n < this.#atOnce; n++) kernel.yield('start');
        },
        start: ({ kernel, heap }) => {
          if (started === count) return;
          started++;
          const wheel = new Run<any, any>({
            kernel,
            program: 'cat',
            stdioFilter: new Stream(),
            stdoutEvent: 'out',
            stdinEvent: 'flushed',
            closeEvent: 'closed',
          });
          heap.set(wheel.id, wheel);
          kernel.sigChild(wheel.pid, 'ended');
          wheel.put(text);
        },
        flushed: ({ heap }, id) => heap.get(id)?.shutdownStdin(),
        out: (_, record) => {
          octets += record.length;
        },
        closed: ({ heap }, id) => {
          heap.get(id)?.destroy();
          heap.delete(id);
        },
        ended: ({ kernel }) => void kernel.yield('start'),
      },
    });
    await this.#kernel.run();
    return octets;
  }

  /** What there is now. */
  counts(): ChildCounts {
    const { handles, sessions } = {
      handles: new Peek(this.#kernel).handleCount(),
      sessions: this.#kernel.getSessionCount(),
    };
    return { descriptors: readdirSync('/proc/self/fd').length, handles, sessions, zombies: zombies() };
  }

  /** What there is once it is as it was, or after a minute. */
  async atRest(start: ChildCounts): Promise<ChildCounts> {
    const patience = Date.now() + PATIENCE_MS;
    await until(() => Date.now() > patience || JSON.stringify(this.counts()) === JSON.stringify(start));
    return this.counts();
  }
}

/** Children of this process that have ended and were not waited for. */
function zombies(): number {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isZombie(name)).length;
}

function isZombie(pid: string): boolean {
  try {
    const [, state, parent] = /\) (\S) (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    return state === 'Z' && Number(parent) === process.pid;
  } catch {
    return false;
  }
}
