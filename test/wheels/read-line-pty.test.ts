import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { after, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { PtyProgram } from '../helpers/pty.ts';
import { root } from '../helpers/repository.ts';

/** A program that repeats what is entered, in quotes, and ends with `quit`. */
const ECHO = `
  import { kernel, Session } from 'poe-kernel';
  import { ReadLine } from 'poe-kernel/wheels';
  Session.create({ inlineStates: {
    _start({ heap }) {
      heap.wheel = new ReadLine({ inputEvent: 'line', putMode: 'immediate' });
      heap.wheel.attribs().completionFunction = () => ['gamma', 'gamut'];
      heap.wheel.get('> ');
    },
    line({ heap, kernel }, line, exception) {
      if (line === 'crash') throw new Error('crashed');
      if (line === 'exit') { heap.wheel.get(); process.exit(3); }
      if (line === 'put') kernel.delay('put', 0.2);
      heap.wheel.put(line === undefined ? exception : \`"\${line}"\`);
      if (line === 'quit') return heap.wheel.destroy();
      if (line !== undefined) heap.wheel.addHistory(line);
      heap.wheel.get();
    },
    put: ({ heap }) => heap.wheel.put('put above'),
  } });
  await kernel.run();`;
const ECHO_WORDS = [process.execPath, '--input-type=module', '-e', ECHO];

/** The same under a shell that then says how the terminal is set. */
const ECHO_THEN_STTY = [
  'sh',
  '-c',
  '"$@" 2>/dev/null; echo "status $?"; stty -a | tr " ;" "\\n\\n" | grep -x -e "-*icanon" -e "-*echo" -e "-*isig"',
  'sh',
  ...ECHO_WORDS,
];
const COOKED = ['isig', 'icanon', 'echo'];

describe('ReadLine on a pseudo-terminal', () => {
  test('edits, remembers, completes and reports, as a person sees it', async () => {
    const program = new PtyProgram(ECHO_WORDS);
    await program.shows(['>']);
    program.type('heloo\x1b[D\x7fl');
    await program.shows(['> hello']);
    assert.equal(program.screen.column, 6);
    program.type('\r\x1b[Ag\x17g\t\t');
    const first = ['> hello', '"hello"'];
    await program.shows([...first, '> gam', 'gamma', 'gamut', '> gam']);
    program.type('\x03');
    const second = [...first, '> gam', 'gamma', 'gamut', '> gam^C', 'interrupt'];
    await program.shows([...second, '>']);
    program.type('\x12hel');
    await program.shows([...second, "(reverse-i-search)`hel': hello"]);
    program.type('\r');
    await program.shows([...second, '> hello', '"hello"', '>']);
    program.type('quit\r');
    assert.equal((await program.ended()).exitCode, 0);
  });

  test('shows a long line on several rows, and wide characters whole', async () => {
    const program = new PtyProgram(ECHO_WORDS, {}, 10, 6);
    await program.shows(['>']);
    program.type('日本語日本語');
    await program.shows(['> 日本語日', '本語']);
    program.type('\x01x');
    await program.shows(['> x日本語', '日本語']);
    assert.deepEqual([program.screen.row, program.screen.column], [0, 3]);
    program.type('\x05\x15quit\r');
    await program.ended();
  });

  for (const [how, keys, status] of [
    ['by its own end', 'quit\r', 0],
    ['by process.exit()', 'exit\r', 3],
    ['by an exception', 'crash\r', 1],
  ] as const) {
    test(`leaves the terminal as it was when the process ends ${how}`, async () => {
      const program = new PtyProgram(ECHO_THEN_STTY);
      await program.shows(['>']);
      program.type(keys);
      await program.ended();
      const at = program.shown.findIndex((line) => line.endsWith(`status ${status}`));
      assert.ok(at > 0, program.shown.join('\n'));
      assert.deepEqual(program.shown.slice(at + 1), COOKED);
    });
  }

  test('a closed terminal ends the program', async () => {
    const program = new PtyProgram(ECHO_WORDS);
    await program.shows(['>']);
    program.kill('SIGHUP');
    assert.equal((await program.ended()).signal, 1);
  });
});

/** Why tmux cannot be used; undefined if it can. */
function whyNoTmux(): string | undefined {
  const { error, status } = spawnSync('tmux', ['-V']);
  return error === undefined && status === 0 ? undefined : 'there is no tmux here';
}

describe('ReadLine in tmux', { skip: whyNoTmux() ?? false }, () => {
  const server = `poe-kernel-${randomUUID()}`;
  const tmux = (...words: string[]): string => execFileSync('tmux', ['-L', server, ...words], { encoding: 'utf8' });
  after(() => spawnSync('tmux', ['-L', server, 'kill-server']));

  /** What tmux shows, up to the last row that has something, with what it has scrolled away if asked for. */
  function shown(scrolled = false): string[] {
    const lines = tmux('capture-pane', '-p', ...(scrolled ? ['-S', '-'] : [])).split('\n');
    return lines.slice(0, lines.findLastIndex((line) => line !== '') + 1);
  }

  async function shows(lines: readonly string[], scrolled = false): Promise<void> {
    const late = Date.now() + 60_000;
    while (JSON.stringify(shown(scrolled)) !== JSON.stringify(lines)) {
      if (Date.now() > late) assert.deepEqual(shown(scrolled), lines);
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  }

  async function cursorIs(place: string): Promise<void> {
    const late = Date.now() + 60_000;
    for (;;) {
      const found = tmux('display-message', '-p', '#{cursor_y},#{cursor_x}').trim();
      if (found === place) return;
      if (Date.now() > late) assert.equal(found, place);
      await sleep(30);
    }
  }

  test('a line is edited, wrapped, put above of, and laid out anew when the window changes', async () => {
    tmux(
      '-f',
      '/dev/null',
      'new-session',
      '-d',
      '-x',
      '20',
      '-y',
      '8',
      '-c',
      root,
      '-e',
      'INPUTRC=/dev/null',
      ...ECHO_WORDS,
    );
    await shows(['>']);
    tmux('send-keys', 'put', 'Enter');
    await shows(['> put', '"put"', '>']);
    tmux('send-keys', '-l', 'abcdefghijklmnopqrstuvwxyz');
    await shows(['> put', '"put"', 'put above', '> abcdefghijklmnopqr', 'stuvwxyz']);
    await cursorIs('4,8');
    tmux('send-keys', 'Home', 'Right', 'X');
    await shows(['> put', '"put"', 'put above', '> aXbcdefghijklmnopq', 'rstuvwxyz']);
    await cursorIs('3,4');

    tmux('resize-window', '-x', '14', '-y', '8');
    // tmux shows the same by itself; the program hears of its new size a moment later.
    await sleep(400);
    await shows(['> put', '"put"', 'put above', '> aXbcdefghijk', 'lmnopqrstuvwxy', 'z'], true);
    tmux('resize-window', '-x', '40', '-y', '8');
    await sleep(400);
    await shows(['> put', '"put"', 'put above', '> aXbcdefghijklmnopqrstuvwxyz'], true);
    tmux('send-keys', 'End', 'Y');
    await shows(['> put', '"put"', 'put above', '> aXbcdefghijklmnopqrstuvwxyzY'], true);
    tmux('send-keys', 'C-u');
    await shows(['> put', '"put"', 'put above', '>'], true);
    tmux('send-keys', 'Up', 'C-c');
    await shows(['> put', '"put"', 'put above', '> put^C', 'interrupt', '>']);
    tmux('send-keys', 'C-d');
    await shows(['> put', '"put"', 'put above', '> put^C', 'interrupt', '> ^D', 'eot', '>']);
    tmux('send-keys', 'C-l');
    tmux('send-keys', '-l', '日本語');
    await shows(['> 日本語']);
    tmux('send-keys', 'Left');
    await shows(['> 日本語']);
    await cursorIs('0,6');
  });
});
