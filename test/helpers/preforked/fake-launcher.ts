import type { Launcher, ProcessEvents, StartedProcess } from '../../../components/prefork/launcher.ts';
import type { ToChild } from '../../../components/prefork/messages.ts';

/** A process that never was. The test says what happens to it. */
export class FakeProcess implements StartedProcess {
  readonly pid: number;
  readonly events: ProcessEvents;
  /** What it was sent. */
  readonly sent: ToChild['type'][] = [];
  readonly signals: string[] = [];
  alive = true;
  /** Whether it says nothing any more, as a stopped one. */
  isMute = false;

  constructor(pid: number, events: ProcessEvents) {
    this.pid = pid;
    this.events = events;
  }

  send(message: ToChild): void {
    this.sent.push(message.type);
    if (message.type === 'serve' && !this.isMute) this.events.message({ type: 'serving' });
  }

  kill(signal: string): boolean {
    this.signals.push(signal);
    return this.alive;
  }

  boot(): void {
    this.events.message({ type: 'ready' });
  }

  end(code: number | null, signal: string | null = null): void {
    this.alive = false;
    this.events.exited(code, signal);
  }
}

export class FakeLauncher implements Launcher {
  atOnce = Number.POSITIVE_INFINITY;
  readonly children: FakeProcess[] = [];
  readonly successors: FakeProcess[] = [];
  handedOverCount = 0;
  /** Whether no process can be started. */
  fails = false;
  #pid = 5000;

  child(_id: number, events: ProcessEvents): FakeProcess {
    if (this.fails) throw new Error('EAGAIN');
    const made = new FakeProcess(++this.#pid, events);
    this.children.push(made);
    return made;
  }

  successor(events: ProcessEvents): FakeProcess {
    const made = new FakeProcess(++this.#pid, events);
    this.successors.push(made);
    return made;
  }

  handedOver(): void {
    this.handedOverCount++;
  }

  get running(): FakeProcess[] {
    return this.children.filter(({ alive }) => alive);
  }

  bootAll(): void {
    for (const child of this.running) if (child.sent.length === 0) child.boot();
  }
}
