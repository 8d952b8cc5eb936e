import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Peek, Session, type WatchedEvent } from 'poe-kernel';
import { Simulation } from '../../helpers/run-sessions.ts';

const METHODS = ['invoke', 'handle', 'call', 'invokeThrough'] as const;

describe('Peek.watch', () => {
  it('tells of posted events, timers, calls, signals, starts and ends, with sender and receiver, once each', async () => {
    const simulation = new Simulation();
    const { kernel } = simulation;
    const told: WatchedEvent[] = [];
    new Peek(kernel).watch((event) => told.push(event));
    Session.create({
      kernel,
      inlineStates: {
        _start({ kernel }) {
          kernel.aliasSet('a');
          kernel.sig('HELLO', 'hello');
          Session.create({
            kernel,
            inlineStates: { _start: ({ kernel }) => kernel.aliasSet('b'), get() {}, _stop() {} },
          });
          kernel.post('b', 'get');
          kernel.call('b', 'get');
          kernel.delay('late', 1);
        },
        async late({ kernel }) {
          kernel.call('a', 'own');
          kernel.signal('a', 'HELLO');
        },
        own() {},
        hello() {},
        _child() {},
        _stop() {},
      },
    });
    await kernel.run();
    const id = (session: unknown): unknown => (session === kernel.id ? 'kernel' : session);
    assert.deepEqual(
      told.map(({ kind, event, source, destination }) => `${kind} ${event} ${id(source)}>${id(destination)}`),
      [
        'start _start 1>2',
        'event _child kernel>1',
        'call get 1>2',
        'start _start kernel>1',
        'event get 1>2',
        'call own 1>1',
        'event late 1>1',
        'signal hello kernel>1',
        'stop _stop kernel>2',
        'event _child kernel>1',
        'stop _stop kernel>1',
      ],
    );
    assert.ok(told.every(({ seconds, time }) => seconds >= 0 && time > 0));
  });

  it('leaves the engine as it was when the last listener has gone, whatever the order', () => {
    const { kernel } = new Simulation();
    const { _engine: engine } = kernel;
    const before = Object.getOwnPropertyNames(engine);
    const functions = METHODS.map((name) => engine[name]);
    const peek = new Peek(kernel);
    const [first, second] = [peek.watch(() => {}), peek.watch(() => {})];
    first();
    first();
    assert.notDeepEqual(Object.getOwnPropertyNames(engine), before);
    second();
    assert.deepEqual(Object.getOwnPropertyNames(engine), before);
    assert.deepEqual(
      METHODS.map((name) => engine[name]),
      functions,
    );
  });

  it('goes on when a listener throws, with a warning, and when a handler does', async () => {
    const simulation = new Simulation();
    const { kernel } = simulation;
    const told: string[] = [];
    const peek = new Peek(kernel);
    peek.watch(() => {
      throw new Error('no');
    });
    peek.watch(({ event }) => told.push(event));
    simulation.session({
      _start({ kernel }) {
        kernel.sig('DIE', 'died');
        kernel.yield('fail');
      },
      fail() {
        throw new Error('oops');
      },
      died: ({ kernel }) => kernel.sigHandled(),
    });
    await kernel.run();
    assert.deepEqual(told, ['_start', 'fail', 'died', '_stop']);
    assert.ok(simulation.warnings.every(([code]) => code === 'POE_WARN_HOOK_FAILED'));
    assert.equal(simulation.warnings.length, 4);
  });

  it('a listener that leaves while a handler runs is told no more, and one that comes is told of what begins later', async () => {
    const simulation = new Simulation();
    const { kernel } = simulation;
    const told: string[] = [];
    const peek = new Peek(kernel);
    let end = (): void => {};
    simulation.session({
      _start: ({ kernel }) => kernel.yield('begin'),
      begin({ kernel }) {
        end = peek.watch(({ event }) => told.push(event));
        kernel.yield('watched');
      },
      watched({ kernel }) {
        kernel.yield('last');
      },
      last() {
        end();
      },
    });
    await kernel.run();
    assert.deepEqual(told, ['watched']);
  });
});
