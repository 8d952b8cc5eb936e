import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Kernel, oneWay, Session, twoWay } from 'poe-kernel';
import { ReadWrite, SocketFactory, wheelHooks } from 'poe-kernel/wheels';
import { Simulation } from '../helpers/run-sessions.ts';

describe('wheelHooks()', () => {
  it('gives one record a kernel, the same for each of its views', async () => {
    const simulation = new Simulation();
    const { kernel } = simulation;
    await simulation.inside(({ kernel: bound }) => assert.equal(wheelHooks(bound), wheelHooks(kernel)));
    assert.notEqual(wheelHooks(new Kernel()), wheelHooks(kernel));
    assert.ok(Object.isFrozen(wheelHooks(kernel)));
  });

  it('guards its taps as the kernel does', async () => {
    const simulation = new Simulation();
    wheelHooks(simulation.kernel).wheelCreated.tap('bad', () => {
      throw new Error('broke');
    });
    await simulation.inside(({ kernel }) => new ReadWrite({ kernel, handle: twoWay()[0] }).destroy());
    assert.deepEqual(simulation.warnings, [
      ['POE_WARN_HOOK_FAILED', "The tap 'bad' of the hook wheelCreated threw: Error: broke"],
    ]);
  });
});

describe('wheelCreated, wheelDestroyed', () => {
  it('tell of each wheel once, with its ID and session', async () => {
    const simulation = new Simulation();
    const { kernel, said, say } = simulation;
    wheelHooks(kernel).wheelCreated.tap('test', (wheel) => say(`made ${wheel.constructor.name} ${wheel.id}`));
    wheelHooks(kernel).wheelDestroyed.tap('test', (wheel) => say(`gone ${wheel.id}, session ${wheel.session.id}`));
    let id = 0;
    await simulation.inside(({ kernel }) => {
      const wheel = new ReadWrite({ kernel, handle: twoWay()[0] });
      id = wheel.id;
      wheel.destroy();
      wheel.destroy();
    });
    assert.deepEqual(said, [`made ReadWrite ${id}`, `gone ${id}, session 1`]);
  });

  it('tell of the end of a wheel whose session ends', async () => {
    const simulation = new Simulation();
    const { kernel, said, say } = simulation;
    wheelHooks(kernel).wheelDestroyed.tap('test', () => say('gone'));
    await simulation.inside(({ kernel }) => {
      new ReadWrite({ kernel, handle: twoWay()[0] });
      kernel.stop();
    });
    assert.deepEqual(said, ['gone']);
  });
});

describe('wheelFailed', () => {
  it('tells of the end of what ReadWrite reads, also where the session has no event for it', async () => {
    const simulation = new Simulation();
    const { kernel, said, say } = simulation;
    wheelHooks(kernel).wheelFailed.tap('test', (wheel, operation, errno) => {
      say(`${wheel.constructor.name} ${operation} ${errno}`);
      wheel.destroy();
    });
    const [reader, writer] = oneWay();
    await simulation.inside(({ kernel }) => {
      new ReadWrite({ kernel, inputHandle: reader, outputHandle: twoWay()[0], inputEvent: 'line' });
      writer.end();
    });
    assert.deepEqual(said, ['ReadWrite read 0']);
  });

  it('tells of an address that SocketFactory cannot bind', async () => {
    const kernel = new Kernel();
    const said: string[] = [];
    wheelHooks(kernel).wheelFailed.tap('test', (wheel, operation, _errno, message) => {
      said.push(`${wheel.constructor.name} ${operation} ${message}`);
    });
    Session.create({
      kernel,
      inlineStates: {
        _start({ kernel }) {
          new SocketFactory({
            kernel,
            bindAddress: '192.0.2.1',
            bindPort: 0,
            successEvent: 'never',
            failureEvent: 'failed',
          });
        },
        failed({ kernel }, operation: string) {
          said.push(`session: ${operation}`);
          kernel.stop();
        },
      },
    });
    await kernel.run();
    assert.deepEqual(said, ['SocketFactory bind Cannot assign requested address', 'session: bind']);
  });
});
