import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ReadLine, type ReadLineOptions } from 'poe-kernel/wheels';
import { runSession, until, warningsOf } from '../helpers/sessions.ts';
import { TestTerminal } from '../helpers/test-terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'poe-kernel-read-line-'));
const inputrc = join(folder, 'inputrc');
writeFileSync(inputrc, '');
process.env.INPUTRC = inputrc;
after(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a session with a wheel that reads `lines` lines, and gives back its events without the wheel's ID. */
async function session(
  terminal: TestTerminal,
  play: (wheel: ReadLine) => Promise<void> | void,
  { lines = 1, ...options }: Partial<ReadLineOptions> & { lines?: number } = {},
): Promise<unknown[][]> {
  return runSession({
    _start({ kernel, heap }) {
      const { input, output } = terminal;
      heap.wheel = new ReadLine({ input, output, inputEvent: 'line', ...options });
      heap.wheel.get('> ');
      kernel.yield('play');
    },
    play: ({ heap }) => play(heap.wheel),
    line({ heap }, ...args) {
      assert.equal(args.pop(), heap.wheel.id);
      heap.log.push(args);
      if (heap.log.length < lines) heap.wheel.get();
      else heap.wheel.destroy();
    },
  });
}

describe('ReadLine', () => {
  test('says which parameter is missing or wrong', () => {
    for (const [options, message] of [
      [{}, 'inputEvent required: cannot make a ReadLine without it'],
      [{ inputEvent: 'x', putMode: 'later' }, "Cannot make a ReadLine: its putMode is 'later'"],
      [{ inputEvent: 'x', idleTime: -1 }, 'Cannot make a ReadLine: its idleTime is -1'],
    ] as const) {
      assert.throws(() => new ReadLine(options as never), { code: 'POE_ERR_WHEEL_PARAMETER', message });
    }
  });

  test('ignores unknown parameters, with a warning', async () => {
    const warnings = await warningsOf(
      () =>
        void runSession({
          _start: () => new ReadLine({ inputEvent: 'x', promptEvent: 'y' } as never).destroy(),
        }),
    );
    assert.ok(warnings.includes("Ignoring unknown ReadLine parameter 'promptEvent'"));
  });

  test('sends a line, and for an exception undefined and its name', async () => {
    const terminal = new TestTerminal();
    const log = await session(terminal, () => terminal.type('hello\r\r\x04half\x03x\x07'), { lines: 5 });
    assert.deepEqual(log, [['hello'], [''], [undefined, 'eot'], [undefined, 'interrupt'], [undefined, 'cancel']]);
    assert.deepEqual(terminal.shown, ['> hello', '>', '> ^D', '> half^C', '> x^G']);
  });

  test('shows what is typed as it is typed, and the cursor where it is', async () => {
    const terminal = new TestTerminal(12, 5);
    await session(terminal, async () => {
      terminal.type('ab日本');
      await until(() => terminal.shown[0] === '> ab日本');
      terminal.type('\x1b[D');
      await until(() => terminal.screen.column === 6);
      terminal.type('cdefghi');
      await until(() => terminal.shown.length === 2);
      assert.deepEqual(terminal.shown, ['> ab日cdefgh', 'i本']);
      assert.deepEqual([terminal.screen.row, terminal.screen.column], [1, 1]);
      terminal.type('\r');
    });
    assert.deepEqual([terminal.screen.row, terminal.screen.column], [2, 0]);
  });

  test('takes keys in pieces, an octet at a time', async () => {
    const terminal = new TestTerminal();
    const log = await session(terminal, async () => {
      for (const octet of Buffer.from('aé日\x1b[D\x1b[Db\x1bOCc\r')) {
        terminal.type(Uint8Array.of(octet));
        await sleep(1);
      }
    });
    assert.deepEqual(log, [['abéc日']]);
  });

  test('a second get() changes the prompt only', async () => {
    const terminal = new TestTerminal();
    const log = await session(terminal, async (wheel) => {
      terminal.type('typed');
      await until(() => terminal.shown[0] === '> typed');
      wheel.get('longer> ');
      assert.deepEqual(terminal.shown, ['longer> typed']);
      assert.equal(terminal.screen.column, 13);
      wheel.get();
      assert.deepEqual(terminal.shown, ['longer> typed']);
      terminal.type('\r');
    });
    assert.deepEqual(log, [['typed']]);
  });

  test('keeps the prompt for get() without one', async () => {
    const terminal = new TestTerminal();
    await session(terminal, () => terminal.type('a\rb\r'), { lines: 2 });
    assert.deepEqual(terminal.shown, ['> a', '> b']);
  });

  test('keeps keys that came with the end of a line for the next', async () => {
    const terminal = new TestTerminal();
    const log = await session(terminal, () => terminal.type('one\rtwo\rthree\r'), { lines: 3 });
    assert.deepEqual(log, [['one'], ['two'], ['three']]);
  });

  test('reads lines from what is no terminal, and its end as eot', async () => {
    const terminal = new TestTerminal();
    const log = await session(terminal, () => void terminal.input.end('one\ntwo\nthr'), { lines: 5 });
    assert.deepEqual(log, [['one'], ['two'], ['thr'], [undefined, 'eot'], [undefined, 'eot']]);
  });

  test('loses nothing of an input that ended while a line was handled', async () => {
    const terminal = new TestTerminal();
    const log = await session(
      terminal,
      async () => {
        terminal.input.end('one\ntwo\nthr');
        await until(() => terminal.input.readableEnded);
      },
      { lines: 4 },
    );
    assert.deepEqual(log, [['one'], ['two'], ['thr'], [undefined, 'eot']]);
  });

  test('takes many lines at once in time that grows with them', async () => {
    const terminal = new TestTerminal();
    const log = await session(terminal, () => terminal.type('x\n'.repeat(5_000)), { lines: 5_000 });
    assert.equal(log.length, 5_000);
  });

  test('gives what is no screen the prompt and the whole line, and moves no cursor', async () => {
    const terminal = new TestTerminal();
    Object.assign(terminal.output, { columns: undefined, rows: undefined });
    await session(
      terminal,
      async (wheel) => {
        terminal.type('abd\x02c');
        await until(() => wheel.text === 'abcd');
        wheel.put('put');
        terminal.type('\r');
      },
      { putMode: 'immediate' },
    );
    assert.equal(terminal.written, '> \r\nput\r\n> abcd\r\n');
  });

  test('takes a terminal that is hung up as the end', async () => {
    const terminal = new TestTerminal();
    const log = await session(terminal, () => {
      terminal.output.destroy(new Error('hung up'));
      terminal.input.destroy(Object.assign(new Error('read EIO'), { code: 'EIO', errno: -5, syscall: 'read' }));
    });
    assert.deepEqual(log, [[undefined, 'eot']]);
  });

  test('takes an escape alone for what it is after a while', async () => {
    writeFileSync(inputrc, 'set editing-mode vi\n');
    const terminal = new TestTerminal();
    const log = await session(terminal, async (wheel) => {
      terminal.type('abc\x1b');
      await until(() => wheel.option('keymap') === 'vi-command');
      terminal.type('x\r');
    });
    writeFileSync(inputrc, '');
    assert.deepEqual(log, [['ab']]);
  });

  test('reads an inputrc, with a part for the application', async () => {
    writeFileSync(inputrc, '$if chat\nC-o: "hello\\r"\n$endif\n');
    const terminal = new TestTerminal();
    const log = await session(terminal, () => terminal.type('\x0f'), { appName: 'chat' });
    writeFileSync(inputrc, '');
    assert.deepEqual(log, [['hello']]);
  });
});

describe('ReadLine and the terminal', () => {
  test('raw mode lasts while a line is read', async () => {
    const terminal = new TestTerminal();
    await session(
      terminal,
      () => {
        assert.deepEqual(terminal.raw, [true]);
        terminal.type('x\r\x03');
      },
      { lines: 2 },
    );
    assert.deepEqual(terminal.raw, [true, false, true, false]);
  });

  for (const [title, end] of [
    ['destroy()', (wheel: ReadLine) => wheel.destroy()],
    ['the end of the session', () => {}],
  ] as const) {
    test(`${title} gives the terminal back, and leaves no listener`, async () => {
      const terminal = new TestTerminal();
      const listening = process.listenerCount('exit');
      await runSession({
        _start({ kernel }) {
          const { input, output } = terminal;
          const wheel = new ReadLine({ input, output, inputEvent: 'line' });
          wheel.get('> ');
          end(wheel);
          if (!wheel.destroyed) kernel.stop();
        },
      });
      assert.deepEqual(terminal.raw, [true, false]);
      assert.deepEqual(terminal.listeners, []);
      assert.equal(process.listenerCount('exit'), listening);
      assert.equal(process.listenerCount('SIGCONT'), 0);
      assert.equal(terminal.input.isPaused(), true, 'what is typed now stays for others');
    });
  }

  test('the terminal is not read between lines', async () => {
    const terminal = new TestTerminal();
    await runSession({
      _start({ heap }) {
        const { input, output } = terminal;
        heap.wheel = new ReadLine({ input, output, inputEvent: 'line' });
        heap.wheel.get('> ');
        terminal.type('x\r');
      },
      line({ heap, kernel }) {
        assert.equal(terminal.input.isPaused(), true);
        terminal.type('for others');
        kernel.delay('later', 0.02);
        heap.wheel.destroy();
      },
      later() {
        assert.equal(String(terminal.input.read()), 'for others');
      },
    });
  });

  test('one wheel at a time reads from a terminal', async () => {
    const terminal = new TestTerminal();
    const { input, output } = terminal;
    await runSession({
      _start({ heap }) {
        heap.first = new ReadLine({ input, output, inputEvent: 'line' });
        heap.second = new ReadLine({ input, output, inputEvent: 'line' });
        heap.first.get('1> ');
        assert.throws(() => heap.second.get('2> '), {
          code: 'POE_ERR_TERMINAL_BUSY',
          message: `Cannot read keys: the wheel ${heap.first.id} reads from the same terminal`,
        });
        heap.first.destroy();
        heap.second.get('2> ');
        terminal.type('x\r');
      },
      line({ heap }, line, id) {
        assert.deepEqual([line, id], ['x', heap.second.id]);
        heap.second.destroy();
        assert.throws(() => heap.second.get(), { code: 'POE_ERR_WHEEL_DESTROYED' });
      },
    });
  });

  test('a new size shows the line anew', async () => {
    const terminal = new TestTerminal(10, 5);
    await session(terminal, async () => {
      terminal.type('abcdefghijkl');
      await until(() => terminal.shown.length === 2);
      terminal.news();
      terminal.output.columns = 8;
      terminal.output.emit('resize');
      assert.equal(terminal.news(), '\x1b[1A\r\r\x1b[J> abcdefghijkl');
      terminal.type('\r');
    });
  });

  test('the line is shown again when the process goes on after a stop', async () => {
    const terminal = new TestTerminal();
    await session(terminal, async () => {
      terminal.type('abc');
      await until(() => terminal.shown[0] === '> abc');
      terminal.news();
      process.emit('SIGCONT', 'SIGCONT');
      assert.equal(terminal.news(), '> abc');
      assert.deepEqual(terminal.raw, [true, false, true]);
      terminal.type('\r');
    });
  });

  test('terminalSize() is what the output says, or 80 by 25', async () => {
    const terminal = new TestTerminal(33, 7);
    await session(terminal, (wheel) => {
      assert.deepEqual(wheel.terminalSize(), [33, 7]);
      terminal.output.columns = terminal.output.rows = 0;
      assert.deepEqual(wheel.terminalSize(), [80, 25]);
      terminal.type('\r');
    });
  });

  test('clear() clears the screen and shows the line again', async () => {
    const terminal = new TestTerminal();
    await session(
      terminal,
      async (wheel) => {
        wheel.put('above');
        terminal.type('abc\x02');
        await until(() => terminal.shown[1] === '> abc');
        wheel.clear();
        assert.deepEqual([terminal.shown, terminal.screen.column], [['> abc'], 4]);
        wheel.put('above');
        terminal.type('\x0c\r');
      },
      { putMode: 'immediate' },
    );
    assert.deepEqual(terminal.shown, ['> abc']);
  });

  test('the bell is heard, seen or off', async () => {
    for (const [style, written] of [
      ['audible', '\x07'],
      ['visible', '\x1b[?5h\x1b[?5l'],
      ['none', ''],
    ] as const) {
      const terminal = new TestTerminal();
      await session(terminal, async (wheel) => {
        wheel.attribs()['bell-style'] = style;
        terminal.news();
        wheel.apply('ding');
        assert.equal(terminal.news(), written, style);
        terminal.type('\r');
      });
    }
  });

  test('bracketed paste is asked for when an inputrc says so', async () => {
    writeFileSync(inputrc, 'set enable-bracketed-paste on\n');
    const terminal = new TestTerminal();
    const log = await session(terminal, () => terminal.type('\x1b[200~two\rrows\x1b[201~\r'));
    writeFileSync(inputrc, '');
    assert.deepEqual(log, [['two\nrows']]);
    assert.equal(terminal.written, '\x1b[?2004h> two^jrows\r\n\x1b[?2004l');
  });
});

describe('ReadLine put()', () => {
  test('shows lines above the one that is typed, at once', async () => {
    const terminal = new TestTerminal(20, 8);
    await session(
      terminal,
      async (wheel) => {
        terminal.type('ab\x02');
        await until(() => terminal.shown[0] === '> ab');
        wheel.put('one', 'two\nthree');
        assert.deepEqual(terminal.shown, ['one', 'two', 'three', '> ab']);
        assert.equal(terminal.screen.column, 3);
        terminal.type('\r');
      },
      { putMode: 'immediate' },
    );
  });

  test('waits until the line has ended', async () => {
    const terminal = new TestTerminal();
    await session(
      terminal,
      async (wheel) => {
        wheel.put('one');
        wheel.put('two');
        assert.deepEqual(terminal.shown, ['>']);
        terminal.type('x\r');
      },
      { putMode: 'after' },
    );
    assert.deepEqual(terminal.shown, ['> x', 'one', 'two']);
  });

  test('waits until nobody has typed for a while', async () => {
    const terminal = new TestTerminal();
    await session(
      terminal,
      async (wheel) => {
        wheel.put('at once');
        assert.deepEqual(terminal.shown, ['at once', '>']);
        terminal.type('a');
        await until(() => terminal.shown[1] === '> a');
        wheel.put('later');
        assert.deepEqual(terminal.shown, ['at once', '> a']);
        await until(() => terminal.shown.length === 3);
        assert.deepEqual(terminal.shown, ['at once', 'later', '> a']);
        wheel.put('at once again');
        assert.equal(terminal.shown.length, 4);
        terminal.type('b');
        await until(() => terminal.shown[3] === '> ab');
        wheel.put('with the end');
        terminal.type('\r');
      },
      { idleTime: 0.05 },
    );
    assert.deepEqual(terminal.shown, ['at once', 'later', 'at once again', '> ab', 'with the end']);
  });

  test('shows lines at once while none is read', async () => {
    const terminal = new TestTerminal();
    await runSession({
      _start() {
        const { input, output } = terminal;
        const wheel = new ReadLine({ input, output, inputEvent: 'line', putMode: 'after' });
        wheel.put('one', 2);
        wheel.destroy();
      },
    });
    assert.equal(terminal.written, 'one\r\n2\r\n');
  });

  test('completions and reports go below the line, which then is shown again', async () => {
    const terminal = new TestTerminal();
    await session(terminal, async (wheel) => {
      wheel.attribs().completionFunction = () => ['gamma', 'gamut'];
      terminal.type('g\t\t');
      await until(() => terminal.shown.length > 3);
      assert.deepEqual(terminal.shown, ['> gam', 'gamma', 'gamut', '> gam']);
      terminal.type('\r');
    });
  });
});

describe('ReadLine history', () => {
  const file = join(folder, 'history');

  /** A wheel that reads nothing. */
  async function withWheel(code: (wheel: ReadLine) => void): Promise<void> {
    await runSession({
      _start() {
        const { input, output } = new TestTerminal();
        using wheel = new ReadLine({ input, output, inputEvent: 'line' });
        code(wheel);
      },
    });
  }

  test('addHistory() is what the keys go through', async () => {
    const terminal = new TestTerminal();
    const log = await session(
      terminal,
      (wheel) => {
        wheel.addHistory('one', 'two');
        assert.deepEqual(wheel.getHistory(), ['one', 'two']);
        wheel.get();
        terminal.type('x\r\x10\x10\r');
      },
      { lines: 2 },
    );
    assert.deepEqual(log, [['x'], ['one']]);
  });

  test('writeHistory() and readHistory() keep it in a file', () =>
    withWheel((wheel) => {
      wheel.addHistory('one', 'two', 'three');
      assert.equal(wheel.writeHistory(file), 1);
      assert.equal(readFileSync(file, 'utf8'), 'one\ntwo\nthree\n');
      assert.equal(wheel.readHistory(file, 1), 1);
      assert.deepEqual(wheel.getHistory().slice(3), ['two', 'three']);
      assert.equal(wheel.readHistory(file, 0, 1), 1);
      assert.deepEqual(wheel.getHistory().slice(5), ['one', 'two']);
      assert.equal(wheel.readHistory(file, 2, 1), 1, 'an end before the beginning is none');
      assert.deepEqual(wheel.getHistory().slice(7), ['three']);
    }));

  test('historyTruncateFile() leaves the last lines, in the file and here', () =>
    withWheel((wheel) => {
      writeFileSync(file, 'one\ntwo\nthree\n');
      assert.equal(wheel.historyTruncateFile(file, 3), 1);
      assert.deepEqual(wheel.getHistory(), []);
      assert.equal(wheel.historyTruncateFile(file, 2), 1);
      assert.equal(readFileSync(file, 'utf8'), 'two\nthree\n');
      assert.deepEqual(wheel.getHistory(), ['two', 'three']);
      assert.equal(wheel.historyTruncateFile(file), 1);
      assert.equal(readFileSync(file, 'utf8'), '');
      assert.deepEqual(wheel.getHistory(), []);
    }));

  test('a file that cannot be used gives undefined', () =>
    withWheel((wheel) => {
      const nowhere = join(folder, 'no', 'such', 'file');
      assert.equal(wheel.readHistory(nowhere), undefined);
      assert.equal(wheel.writeHistory(nowhere), undefined);
      assert.equal(wheel.historyTruncateFile(nowhere), undefined);
      assert.equal(existsSync(nowhere), false);
    }));
});

describe('ReadLine keys', () => {
  test('bindKey() binds functions by name, functions of the program, and macros', async () => {
    const terminal = new TestTerminal();
    const given: unknown[] = [];
    const log = await session(terminal, (wheel) => {
      wheel.bindKey('C-o', 'upcase-word');
      wheel.bindKey('"\\C-xa"', (the, key, raw) => {
        given.push(the === wheel, key, raw, the.text, the.cursor);
        the.text = 'other';
        the.cursor = 2;
        the.apply('kill-line');
      });
      wheel.bindKey('M-Rubout', '"\\C-a\\C-o"');
      terminal.type('one two\x18a\x1b\x7f\r');
    });
    assert.deepEqual(given, [true, '^xa', '\x18a', 'one two', 7]);
    assert.deepEqual(log, [['OT']]);
  });

  test('bindKey() warns of a function that does not exist', async () => {
    const terminal = new TestTerminal();
    const warnings = await warningsOf(
      () =>
        void session(terminal, (wheel) => {
          wheel.bindKey('C-o', 'no-such-thing');
          terminal.type('\r');
        }),
    );
    await sleep(20);
    assert.deepEqual(warnings, ["Ignoring the key C-o: there is no function 'no-such-thing'"]);
  });

  test('addDefun() gives a function a name, for inputrc files too', async () => {
    writeFileSync(inputrc, 'C-o: shout\n');
    ReadLine.addDefun('shout', (wheel) => {
      wheel.text = wheel.text.toUpperCase();
    });
    const terminal = new TestTerminal();
    const log = await session(
      terminal,
      (wheel) => {
        wheel.addDefun(
          'whisper',
          (the) => {
            the.text = the.text.toLowerCase();
          },
          'C-xw',
        );
        terminal.type('a\x0fB\r\x18wC\x18w\r');
      },
      { lines: 2 },
    );
    writeFileSync(inputrc, '');
    assert.deepEqual(log, [['AB'], ['c']]);
  });

  test('rlSetKeymap() goes to another keymap', async () => {
    const terminal = new TestTerminal();
    const log = await session(terminal, (wheel) => {
      wheel.rlSetKeymap('vi');
      assert.equal(wheel.option('keymap'), 'vi-command');
      terminal.type('ia\r');
    });
    assert.deepEqual(log, [['a']]);
  });

  test('a function that ends the wheel ends the reading', async () => {
    const terminal = new TestTerminal();
    const log = await session(terminal, (wheel) => {
      wheel.bindKey('C-o', (the) => the.destroy());
      terminal.type('a\x0fb\r');
    });
    assert.deepEqual(log, []);
    assert.deepEqual(terminal.raw, [true, false]);
  });

  test('option() is empty for what is not set, attribs() are the options themselves', async () => {
    const terminal = new TestTerminal();
    await session(terminal, (wheel) => {
      assert.equal(wheel.option('Editing-Mode'), 'emacs');
      assert.equal(wheel.option('no-such'), '');
      wheel.attribs()['comment-begin'] = '--';
      assert.equal(wheel.option('comment-begin'), '--');
      terminal.type('\r');
    });
  });
});
