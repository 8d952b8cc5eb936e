import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Kernel, Session } from 'poe-kernel';
import { type SimulatedProgram, Simulation } from 'poe-kernel/testing';
import { Run } from 'poe-kernel/wheels';
import { ending, runChild } from '../../helpers/run-child.ts';

/** A kernel on a simulated host whose programs are played so. */
function kernelWith(programs: (program: SimulatedProgram) => void): [Simulation, Kernel] {
  const simulation = new Simulation();
  return [simulation, new Kernel({ host: simulation.host({ programs }) })];
}

describe('simulated programs', () => {
  test('a program reads, writes and ends as it is played', async () => {
    const [, kernel] = kernelWith((program) => {
      const { file, args, stdin, stdout, stderr } = program;
      stdin?.on('data', (octets) => {
        stdout?.write(`${file} ${args.join(' ')}: ${octets}`);
        stderr?.write('that was all\n');
      });
      stdin?.on('end', () => program.exit());
    });
    const log = await runChild(
      { program: ['tool', '-v', 'x'] },
      { started: (wheel) => wheel.put('line'), out: (wheel) => wheel.shutdownStdin() },
      kernel,
    );
    assert.deepEqual([log.out, log.err, ending(log)], [['tool -v x: line'], ['that was all'], 'exit 0']);
    assert.equal(log.order.at(-1), 'closed');
  });

  test('kill() ends a program, or tells one that listens', async () => {
    const heard: string[] = [];
    const [simulation, kernel] = kernelWith((program) => {
      if (program.args[0] === 'deaf') {
        program.onSignal = (signal) => {
          heard.push(signal);
        };
      }
      program.stdout?.write('up\n');
    });
    const plain = await runChild(
      { program: ['sleep', '5'] },
      { out: (wheel) => assert.equal(wheel.kill('HUP'), 1) },
      kernel,
    );
    assert.equal(ending(plain), 'signal 1');
    const deaf = await runChild(
      { program: ['sleep', 'deaf'] },
      {
        out(wheel) {
          assert.deepEqual([wheel.kill(), wheel.kill('INT'), wheel.kill('NONSENSE'), wheel.kill('KILL')], [1, 1, 0, 1]);
          assert.equal(wheel.kill('KILL'), 0);
        },
      },
      kernel,
    );
    assert.deepEqual([heard, ending(deaf), simulation.now], [['TERM', 'INT'], 'signal 9', 0]);
  });

  test('a terminal has both outputs in one', async () => {
    const [, kernel] = kernelWith((program) => {
      program.stdout?.write('out\n');
      program.stderr?.write('err\n');
      program.exit(3);
    });
    const log = await runChild({ program: 'tool', conduit: 'pty', stderrEvent: undefined }, {}, kernel);
    assert.deepEqual([log.out, ending(log)], [['out', 'err'], 'exit 3']);
  });

  test('without programs whoever starts one is told', async () => {
    const kernel = new Kernel({ host: new Simulation().host() });
    Session.create({
      kernel,
      inlineStates: {
        _start({ kernel }) {
          assert.throws(() => new Run({ kernel, program: 'ls' }), {
            code: 'POE_ERR_SIMULATION_CHILD',
            hint: /programs/,
          });
        },
      },
    });
    await kernel.run();
  });
});
