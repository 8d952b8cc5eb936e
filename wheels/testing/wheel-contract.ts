import assert from 'node:assert/strict';
import { Kernel, type KernelView, Peek, Session } from '../../core/index.ts';
import type { Wheel } from '../wheel.ts';
import type { ContractCase } from './contract.ts';

/** What the contract needs to know about a wheel. */
export interface WheelSubject {
  /** Makes a wheel in the session whose kernel it is given, with events of any name. It should find something to wait for, or to do later. */
  make(kernel: KernelView): Wheel;
  /** Makes the kernel of each case. Default: a new one on the real host. */
  kernel?(): Kernel;
}

/** Who waits for the end of a case must not wait for ever. */
const PATIENCE_MS = 5000;

/**
 * The suite that every wheel passes: numbers, where it may be made, renaming of events, and that its end, by itself or with its session, leaves
 * nothing behind.
 *
 * @returns Cases with a title, to be run by any test runner.
 * @example
 * const cases = wheelContract({ make: (kernel) => new Ticker({ kernel, tickEvent: 'tick' }) });
 * for (const { title, run } of cases) await run();
 */
export function wheelContract({ make, kernel: makeKernel = () => new Kernel() }: WheelSubject): ContractCase[] {
  /** Runs `act` in a session, to its end. What the wheels tell it is taken, and means nothing. */
  const inSession = async (act: (kernel: KernelView, session: Session) => void): Promise<void> => {
    const kernel = makeKernel();
    let failure: unknown;
    Session.create({
      kernel,
      inlineStates: {
        _start({ kernel }) {
          kernel.yield('act');
        },
        act({ kernel, session }) {
          try {
            act(kernel, session);
          } catch (error) {
            failure = error;
            kernel.stop();
          }
        },
        _default: () => {},
      },
    });
    await within(kernel);
    if (failure !== undefined) throw failure;
  };

  /** Runs a session that has a wheel, until both have ended. */
  const outlived = async (begin: (kernel: KernelView) => Wheel): Promise<void> => {
    let wheel: Wheel | undefined;
    await inSession((kernel) => {
      wheel = begin(kernel);
    });
    assert.equal(wheel?.destroyed, true);
  };

  return [
    {
      title: 'id is a number of its own',
      run: () =>
        inSession((kernel) => {
          const [one, other] = [make(kernel), make(kernel)];
          assert.ok(Number.isInteger(one.id) && one.id > 0, `id is ${one.id}`);
          assert.ok(other.id > one.id, `${other.id} was made after ${one.id}`);
          one.destroy();
          other.destroy();
        }),
    },
    {
      title: 'new refuses outside of sessions',
      run() {
        const kernel = makeKernel();
        assert.throws(() => make(kernel), { code: 'POE_ERR_NO_ACTIVE_SESSION' });
      },
    },
    {
      title: 'destroy() gives back handlers, timers, watchers and holds at once, and may be called again',
      run: () =>
        inSession((kernel, session) => {
          const before = belongings(kernel, session);
          const wheel = make(kernel);
          wheel.destroy();
          assert.deepEqual(belongings(kernel, session), before);
          assert.equal(wheel.destroyed, true);
          wheel.destroy();
          assert.deepEqual(belongings(kernel, session), before);
        }),
    },
    {
      title: 'destroy() leaves another wheel of the same kind as it is',
      run: () =>
        inSession((kernel, session) => {
          const one = make(kernel);
          const alone = belongings(kernel, session);
          make(kernel).destroy();
          assert.deepEqual(belongings(kernel, session), alone);
          assert.equal(one.destroyed, false);
          one.destroy();
        }),
    },
    {
      title: 'a session ends once its wheel is destroyed in a later event',
      run: () =>
        outlived((kernel) => {
          const wheel = make(kernel);
          kernel.state('end', () => wheel.destroy());
          kernel.delay('end', 0.02);
          return wheel;
        }),
    },
    {
      title: 'a wheel ends with its session',
      run: () =>
        outlived((kernel) => {
          const wheel = make(kernel);
          kernel.signal(kernel, 'TERM');
          return wheel;
        }),
    },
    {
      title: 'event() warns of an event that there is not, and goes on',
      async run() {
        const warnings = await warningsDuring(() =>
          inSession((kernel) => {
            const wheel = make(kernel);
            wheel.event({ thereIsNoSuchEvent: 'any' } as object);
            wheel.destroy();
          }),
        );
        assert.equal(warnings.filter((message) => message.includes('thereIsNoSuchEvent')).length, 1, 'one warning');
      },
    },
  ];
}

/** What a session has of the kernel: handlers by name, and how much of anything keeps it alive. */
function belongings(kernel: KernelView, session: Session): unknown {
  const peek = new Peek(kernel);
  return { handlers: peek.sessionEventList(session).sort(), reasons: peek.reasonCounts(session) };
}

/** Runs a kernel to its end. */
async function within(kernel: Kernel): Promise<void> {
  const patience = setTimeout(() => kernel.stop(), PATIENCE_MS);
  const start = Date.now();
  await kernel.run();
  clearTimeout(patience);
  assert.ok(Date.now() - start < PATIENCE_MS, 'the session ends: nothing of the wheel keeps it');
}

/** Warnings that come while something runs. */
async function warningsDuring(run: () => Promise<void>): Promise<string[]> {
  const warnings: string[] = [];
  const hear = ({ message }: Error): void => void warnings.push(message);
  process.on('warning', hear);
  try {
    await run();
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    process.off('warning', hear);
  }
  return warnings;
}
