import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { describe, it } from 'node:test';
import type { HandlerContext } from 'poe-kernel';
import { Simulation } from '../helpers/run-sessions.ts';

describe('wantarray', () => {
  it('is true in callList, false in call, _start and _stop, undefined otherwise, and right again after a nested call', async () => {
    const simulation = new Simulation();
    const { kernel, said, say } = simulation;
    simulation.session({
      _start({ kernel, session, wantarray }) {
        say(`start ${wantarray}`);
        kernel.call(session, 'ask', 'call');
        kernel.callList(session, 'ask', 'callList');
        kernel.callVoid(session, 'ask', 'callVoid');
        kernel.yield('ask', 'yield');
        kernel.yield('nested');
      },
      ask: ({ wantarray }, how) => say(`${how} ${wantarray}`),
      nested(context) {
        context.kernel.callList(context.session, 'ask', 'nested');
        say(`after ${context.wantarray}`);
      },
      _stop: ({ wantarray }) => say(`stop ${wantarray}`),
    });
    await kernel.run();
    assert.deepEqual(said, [
      'start false',
      'call false',
      'callList true',
      'callVoid undefined',
      'yield undefined',
      'nested true',
      'after undefined',
      'stop false',
    ]);
  });
});

describe('callerFile and callerLine', () => {
  const places = async (traceCallers: boolean): Promise<string[]> => {
    const simulation = new Simulation({ traceCallers });
    const { kernel, said, say } = simulation;
    const show = ({ callerFile, callerLine, callerState }: HandlerContext): void =>
      say(`${basename(callerFile ?? 'none')} ${typeof callerLine} ${callerState}`);
    simulation.session({
      _start({ kernel, session }) {
        kernel.yield('posted');
        kernel.delay('timed', 1);
        kernel.call(session, 'called');
        kernel.sig('DIE', 'died');
        kernel.yield('broken');
      },
      posted: show,
      timed: show,
      called: show,
      broken() {
        throw new Error('broke');
      },
      died({ kernel }, _signal, { file, line, fromState }) {
        say(`died ${basename(file ?? 'none')} ${typeof line} ${fromState}`);
        kernel.sigHandled();
      },
    });
    await kernel.run();
    return said;
  };

  it('name the place that sent the event, if the kernel was asked for it', async () => {
    assert.deepEqual(await places(true), [
      'context.test.js number _start',
      'context.test.js number _start',
      'died context.test.js number _start',
      'context.test.js number _start',
    ]);
  });

  it('are undefined otherwise', async () => {
    assert.deepEqual(await places(false), [
      'none undefined _start',
      'none undefined _start',
      'died none undefined _start',
      'none undefined _start',
    ]);
  });
});
