import assert from 'node:assert/strict';
import { constants } from 'node:os';
import { describe, test } from 'node:test';
import { kernel, Session } from 'poe-kernel';
import { Run } from 'poe-kernel/wheels';
import { ending, runChild } from '../../helpers/run-child.ts';

describe('conduits pty and pty-pipe', () => {
  test('the child has a terminal in raw mode of the size that was asked for, and it is the controlling one', async () => {
    const script =
      'stty size; stty -a | tr " ;" "\\n\\n" | grep -x -e -echo -e -opost -e -icanon -e -isig | sort; echo tty >/dev/tty';
    const log = await runChild({
      program: ['sh', '-c', script],
      conduit: 'pty',
      winsize: [25, 80],
      stderrEvent: undefined,
    });
    assert.deepEqual(log.out, ['25 80', '-echo', '-icanon', '-isig', '-opost', 'tty']);
    assert.equal(ending(log), 'exit 0');
  });

  test('pty brings standard error with standard output, pty-pipe apart', async () => {
    const program = [
      'sh',
      '-c',
      'test -t 0 && test -t 1 && echo out; test -t 2 && echo terminal >&2 || echo pipe >&2; exit 4',
    ];
    const pty = await runChild({ program, conduit: 'pty', stderrEvent: undefined });
    assert.deepEqual([pty.out, pty.err, ending(pty)], [['out', 'terminal'], [], 'exit 4']);
    const ptyPipe = await runChild({ program, conduit: 'pty-pipe' });
    assert.deepEqual([ptyPipe.out, ptyPipe.err, ending(ptyPipe)], [['out'], ['pipe'], 'exit 4']);
  });

  test('what is put arrives as it is, and is not echoed', async () => {
    const log = await runChild(
      { program: ['sh', '-c', 'read line; echo "got $line"'], conduit: 'pty-pipe' },
      { started: (wheel) => wheel.put('early') },
    );
    assert.deepEqual(log.out, ['got early']);
  });

  test('a large output is read to its end', async () => {
    const program = ['sh', '-c', 'head -c 1000000 /dev/zero | tr "\\0" x; echo; exit 5'];
    const log = await runChild({ program, conduit: 'pty', stderrEvent: undefined });
    assert.deepEqual([log.out.map((line) => line.length), ending(log)], [[1_000_000], 'exit 5']);
  });

  test('the end of a terminal is what the system has for it, each time; that of its pipe is 0', {
    skip: process.platform !== 'linux' && 'elsewhere it is an end like others',
  }, async () => {
    for (let n = 0; n < 5; n++) {
      const log = await runChild({ program: 'echo x; sleep 0.01', conduit: n % 2 === 0 ? 'pty' : 'pty-pipe' });
      assert.deepEqual(log.errors, ['read STDOUT: Input/output error']);
    }
  });

  test('a program that is not there says so, with the errno as exit code', async () => {
    const log = await runChild({ program: ['no-such-program', 'x'], conduit: 'pty', stderrEvent: undefined });
    assert.match(log.out.join(), /^can't exec \(no-such-program x\) in child pid \d+: No such file or directory$/);
    assert.equal(ending(log), 'exit 2');
  });

  test('destroy() hangs the terminal up, though another one was opened after it', async () => {
    const statuses: number[] = [];
    Session.create({
      inlineStates: {
        _start({ kernel, heap }) {
          const program = ['sh', '-c', 'echo ready; exec sleep 30'];
          heap.wheels = [1, 2].map(() => new Run({ program, conduit: 'pty', stdoutEvent: 'ready' }));
          for (const wheel of heap.wheels) kernel.sigChild(wheel.pid, 'ended');
        },
        ready({ heap }) {
          heap.ready = (heap.ready ?? 0) + 1;
          if (heap.ready === 2) heap.wheels[0].destroy();
        },
        ended({ heap }, _signal, _pid, status) {
          statuses.push(status);
          heap.wheels[1].destroy();
        },
      },
    });
    await kernel.run();
    assert.deepEqual(statuses, [constants.signals.SIGHUP, constants.signals.SIGHUP]);
  });

  test('shutdownStdin() leaves the terminal open', async () => {
    const log = await runChild(
      {
        program: ['sh', '-c', 'read line; echo "$line"; sleep 0.1; echo still here'],
        conduit: 'pty',
        stderrEvent: undefined,
      },
      {
        started: (wheel) => wheel.put('line'),
        flushed(wheel) {
          wheel.shutdownStdin();
          assert.throws(() => wheel.put('more'), { code: 'POE_ERR_RUN_STDIN' });
        },
      },
    );
    assert.deepEqual(log.out, ['line', 'still here']);
  });
});
