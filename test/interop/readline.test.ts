import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { LineEditor } from '../../wheels/readline/editor.ts';
import { keysOf } from '../../wheels/readline/key-decoder.ts';
import { fc, PROPERTY_SEED } from '../helpers/property.ts';
import { root } from '../helpers/repository.ts';

const WORDS = ['alpha', 'alphabet', 'beta', 'gamma', 'gamut'];
const HISTORY = ['one two', 'three four five', 'foo.bar(baz) {x [y] z}', '  spaces  around  ', 'alpha'];

/** Why there is no genuine wheel; undefined if there is. */
function whyNoPerl(): string | undefined {
  const { error, status, stderr } = spawnSync(
    'perl',
    ['-MPOE', '-MTerm::ReadKey', '-MTerm::Cap', '-MJSON::PP', '-e', '1'],
    {
      encoding: 'utf8',
    },
  );
  if (error !== undefined) return `no perl: ${error.message}`;
  return status === 0 ? undefined : `this perl cannot load what POE::Wheel::ReadLine needs: ${stderr.split('\n')[0]}`;
}

interface Answer {
  event?: unknown[];
  text?: string;
  cursor?: number;
  keymap?: string;
  died?: string;
}

/** What the genuine wheel makes of each sequence of keys, one line after the other. */
function perl(inputrc: string, sequences: readonly string[]): Answer[] {
  const folder = mkdtempSync(join(tmpdir(), 'poe-kernel-readline-'));
  writeFileSync(join(folder, 'inputrc'), inputrc);
  const order = (kind: string) => (text: string) => `${kind} ${Buffer.from(text).toString('hex')}\n`;
  const { stdout } = spawnSync('perl', [join(root, 'test/interop/perl/readline.pl')], {
    input: [...HISTORY.map(order('H')), ...sequences.map(order('K'))].join(''),
    env: { ...process.env, TERM: 'xterm', INPUTRC: join(folder, 'inputrc') },
    encoding: 'utf8',
  });
  rmSync(folder, { recursive: true });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Answer);
}

/** What ours makes of them. */
function ours(inputrc: string, sequences: readonly string[]): Answer[] {
  const editor = new LineEditor({
    appName: 'poe-readline',
    term: 'xterm',
    columns: 80,
    id: 1,
    homeOf: () => undefined,
    readInputrc: () => inputrc,
    readFile: () => undefined,
    userFunction: () => undefined,
    unknownFunction: () => {},
  });
  editor.options.completion_function = () => WORDS;
  editor.history.lines.push(...HISTORY);
  return sequences.map((keys) => {
    if (!editor.reading) editor.start();
    const keymap = (): string => String(editor.option('keymap'));
    for (const effect of keysOf(keys).flatMap((key) => editor.key(key))) {
      if (effect.kind === 'line') return { event: [effect.line], keymap: keymap() };
      if (effect.kind === 'exception') return { event: [null, effect.exception], keymap: keymap() };
    }
    return { text: editor.text, cursor: editor.cursor, keymap: keymap() };
  });
}

function assertAgree(inputrc: string, sequences: readonly string[]): void {
  const theirs = perl(inputrc, sequences);
  const mine = ours(inputrc, sequences);
  const differs = mine.findIndex(
    (answer, index) => JSON.stringify(sorted(answer)) !== JSON.stringify(sorted(theirs[index])),
  );
  if (differs >= 0)
    assert.deepEqual(mine[differs], theirs[differs], `keys ${JSON.stringify(sequences[differs])}, sequence ${differs}`);
  assert.equal(theirs.length, sequences.length);
}

function sorted(answer: Answer | undefined): unknown[] {
  return [answer?.event, answer?.text, answer?.cursor, answer?.keymap, answer?.died];
}

const control = (letters: string): string[] =>
  [...letters].map((letter) => String.fromCharCode(letter.charCodeAt(0) & 31));
const meta = (letters: string): string[] => [...letters].map((letter) => `\x1b${letter}`);

/**
 * Keys that both act upon alike. Not among them: what is listed in the porting guide as different (counts, undo, `.`, completion in the middle of
 * a line), and what ends or hangs the genuine wheel.
 */
