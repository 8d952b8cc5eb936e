import assert from 'node:assert/strict';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { Kernel, kernel, oneWay, Session } from 'poe-kernel';
import { Line, Run, type RunOptions, Stream } from 'poe-kernel/wheels';
import { ending, runChild } from '../../helpers/run-child.ts';
import { runSession, until, warningsOf } from '../../helpers/sessions.ts';

const sh = (script: string): string[] => ['sh', '-c', script];
const MIB = 1024 * 1024;

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'run-test-'));
  t.after(() => rmSync(path, { recursive: true }));
  return path;
}

describe('new Run()', () => {
  test('new Run() says what is missing or does not fit, also outside of sessions', () => {
    const filter = new Line();
    const refused: [object, RegExp][] = [
      [{}, /program required/],
      [{ program: 'x', programArgs: 'y' }, /programArgs is no array/],
      [{ program: 'x', conduit: 'telepathy' }, /conduit 'telepathy' is unknown/],
      [{ program: 'x', redirectStdin: 'f', stdinEvent: 'e' }, /stdin is redirected and has an event/],
      [{ program: 'x', redirectStdout: 'f', stdoutEvent: 'e' }, /stdout is redirected and has an event/],
      [{ program: 'x', redirectOutput: 'f', stderrEvent: 'e' }, /stderr is redirected and has an event/],
      [{ program: 'x', redirectStdout: 'f', conduit: 'pty' }, /redirection with pty conduit/],
      [{ program: 'x', filter, stdioFilter: filter }, /filter and stdioFilter/],
      [{ program: 'x', filter, stderrEvent: 'e' }, /filter is given with a stderrEvent/],
      [{ program: 'x', limits: { maxQueued: 0 } }, /limits.maxQueued is 0/],
      [{ program: 'x', limits: { stuckTimeout: 1 } }, /no limit 'stuckTimeout'/],
    ];
    for (const [options, message] of refused) {
      assert.throws(() => new Run(options as RunOptions), { code: 'POE_ERR_WHEEL_PARAMETER', message });
    }
  });

  test('new Run() warns of what it ignores', async () => {
    let warnings: Promise<string[]> | undefined;
    await runSession({
      _start() {
        warnings = warningsOf(() => {
          const options = { program: 'true', colour: 'x', winsize: [1, 2], filter: new Line() };
          new Run(options as never).destroy();
          new Run({ program: 'true', conduit: 'pty', winsize: [1] as never, stderrEvent: 'x' }).destroy();
        });
      },
    });
    assert.deepEqual(
      (await warnings)?.map((text) => text.replace(/:.*/, '')),
      [
        'Ignoring winsize',
        'filter is deprecated',
        "Ignoring unknown Run parameter 'colour'",
        'ignoring stderrEvent with pty conduit',
        'Ignoring winsize',
      ],
    );
  });

  test('a tap of the hook warn keeps warnings back', async () => {
    const held: string[] = [];
    const own = new Kernel();
    own.hooks.warn.tap('test', (_code, message) => {
      held.push(message);
      return false;
    });
    await runChild({ program: 'true', colour: 'x' } as never, {}, own);
    assert.deepEqual(held, ["Ignoring unknown Run parameter 'colour'"]);
  });

  test('the child has our environment and our folder', async () => {
    process.env.RUN_TEST = 'from the parent';
    const log = await runChild({ program: 'echo "$RUN_TEST"; pwd' });
    delete process.env.RUN_TEST;
    assert.deepEqual(log.out, ['from the parent', process.cwd()]);
  });

  test('the child leads a process group, unless noSetPgrp', async () => {
    const program = sh('test "$(ps -o pgid= -p $$ | tr -d " ")" = $$ && echo own || echo shared');
    assert.deepEqual((await runChild({ program })).out, ['own']);
    assert.deepEqual((await runChild({ program, noSetPgrp: true, noSetSid: true, closeOnCall: true })).out, ['shared']);
  });

  test('priority adds to our niceness, from the first step of the program on', async () => {
    const own = Number((await runChild({ program: 'nice' })).out[0]);
    const log = await runChild({ program: 'nice', priority: 3 });
    assert.deepEqual([log.out, log.err], [[String(own + 3)], []]);
    const inTerminal = await runChild({ program: ['nice'], priority: 3, conduit: 'pty' });
    assert.deepEqual(inTerminal.out, [String(own + 3)]);
  });

  test('priority leaves the program its arguments, its streams and its descriptors, and tells of one that is not there', async () => {
    const program = ['sh', '-c', 'cat; echo "$@" >&2; test -e /dev/fd/3 || echo closed', 'sh', 'a  b', '$c'];
    const log = await runChild(
      { program, priority: 1 },
      { started: (wheel) => wheel.put('put'), flushed: (wheel) => wheel.shutdownStdin() },
    );
    assert.deepEqual([log.out, log.err], [['put', 'closed'], ['a  b $c']]);
    const none = await runChild({ program: ['/no/such/program'], priority: 1 });
    assert.match(String(none.err), /^can't exec \(\/no\/such\/program\)/);
  });

  test('user and group are taken, where that is allowed', {
    skip: process.getuid?.() !== 0 && 'only root may',
  }, async () => {
    const log = await runChild({ program: 'echo $(id -u) $(id -g)', user: 65534, group: 65534 });
    assert.deepEqual(log.out, ['65534 65534']);
  });

  for (const [conduit, kind] of [
    ['pipe', 'socket pipe pipe'],
    ['socketpair', 'socket socket socket'],
    ['inet', 'socket socket socket'],
  ] as const) {
    test(`conduit ${conduit} gives ${kind}`, async () => {
      const script =
        'for n in 0 1 2; do test -p /proc/self/fd/$n && echo pipe || echo socket; done | tr "\\n" " "; echo';
      // The loop has another standard output; the streams are those of the shell.
      const program = sh(script.replaceAll('self', () => '$$'));
      const log = await runChild({ program, conduit });
      assert.deepEqual(log.out, [`${kind} `]);
    });
  }

  test('a child with pipes can open what it writes to again', async () => {
    const log = await runChild({ program: sh('echo out >/dev/stdout; echo err >/dev/stderr') });
    assert.deepEqual([log.out, log.err], [['out'], ['err']]);
  });
});

describe('the methods of Run', () => {
  test('are those of POE::Wheel::Run, by the rule', async () => {
    const names =
      'event put get_stdin_filter get_stdout_filter get_stderr_filter set_stdio_filter set_stdin_filter set_stdout_filter ' +
      'set_stderr_filter pause_stdout pause_stderr resume_stdout resume_stderr shutdown_stdin kill get_driver_out_messages ' +
      'get_driver_out_octets';
    await runSession({
      _start() {
        using wheel = new Run({ program: 'true' });
        for (const name of names.split(' ')) {
          const here = name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
          assert.equal(typeof wheel[here as keyof Run], 'function', here);
        }
        assert.ok(wheel.id > 0 && wheel.pid > 0);
      },
    });
  });
});

describe('programs that cannot be started', () => {
  for (const [what, program, said, code] of [
    [
      'no such program',
      ['no-such-program', 'x'],
      /^can't exec \(no-such-program x\) in child pid \d+: No such file or directory$/,
      'ENOENT',
    ],
    ['one by its path', '/no/such/program', /No such file or directory$/, 'ENOENT'],
    ['a file that is no program', ['/etc/passwd'], /^can't exec \(\/etc\/passwd\) .*: Permission denied$/, 'EACCES'],
    ['a folder', ['/tmp'], /Permission denied$/, 'EACCES'],
    ['nothing', '', /^can't exec \(\) .*: No such file/, 'ENOENT'],
    ['too long an argument', ['true', 'x'.repeat(MIB)], /^can't exec .*Argument list too long$/, 'E2BIG'],
  ] as const) {
    test(`${what}: a child that says so, with the errno as exit code`, async () => {
      const log = await runChild({ program: program as string });
      assert.match(log.err.join('\n').replace(/x{100,}/, 'x'), said);
      assert.equal(ending(log), `exit ${constants.errno[code]}`);
      assert.deepEqual(log.out, []);
    });
  }

  test('a script whose interpreter is missing', async (t) => {
    const script = join(folder(t), 'script');
    writeFileSync(script, '#!/no/such/interpreter\n', { mode: 0o755 });
    const log = await runChild({ program: [script] });
    assert.match(log.err.join(), /No such file or directory$/);
    assert.equal(ending(log), 'exit 2');
  });
});

describe('reading', () => {
  test('all that a child wrote comes, however fast it ends', async () => {
    const log = await runChild({ program: 'seq 1 20000; seq 1 20000 >&2' });
    assert.deepEqual(
      [log.out.length, log.out.at(-1), log.err.length, log.err.at(-1)],
      [20_000, '20000', 20_000, '20000'],
    );
  });

  test('each stream ends with an error event 0, and closeEvent is the last', async () => {
    const log = await runChild({ program: sh('echo a; exec >&-; sleep 0.1; echo b >&2') });
    assert.deepEqual(log.order, ['out', 'end of STDOUT', 'err', 'end of STDERR', 'closed']);
  });

  test('a partial last line is dropped, as its filter never has a record of it', async () => {
    assert.deepEqual((await runChild({ program: 'printf "a\\nb"' })).out, ['a']);
  });

  test('closeEvent may come long before the child ends', async () => {
    const log = await runChild({ program: sh('exec >&- 2>&-; sleep 0.2; exit 9') });
    assert.deepEqual([log.order.at(-1), ending(log)], ['closed', 'exit 9']);
  });

  test('setStdoutFilter() takes over what is buffered, and all that comes later', async () => {
    const log = await runChild(
      { program: sh('echo one; printf par; sleep 0.1; printf "tial,more,"') },
      {
        out(wheel, record) {
          if (record !== 'one') return;
          const filter = new Line({ literal: ',' });
          wheel.setStdoutFilter(filter);
          assert.equal(wheel.getStdoutFilter(), filter);
        },
      },
    );
    assert.deepEqual(log.out, ['one', 'partial', 'more']);
  });

  test('setStdioFilter(), setStdinFilter() and setStderrFilter() set what they say', async () => {
    const [stdio, stdin, stderr] = [new Stream(), new Stream(), new Stream()];
    await runSession({
      _start() {
        using wheel = new Run({ program: 'true' });
        assert.equal(wheel.getStdinFilter(), wheel.getStdoutFilter());
        assert.notEqual(wheel.getStderrFilter(), wheel.getStdoutFilter());
        wheel.setStdioFilter(stdio);
        wheel.setStderrFilter(stderr);
        assert.deepEqual(
          [wheel.getStdinFilter(), wheel.getStdoutFilter(), wheel.getStderrFilter()],
          [stdio, stdio, stderr],
        );
        wheel.setStdinFilter(stdin);
        assert.deepEqual([wheel.getStdinFilter(), wheel.getStdoutFilter()], [stdin, stdio]);
      },
    });
  });

  test('pauseStdout() holds a child that writes, and our memory with it', async () => {
    let [octets, pausedAt, resumedAt] = [0, 0, -1];
    const log = await runChild(
      { program: sh('head -c 4000000 /dev/zero; echo done >&2'), stdioFilter: new Stream() },
      {
        out(wheel, record) {
          octets += record.length;
          if (pausedAt > 0) return;
          pausedAt = octets;
          assert.equal(wheel.pauseStdout(), 1);
          setTimeout(() => {
            resumedAt = octets;
            assert.equal(wheel.resumeStdout(), 1);
          }, 100);
        },
        // While it is paused, the child cannot come to its last line.
        err: () => assert.notEqual(resumedAt, -1),
      },
    );
    assert.deepEqual([octets, resumedAt, log.err], [4_000_000, pausedAt, ['done']]);
  });

  for (const conduit of ['pipe', 'socketpair', 'inet'] as const) {
    test(`what is paused of a ${conduit} when the child ends comes afterwards`, async () => {
      const log = await runChild(
        { program: sh('echo one; echo two >&2; echo three'), conduit },
        {
          started(wheel) {
            wheel.pauseStdout();
            wheel.pauseStderr();
          },
          ended(wheel) {
            // By then Node has emptied the streams of its own that nobody reads.
            setTimeout(() => {
              wheel.resumeStdout();
              wheel.resumeStderr();
            }, 50);
          },
        },
      );
      assert.deepEqual([log.out, log.err], [['one', 'three'], ['two']]);
    });

    test(`standard input, a ${conduit}, stays open for who has it from a child that has ended`, async () => {
      const log = await runChild(
        { program: sh('exec 5<&0; (cat; echo end) <&5 & exit 4'), conduit },
        { ended: (wheel) => wheel.put('late'), flushed: (wheel) => wheel.shutdownStdin() },
      );
      assert.deepEqual(log.out, ['late', 'end']);
    });
  }

  test('pauses of a stream that is not ours are 0', async () => {
    await runSession({
      _start() {
        using wheel = new Run({ program: 'true', noStdin: true });
        const answers = [wheel.pauseStdout(), wheel.resumeStdout(), wheel.pauseStderr(), wheel.resumeStderr()];
        assert.deepEqual(answers, [0, 0, 0, 0]);
      },
    });
  });

  test('event() renames events, drops records of one that is turned off, and warns of unknown ones', async () => {
    let warnings: Promise<string[]> | undefined;
    const log = await runChild(
      { program: sh('echo a; read x; echo b; echo c >&2; read x; echo d') },
      {
        out(wheel, record) {
          if (record === 'a') warnings = warningsOf(() => wheel.event({ stdoutEvent: undefined, foo: 'x' } as never));
          wheel.put('on');
        },
        err(wheel) {
          wheel.event({ stdoutEvent: 'out', stderrEvent: 'out' });
          wheel.put('on');
        },
      },
    );
    assert.deepEqual([log.out, log.err, log.order.at(-1)], [['a', 'd'], ['c'], 'closed']);
    assert.deepEqual(await warnings, ["Ignoring unknown Run parameter 'foo'"]);
  });
});

describe('writing', () => {
  test('put() is kept until the child reads, and stdinEvent says when it is written', async () => {
    const log = await runChild(
      { program: sh('sleep 0.05; cat') },
      {
        started(wheel) {
          assert.equal(wheel.put('one', 'two'), 0);
          assert.deepEqual([wheel.getDriverOutOctets(), wheel.getDriverOutMessages()], [8, 2]);
        },
        flushed(wheel) {
          assert.equal(wheel.getDriverOutOctets(), 0);
          wheel.shutdownStdin();
          wheel.shutdownStdin();
        },
      },
    );
    assert.deepEqual([log.out, log.order[0]], [['one', 'two'], 'flushed']);
  });

  test('10 MB go through cat, both ways', async () => {
    const block = Buffer.alloc(MIB, 'x');
    let octets = 0;
    const log = await runChild(
      { program: 'cat', stdioFilter: new Stream() },
      {
        started: (wheel) => wheel.put(...Array<Buffer>(10).fill(block)),
        flushed: (wheel) => wheel.shutdownStdin(),
        out: (_wheel, record) => {
          octets += record.length;
        },
      },
    );
    assert.deepEqual([octets, ending(log)], [10 * MIB, 'exit 0']);
  });

  test('put() to a child that goes without having read all is the error of a pipe', async () => {
    const log = await runChild(
      { program: 'sleep 0.2', stdioFilter: new Stream() },
      { started: (wheel) => wheel.put('x'.repeat(MIB)) },
    );
    assert.deepEqual([log.errors, ending(log)], [['write STDIN: Broken pipe'], 'exit 0']);
  });

  test('put() to a child that has closed its standard input is an error event', async () => {
    const log = await runChild(
      { program: sh('exec 0<&-; echo closed; sleep 0.3') },
      { out: (wheel) => wheel.put('nobody reads this') },
    );
    assert.deepEqual(log.errors, ['write STDIN: Broken pipe']);
  });

  for (const [what, options] of [
    ['noStdin', { noStdin: true, stdinEvent: undefined }],
    ['redirectStdin', { redirectStdin: '/dev/null', stdinEvent: undefined }],
  ] as const) {
    test(`put() with ${what} throws`, async () => {
      await runChild(
        { program: 'true', ...options },
        {
          started: (wheel) => {
            const error = { code: 'POE_ERR_RUN_STDIN', message: /without an open STDIN handle/ };
            assert.throws(() => wheel.put('x'), error);
          },
        },
      );
    });
  }

  test('put() beyond limits.maxQueued is refused with a reason, and what was taken is not', async () => {
    const log = await runChild(
      { program: sh('sleep 0.3; echo read on; wc -c'), limits: { maxQueued: 1000 }, stdioFilter: new Stream() },
      {
        started(wheel) {
          // Nothing waits: a first put is taken whatever its size.
          wheel.put('x'.repeat(2000));
          assert.equal(wheel.getDriverOutOctets(), 2000);
          assert.equal(wheel.put('y'), 0);
          assert.equal(wheel.put('z'), 0);
          assert.equal(wheel.getDriverOutOctets(), 2000);
        },
        error(wheel, errno) {
          if (errno === constants.errno.ENOBUFS) wheel.shutdownStdin();
        },
      },
    );
    assert.deepEqual(log.errors, [
      'write STDIN: No buffer space available: slow_peer: 2000 octets wait, 1000 are the limit',
    ]);
  });

  for (const [more, waiting] of [
    [49, 99],
    [50, 100],
    [51, 50],
  ] as const) {
    test(`limits.maxQueued 100 counts what waits: ${more} octets behind 50 are ${waiting > 50 ? 'taken' : 'refused'}`, async () => {
      await runSession({
        _start() {
          using wheel = new Run({ program: 'sleep 1', limits: { maxQueued: 100 }, stdioFilter: new Stream() });
          wheel.put('x'.repeat(50));
          wheel.put('x'.repeat(more));
          assert.equal(wheel.getDriverOutOctets(), waiting);
          wheel.kill();
        },
      });
    });
  }
});

describe('streams that lead elsewhere', () => {
  test('redirections take files by name, both outputs in one', async (t) => {
    const [input, output] = ['in', 'out'].map((name) => join(folder(t), name)) as [string, string];
    writeFileSync(input, 'from the file\n');
    writeFileSync(output, 'what was there before');
    const options = { stdinEvent: undefined, stdoutEvent: undefined, stderrEvent: undefined };
    const program = sh('cat; echo err >&2; echo out');
    const log = await runChild({ program, ...options, redirectStdin: input, redirectOutput: output });
    assert.equal(readFileSync(output, 'utf8'), 'from the file\nerr\nout\n');
    assert.deepEqual([log.order, ending(log)], [[], 'exit 0']);
  });

  test('redirections take descriptors and what has one, and leave them open', async (t) => {
    const path = join(folder(t), 'out');
    const fd = openSync(path, 'w');
    const options = { stdoutEvent: undefined, stderrEvent: undefined };
    await runChild({ program: 'echo one', ...options, redirectStdout: fd });
    await runChild({ program: 'echo two >&2', ...options, redirectStderr: { fd } });
    closeSync(fd);
    assert.equal(readFileSync(path, 'utf8'), 'one\ntwo\n');
  });

  test('redirections that lead nowhere throw', async () => {
    await runSession({
      _start() {
        const missing = () => new Run({ program: 'true', redirectStdin: '/no/such/file' });
        assert.throws(missing, {
          code: 'POE_ERR_REDIRECT',
          message: /'\/no\/such\/file' cannot be opened: No such file/,
        });
        const inMemory = () => new Run({ program: 'true', redirectStdout: oneWay()[1] });
        assert.throws(inMemory, { code: 'POE_ERR_REDIRECT', message: /has no descriptor/ });
      },
    });
  });
});

describe('kill() and destroy()', () => {
  test('kill() sends TERM, or a signal by name or number, and says whether it could', async () => {
    for (const [signal, number] of [
      [undefined, 15],
      ['INT', 2],
      ['SIGHUP', 1],
      [9, 9],
      ['KILL', 9],
    ] as const) {
      const log = await runChild(
        { program: sh('echo up; exec sleep 30') },
        {
          out(wheel) {
            assert.equal(wheel.kill('NONSENSE'), 0);
            assert.equal(wheel.kill(0), 1);
            assert.equal(wheel.kill(signal), 1);
          },
        },
      );
      assert.equal(ending(log), `signal ${number}`);
    }
  });

  test('kill() with a minus reaches the whole process group', async () => {
    const log = await runChild({ program: sh('sleep 30 & echo up; wait') }, { out: (wheel) => void wheel.kill(-9) });
    // The streams close only once the sleeping grandchild has gone, too.
    assert.deepEqual([ending(log), log.order.at(-1)], ['signal 9', 'closed']);
  });

  test('kill() of a child that has been reported is 0, whoever has its number now', async () => {
    const dead: Run[] = [];
    await runChild({ program: 'true' }, { started: (wheel) => dead.push(wheel) });
    assert.equal(dead[0]?.kill(0), 0);
  });

  test('destroy() closes the streams, and neither kills nor ends the wait for the child', async () => {
    const order: string[] = [];
    Session.create({
      inlineStates: {
        _start({ kernel, heap }) {
          heap.wheel = new Run({
            program: sh('echo up; read line; sleep 0.1; exit 6'),
            stdoutEvent: 'up',
            closeEvent: 'closed',
          });
          kernel.sigChild(heap.wheel.pid, 'ended');
        },
        up({ heap }) {
          heap.wheel.destroy();
          heap.wheel.destroy();
          assert.throws(() => heap.wheel.put('x'), { code: 'POE_ERR_RUN_STDIN' });
        },
        closed() {
          order.push('closed');
        },
        ended(_, _signal, _pid, status) {
          order.push(`exit ${status >> 8}`);
        },
      },
    });
    await kernel.run();
    assert.deepEqual(order, ['exit 6']);
  });

  test('a wheel keeps its session alive, a child alone does not', async () => {
    let wheel: Run | undefined;
    const began = Date.now();
    await runSession({
      _start({ kernel }) {
        wheel = new Run({ program: 'sleep 60', stdoutEvent: 'x' });
        kernel.delay('drop', 0.05);
      },
      drop: () => wheel?.destroy(),
    });
    assert.ok(Date.now() - began < 30_000);
    assert.equal(wheel?.kill('KILL'), 1);
    await until(() => !kernel.host.processes.isChild(wheel?.pid ?? 0));
  });
});
