import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Curses, ReadLine, unctrl } from 'poe-kernel/wheels';
import { runSession, warningsOf } from '../helpers/sessions.ts';
import { TestTerminal } from '../helpers/test-terminal.ts';

/** The keystrokes that come of what is typed, up to `q`. */
function keystrokes(...typed: (string | Uint8Array)[]): Promise<string[]> {
  const { input, output } = new TestTerminal();
  return runSession({
    _start({ heap }) {
      heap.wheel = new Curses({ input, output, inputEvent: 'key' });
      for (const octets of [...typed, 'q']) input.write(octets);
    },
    key({ heap }, key, id) {
      assert.equal(id, heap.wheel.id);
      if (key === 'q') heap.wheel.destroy();
      else heap.log.push(key);
    },
  });
}

describe('Curses', () => {
  for (const [typed, ...keys] of [
    ['aé日', 'a', 'é', '日'],
    ['\x03\r\t\0', '\x03', '\r', '\t', '\0'],
    ['\x7f\b', 'KEY_BACKSPACE', '\b'],
    ['\x1b[A\x1bOB\x1b[C\x1bOD', 'KEY_UP', 'KEY_DOWN', 'KEY_RIGHT', 'KEY_LEFT'],
    ['\x1b[H\x1bOF\x1b[1~\x1b[4~', 'KEY_HOME', 'KEY_END', 'KEY_HOME', 'KEY_END'],
    ['\x1b[2~\x1b[3~\x1b[5~\x1b[6~', 'KEY_IC', 'KEY_DC', 'KEY_PPAGE', 'KEY_NPAGE'],
    ['\x1bOP\x1bOS\x1b[15~\x1b[24~', 'KEY_F(1)', 'KEY_F(4)', 'KEY_F(5)', 'KEY_F(12)'],
    ['\x1b[1;2P\x1b[15;5~', 'KEY_F(13)', 'KEY_F(29)'],
    ['\x1b[[A\x1b[[E', 'KEY_F(1)', 'KEY_F(5)'],
    ['\x1b[Z\x1bOM', 'KEY_BTAB', 'KEY_ENTER'],
    ['\x1b[1;5C\x1b[1;2D\x1b[1;2A', 'kRIT5', 'KEY_SLEFT', 'KEY_SR'],
    ['\x1bx', '\x1b', 'x'],
    ['\x1b[99x', '\x1b', '[', '9', '9', 'x'],
    ['\x1b[200~ab\x1b[201~', 'a', 'b'],
  ] as const) {
    test(`sends ${keys.join(' ').replace(/[^ -~]/g, '?')} for ${JSON.stringify(typed)}`, async () => {
      assert.deepEqual(await keystrokes(typed), keys);
    });
  }

  test('takes an escape alone for what it is after a while', async () => {
    const { input, output } = new TestTerminal();
    const log = await runSession({
      _start({ heap }) {
        heap.wheel = new Curses({ input, output, inputEvent: 'key' });
        input.write('\x1b');
      },
      key({ heap }, key) {
        heap.log.push(key);
        heap.wheel.destroy();
      },
    });
    assert.deepEqual(log, ['\x1b']);
  });

  test('takes the terminal until it is destroyed, writes nothing, and leaves no listener', async () => {
    const terminal = new TestTerminal();
    const { input, output } = terminal;
    await runSession({
      _start({ heap }) {
        heap.wheel = new Curses({ input, output, inputEvent: 'key' });
        assert.deepEqual(terminal.raw, [true]);
        const second = new ReadLine({ input, output, inputEvent: 'line' });
        assert.throws(() => second.get(), { code: 'POE_ERR_TERMINAL_BUSY' });
        second.destroy();
        output.emit('resize');
      },
      key({ heap }, key) {
        heap.log.push(key);
        heap.wheel.destroy();
      },
    }).then((log) => assert.deepEqual(log, ['KEY_RESIZE']));
    assert.deepEqual(terminal.raw, [true, false]);
    assert.deepEqual(terminal.listeners, []);
    assert.equal(terminal.written, '');
  });

  test('stops reading at the end of the input, without an event', async () => {
    const { input, output } = new TestTerminal();
    const log = await runSession({
      _start() {
        new Curses({ input, output, inputEvent: 'key' });
        input.end('ab\x1b');
      },
      key: ({ heap }, key) => void heap.log.push(key),
    });
    assert.deepEqual(log, ['a', 'b', '\x1b']);
  });

  test('says which parameter is missing, and which it does not know', async () => {
    assert.throws(() => new Curses({} as never), {
      code: 'POE_ERR_WHEEL_PARAMETER',
      message: 'inputEvent required: cannot make a Curses without it',
    });
    const { input, output } = new TestTerminal();
    const warnings = await warningsOf(
      () =>
        void runSession({
          _start: () => new Curses({ input, output, inputEvent: 'x', mouse: true } as never).destroy(),
        }),
    );
    assert.deepEqual(warnings, ["Ignoring unknown Curses parameter 'mouse'"]);
  });

  test('unctrl() shows control characters as Curses does', () => {
    assert.deepEqual(['\x03', '\x1b', '\x7f', 'a', 'é'].map(unctrl), ['^C', '^[', '^?', 'a', 'é']);
  });
});