const EMACS = [
  ...control('abdefhkpuwytn'),
  ...meta('bcdflnptuy.<>#* \\'),
  ...meta('\b\x19'),
  '\x7f',
  // Behind a key that ends a search: in one, an escape is a key of its own.
  ...['[2~', 'OA', 'OB', 'OC', 'OD', '[3~'].map((key) => `\x06\x1b${key}`),
  '\x12o',
  '\x12t\x12',
  '\x13a',
  '\x12e\x13',
  '\x12o\x0a',
  '\x16z',
  '\x05\t',
];
const EMACS_TEXT = ['foo', 'bar ', 'x', 'one two', 'a', '  ', 'B9_', 'al', 'ga', '-', '.', ' ', 'be'];
const VI = [
  ...'hl $^bweWBEiaAIxXpPDCsS~|jk+-GR%nN_#zY',
  ...['dw', 'd$', 'd0', 'd^', 'cw', 'c$', 'yw', 'y$', 'dtx', 'dto', 'dd', '3l', '2x', '2dw', 'd2w', '3w', '3|', '3ix'],
  ...['iq\x1bra', 'iz\x1brz', 'Fo', 'fo', 't ', 'ma', '`a', 'd`a', 'l0', '\x12o\x1b'],
  ...control('twukhpny'),
  ...['\x1b', '\x7f', '\x13a'],
];
const VI_TEXT = ['foo', 'bar ', 'x', 'one two', 'a', '  ', 'B_', 'al', 'ga', '-', ' ', 'be'];

describe('the editor against the genuine POE::Wheel::ReadLine', { skip: whyNoPerl() ?? false }, () => {
  for (const [mode, inputrc, keys, text] of [
    ['emacs', '', EMACS, EMACS_TEXT],
    ['vi', 'set editing-mode vi\n', VI, VI_TEXT],
  ] as const) {
    test(`random keys of ${mode} give the same lines`, () => {
      const pressed = fc.oneof(
        { weight: 2, arbitrary: fc.constantFrom(...keys) },
        { weight: 1, arbitrary: fc.constantFrom(...text) },
      );
      const sequence = fc.array(pressed, { minLength: 1, maxLength: 14 }).map((parts) => `${parts.join('')}\r`);
      // One genuine wheel for many lines: to start it costs more than they do.
      const lists = fc.sample(fc.array(sequence, { minLength: 300, maxLength: 500 }), {
        seed: PROPERTY_SEED,
        numRuns: 4,
      });
      for (const sequences of lists) assertAgree(inputrc, sequences);
    });
  }

  test('every way to end a line gives the same event', () => {
    assertAgree('', [
      '\r',
      '\n',
      'a\r',
      'a\x03',
      '\x04',
      'a\x04\x08\x04',
      'a\x07',
      '\x1b\x07',
      '\x18\x07',
      'a\x1b#',
      'ab',
      'c\r',
    ]);
    assertAgree('set editing-mode vi\n', ['\r', 'a\x1b\r', '\x04', 'a\x04\r', 'a\x1b\x07', 'a\x1b#', 'a\x03\r']);
  });

  test('inputrc files bind alike', () => {
    const inputrc = [
      '# what people have in it',
      'C-o: accept-line',
      '"\\C-f": upcase-word',
      '"\\M-g": kill-line',
      '"\\e[5~": beginning-of-line',
      'M-C-k: yank',
      'C-xu: unix-line-discard',
      'Meta-q: backward-word',
      'Control-b: end-of-line',
      '"x": "macro words"',
      '$if poe-readline',
      'M-a: beginning-of-line',
      '$else',
      'M-a: end-of-line',
      '$endif',
      '$if term=xterm',
      'M-e: delete-char',
      '$endif',
      'set comment-begin ;',
      'C-n: no-such-function',
      'C-n: kill-word',
    ].join('\n');
    assertAgree(inputrc, [
      'one\x0f',
      'one\x01\x06two\r',
      'one two\x1bb\x1bg\x1b\x0b\x1b\x0b\r',
      'one\x1b[5~two\r',
      'one\x18utwo\r',
      'one two\x1bqX\x02Y\r',
      'x\r',
      'one\x1baX\r',
      'one\x01\x1be\r',
      'one\x1b#',
      'one two\x01\x0e\r',
    ]);
  });
});
