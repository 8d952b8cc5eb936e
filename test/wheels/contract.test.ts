import assert from 'node:assert/strict';
import net from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { type KernelView, oneWay, twoWay } from 'poe-kernel';
import { wheelContract } from 'poe-kernel/testing';
import { Curses, FollowTail, ListenAccept, ReadLine, ReadWrite, Run, SocketFactory, Wheel } from 'poe-kernel/wheels';
import { TestTerminal } from '../helpers/test-terminal.ts';

const makers: Record<string, (kernel: KernelView) => Wheel> = {
  ReadWrite: (kernel) => new ReadWrite({ kernel, handle: twoWay()[0], inputEvent: 'got', errorEvent: 'failed' }),
  'ReadWrite with two handles': (kernel) =>
    new ReadWrite({ kernel, inputHandle: oneWay()[0], outputHandle: oneWay()[1], inputEvent: 'got' }),
  'SocketFactory that listens': (kernel) =>
    new SocketFactory({ kernel, bindAddress: '127.0.0.1', successEvent: 'accepted', failureEvent: 'failed' }),
  'SocketFactory that connects': (kernel) =>
    new SocketFactory({
      kernel,
      remoteAddress: '127.0.0.1',
      remotePort: 9,
      successEvent: 'connected',
      failureEvent: 'failed',
    }),
  ReadLine: (kernel) => {
    const { input, output } = new TestTerminal();
    const wheel = new ReadLine({ kernel, input, output, inputEvent: 'line' });
    wheel.get('> ');
    return wheel;
  },
  Curses: (kernel) => {
    const { input, output } = new TestTerminal();
    return new Curses({ kernel, input, output, inputEvent: 'key' });
  },
  'FollowTail by name': (kernel) =>
    new FollowTail({ kernel, filename: import.meta.filename, inputEvent: 'got', idleEvent: 'idle' }),
  'FollowTail of a file that is not there': (kernel) =>
    new FollowTail({ kernel, filename: join(import.meta.dirname, 'none'), inputEvent: 'got', resetEvent: 'reset' }),
  'FollowTail by handle': (kernel) => new FollowTail({ kernel, handle: oneWay()[0], inputEvent: 'got' }),
  Run: (kernel) =>
    new Run({
      kernel,
      program: 'cat',
      stdoutEvent: 'out',
      stderrEvent: 'err',
      stdinEvent: 'flushed',
      closeEvent: 'closed',
    }),
  'Run with a terminal': (kernel) => new Run({ kernel, program: 'cat', conduit: 'pty', stdoutEvent: 'out' }),
  ListenAccept: (kernel) => new ListenAccept({ kernel, handle: new net.Server(), acceptEvent: 'accepted' }),
};

for (const [name, make] of Object.entries(makers)) {
  describe(`${name}, as a wheel`, () => {
    for (const { title, run } of wheelContract({ make })) test(title, run);
  });
}

/** Wheels that are wrong, each in one way, and the case that finds it. */
const wrong: [what: string, make: (kernel: KernelView) => Wheel, found: RegExp][] = [
  [
    'keeps a handler',
    (kernel) => {
      class Leaky extends Wheel {
        constructor() {
          super(kernel);
          this.kernel.state(`left ${this.id}`, () => {});
        }
      }
      return new Leaky();
    },
    /^destroy\(\) gives back/,
  ],
  [
    'keeps a timer of a handler that goes',
    (kernel) => {
      class Late extends Wheel {
        constructor() {
          super(kernel);
          this.kernel.delaySet('later', 3600);
        }
      }
      return new Late();
    },
    /^a session ends once|^destroy\(\) gives back/,
  ],
  [
    'has no end',
    (kernel) => {
      class Endless extends Wheel {
        constructor() {
          super(kernel);
          this.addState('work', () => {});
        }
        override destroy(): void {}
      }
      return new Endless();
    },
    /^a wheel ends with its session|^destroy\(\) gives back/,
  ],
  [
    'does not know what it does not know',
    (kernel) => {
      class Mute extends Wheel {
        constructor() {
          super(kernel);
        }
        override event(): void {}
      }
      return new Mute();
    },
    /^event\(\) warns/,
  ],
];

describe('wheelContract()', () => {
  for (const [what, make, found] of wrong) {
    test(`wheelContract() finds a wheel that ${what}`, async () => {
      const failed: string[] = [];
      for (const { title, run } of wheelContract({ make })) {
        if (!found.test(title)) continue;
        await Promise.resolve()
          .then(run)
          .catch(() => failed.push(title));
      }
      assert.ok(failed.length > 0);
    });
  }
});
