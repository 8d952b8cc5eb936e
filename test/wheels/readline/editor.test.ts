import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { type EditorHost, type Effect, LineEditor, LONGEST_LINE } from '../../../wheels/readline/editor.ts';
import { FUNCTIONS } from '../../../wheels/readline/functions/index.ts';
import { keysOf } from '../../../wheels/readline/key-decoder.ts';
import { keySequences } from '../../../wheels/readline/key-names.ts';
import { fc } from '../../helpers/property.ts';

const HISTORY = ['one two', 'three four five', 'alpha'];

function editorWith(inputrc = '', host: Partial<EditorHost> = {}): LineEditor {
  const editor = new LineEditor({
    appName: 'poe-readline',
    term: 'xterm',
    columns: 40,
    id: 7,
    homeOf: (user) => (user === 'root' ? '/root' : undefined),
    readInputrc: () => inputrc,
    readFile: () => undefined,
    userFunction: () => undefined,
    unknownFunction: () => {},
    ...host,
  });
  editor.history.lines.push(...HISTORY);
  editor.options.completionFunction = () => ['alpha', 'alphabet', 'beta', 'gamma', 'gamut'];
  editor.start();
  return editor;
}

function type(editor: LineEditor, keys: string): Effect[] {
  return keysOf(keys).flatMap((key) => editor.key(key));
}

/** The line with a bar at the cursor; what it came to once it has ended; and how often the bell rang. */
function after(keys: string, inputrc?: string): string {
  const editor = editorWith(inputrc);
  const effects = type(editor, keys);
  const bells = '!'.repeat(effects.filter(({ kind }) => kind === 'bell').length);
  const end = effects.find(({ kind }) => kind === 'line' || kind === 'exception');
  if (end?.kind === 'line') return `line ${end.line}${bells}`;
  if (end?.kind === 'exception') return `${end.exception} ${end.shown}${bells}`;
  return `${editor.before}|${editor.after}${bells}`;
}

/** The octets of keys, written as in an inputrc with spaces between, text in quotes. */
function keys(written: string): string {
  return [...written.matchAll(/'([^']*)'|(\S+)/g)]
    .map(([, text, key]) => text ?? (keySequences(key as string)[0] as string))
    .join('');
}

const EMACS: readonly (readonly [keys: string, result: string])[] = [
  ["'abc'", 'abc|'],
  ["'abc' C-a", '|abc'],
  ["'abc' home right 'x'", 'ax|bc'],
  ["'abc' left left C-e", 'abc|'],
  ["'abc' C-f", 'abc|!'],
  ["'abc' C-a C-b", '|abc!'],
  ["'abc' C-b C-b C-d", 'a|c'],
  ["'abc' del", 'abc|!'],
  ["'abc' rubout C-h", 'a|'],
  ['C-h', '|!'],
  ["'foo bar' M-b", 'foo |bar'],
  ["'foo bar' M-b M-b M-b", '|foo bar!'],
  ["'foo bar' C-a M-f", 'foo| bar'],
  ["'foo bar' M-f", 'foo bar|!'],
  ["'foo.bar baz' M-b M-b", 'foo.|bar baz'],
  ["'größe' M-b", '|größe'],
  ["'foo bar' C-w", 'foo |'],
  ["'foo.bar' M-Rubout", 'foo.|'],
  ["'foo.bar' M-C-h", 'foo.|'],
  ["'foo bar' C-a M-d", '|bar'],
  ["'foo bar' M-b C-k", 'foo |'],
  ["'foo bar' M-b C-u", '|bar'],
  ["'foo bar' M-b C-x Rubout", '|bar'],
  ["'foo bar' C-k", 'foo bar|!'],
  ["'foo bar' C-w C-a C-y", 'bar|foo '],
  ['C-y', '|!'],
  ["'one' C-u 'two' C-u C-y M-y", 'twoone|'],
  ["'x' M-y", 'x|!'],
  ["'a  b' C-b M-\\", 'a|b'],
  ["'ab' M-\\", 'ab|!'],
  ["'ab' C-t", 'ba|'],
  ["'abc' C-b C-t", 'ac|b'],
  ["'a' C-t", 'a|!'],
  ["'abc' C-a C-t", '|abc!'],
  ["'one  two' M-t", 'two  one|'],
  ["'one' M-t", 'one|!'],
  ["'foo bar' C-a M-u M-c", 'FOO Bar|'],
  ["'FOO' C-a M-l", 'foo|'],
  ["'foo' M-u", 'foo|!'],
  ["'straße' C-a M-u 'x'", 'STRASSEx|'],
  ["'abc' C-a ins 'X' ins 'y'", 'Xy|bc'],
  ['C-v C-a', '\x01|'],
  ["'it' C-m", 'line it'],
  ["'it' C-j", 'line it'],
  ["'abc' C-b C-m", 'line abc'],
  ['C-m', 'line '],
  ['C-d', 'eot ^D'],
  ["'x' C-c", 'interrupt ^C'],
  ["'x' C-g", 'cancel ^G'],
  ['C-p', 'alpha|'],
  ["'now' up up down down", 'now|'],
  ['down', '|!'],
  ['up up up up', 'one two|!'],
  ['M-<', 'one two|'],
  ['M-< M-<', 'one two|!'],
  ['M-< M->', 'alpha|'],
  ['M-> M->', 'alpha|!'],
  ["'now' M-< M-> C-n", 'now|'],
  ["'x ' M-.", 'x alpha|'],
  ["up 'x ' M-_", 'alphax five|'],
  ['up M-C-y', 'alphafour|'],
  ['up M-2 M-C-y', 'alphafive|'],
  ['up M-- M-1 M-C-y', 'alphafive|'],
  ['up M-9 M-C-y', 'alpha|!'],
  ["C-r 'two'", '|one two'],
  ["C-r 'two' C-m", 'line one two'],
  ["C-r 'o' C-r", '|one two'],
  ["C-r 'o' C-r C-r", '|one two!'],
  ["C-r 'o' C-r C-s", '|three four five'],
  ["C-r 'zzz'", '|!!!'],
  ["C-r 'o' C-e 'x'", 'three four fivex|'],
  ["C-r 'o' right", 't|hree four five'],
  ["C-r 'o' esc", '|three four five'],
  ["C-r 'o' C-j C-j", 'line three four five'],
  ["C-r '('", '|!'],
  ["C-r 'o' C-g", 'cancel ^G'],
  ["C-s 'x'", '|!'],
  ['M-p', '|alpha'],
  ['M-p M-p', '|three four five'],
  ['M-n', '|!'],
  ["'a' tab", 'alpha|!'],
  ["'b' tab", 'beta|'],
  ["'say g' tab", 'say gam|!'],
  ["'x' tab", 'x|!'],
  ["'b end' home right tab 'x'", 'betax| end'],
  ["'g' M-*", 'gamma gamut|'],
  ["'x' M-*", 'x|!'],
  ["'~root' M-&", '/root|'],
  ["'cd ~root' M-~", 'cd /root|'],
  ["'~nobody' M-&", '~nobody|!'],
  ["'x' M-&", 'x|!'],
  ["'rm all' M-#", 'line #rm all'],
  ["'#rm all' M-1 M-#", 'line rm all'],
  ["'ab' C-_", '|'],
  ["'ab' C-a 'x' C-_", '|ab'],
  ["'foo bar' C-w C-_ C-_", '|'],
  ['C-_', '|!'],
  ["'abc' C-w C-_", 'abc|'],
  ["up 'x' C-w C-_ C-_", 'alpha|'],
  ["'abc' M-r", '|'],
  ["up 'xyz' M-r", '|alpha'],
  ["'abcdefg' M-3 C-b", 'abcd|efg'],
  ["'abcdefghijkl' M-1 M-0 left", 'ab|cdefghijkl'],
  ["M-4 'x'", 'xxxx|'],
  ["'abcd' M-- C-f", 'abc|d'],
  ["'abcd' C-a M-- M-2 C-b", 'ab|cd'],
  ["'one two three' M-2 M-b", 'one |two three'],
  ["'abc' M-2 M-1 M-1 rubout", '|!'.padEnd(209, '!')],
  ["'a,b,c' C-a C-] ','", 'a|,b,c'],
  ["'a,b,c' M-C-] ','", 'a,b|,c'],
  ["'abc' C-] 'x'", 'abc|!'],
  ["'abc' M-C-i", 'abc|!'],
  ["M-C-j C-e 'x'", 'x|'],
  ['M-z', '\x1bz|'],
  ['C-o', '\x0f|'],
];

const VI: readonly (readonly [keys: string, result: string])[] = [
  ["'abc' esc", 'ab|c'],
  ['esc', '|'],
  ["'abc' esc 'h'", 'a|bc'],
  ["'abc' esc '0' 'l'", 'a|bc'],
  ["'abc' esc 'l'", 'ab|c!'],
  ["'abc' esc '0x'", '|bc'],
  ["'abc' esc 'x'", 'a|b'],
  ["'abc' esc 'X'", 'a|c'],
  ["'abc' esc 'ix'", 'abx|c'],
  ["'abc' esc 'ax'", 'abcx|'],
  ["'abc' esc '0Ax'", 'abcx|'],
  ["'abc' esc 'Ix'", 'x|abc'],
  ["'abc' esc '0RXY'", 'XY|c'],
  ["'abc' esc '0rX'", '|Xbc'],
  ["'abc' esc '0~'", 'A|bc'],
  ["'ABC' esc '0~'", 'a|BC'],
  ["'abc' esc '0sX'", 'X|bc'],
  ["'abc' esc 'SX'", 'X|'],
  ["'one two three' esc '0w'", 'one |two three'],
  ["'one two three' esc '02w'", 'one two |three'],
  ["'one two three' esc '0e'", 'on|e two three'],
  ["'one two three' esc 'b'", 'one two |three'],
  ["'one two three' esc '0dw'", '|two three'],
  ["'one two three' esc '0d2w'", '|three'],
  ["'one two three' esc '0wD'", 'one| '],
  ["'one two three' esc '0wd0'", '|two three'],
  ["'one two three' esc '0wCX'", 'one X|'],
  ["'one two three' esc '0cwX'", 'X|two three'],
  ["'one two three' esc '0dtr'", '|ree'],
  ["'one two' esc '0ywP'", 'one |one two'],
  ["'one two' esc '0yw' '$p'", 'one twoone| '],
  ["'one' esc '0Yp'", 'oone|ne'],
  ["'one two' esc '0Fw'", 'one t|wo'],
  ["'one two' esc '0Fz'", '|one two!'],
  ["'one two' esc '05|'", 'one t|wo'],
  ["'  one' esc '^'", '  |one'],
  ["'f(a[b]c)' esc '0%'", 'f(a[b]c|)'],
  ["'f(a[b]c)' esc '%'", 'f|(a[b]c)'],
  ["'f(a' esc '0%'", '|f(a!'],
  ["'abcd' esc '0lma$`a'", 'a|bcd'],
  ["'abcd' esc '0lma$d`a'", 'a|d'],
  ["'abcd' esc '`z'", 'abc|d!'],
  ["'abcd' esc 'dd'", 'abc|d!'],
  ["esc 'k'", 'alph|a'],
  ["esc 'kkj'", 'alph|a'],
  ["esc 'G'", 'one two|'],
  ['up', 'alph|a'],
  ["'abc' left left 'x'", 'ax|bc'],
  ["esc '_'", 'alpha|'],
  ["esc 'k/two' C-m", '|one two'],
  ["esc '/two' C-m", '|two!'],
  ["esc 'k/o' C-m 'n'", '|one two'],
  ["'b ' esc '*'", 'beta| '],
  ["'b' esc 'a' tab", 'beta|'],
  ["'~root' esc '$&'", '/root|'],
  ["'rm' esc '#'", 'line #rm'],
  ["'it' esc C-m", 'line it'],
  ["'x' C-d", 'x|!'],
  ['C-d', 'eot ^D'],
  ["'x' esc C-g", 'cancel ^G'],
  ['C-c', '\x03|'],
  ["'abc' esc C-_", '|'],
  ["'abc' esc 'U'", '|'],
  ["'abc' esc 'q'", 'ab|c!'],
  ["'abc' esc C-e 'x'", 'abx|c'],
  ["'abcdef' esc '0x.'", '|cdef'],
  ["'one two three' esc '0dw.'", '|three'],
  ["'one two' esc '0cwX' esc 'l.'", 'X|X'],
  ["'abc' esc '0rX' 'l.'", 'X|Xc'],
  ["'abc' esc '.'", 'ab|c!'],
  ["'ab' esc '0iX' esc 'l.'", 'X|Xab'],
];

describe('LineEditor in the keymap of emacs', () => {
  for (const [written, result] of EMACS) {
    test(`${written} comes to ${result.slice(0, 40)}`, () => assert.equal(after(keys(written)), result));
  }
});

describe('LineEditor in the keymaps of vi', () => {
  for (const [written, result] of VI) {
    test(`${written} comes to ${result}`, () => assert.equal(after(keys(written), 'set editing-mode vi'), result));
  }
});

describe('LineEditor', () => {
  test('every function that POE has is there, and no other', () => {
    const names = readFileSync(new URL('../../../../test/fixtures/readline/functions.txt', import.meta.url), 'utf8');
    assert.deepEqual(Object.keys(FUNCTIONS).sort(), names.trim().split('\n'));
  });

  test('functions that are on no key work when they are bound', () => {
    for (const [name, text, mark, result] of [
      ['kill-region', 'abcdef', 2, 'ab|'],
      ['copy-region-as-kill', 'abcdef', 2, 'abcdef|'],
      ['kill-whole-line', 'abcdef', 0, '|'],
      ['vi-complete', 'b', 0, 'beta|'],
      ['set-keymap', 'b', 0, 'b|'],
    ] as const) {
      const editor = editorWith();
      assert.equal(editor.bind('C-o', name), true);
      type(editor, text);
      editor.mark = mark;
      type(editor, '\x0f');
      assert.equal(`${editor.before}|${editor.after}`, result, name);
      if (name.includes('region')) assert.deepEqual(editor.killRing, ['cdef']);
    }
  });

  test('a line begins anew, and the kill ring, the marks and the keymap stay', () => {
    const editor = editorWith();
    type(editor, 'gone\x15x\r');
    editor.start();
    assert.equal(editor.text, '');
    type(editor, '\x19');
    assert.equal(editor.text, 'gone');
  });

  test('in the keymaps of vi every line begins with typing', () => {
    const editor = editorWith('set editing-mode vi');
    type(editor, 'x\x1b\r');
    editor.start();
    assert.equal(editor.option('keymap'), 'vi-insert');
  });

  test('keys after the end of a line do nothing', () => {
    const editor = editorWith();
    type(editor, 'x\r');
    assert.deepEqual(type(editor, 'yz\r'), []);
  });

  test('a search shows what it looks for in place of the prompt', () => {
    const editor = editorWith();
    editor.prompt = '> ';
    type(editor, '\x12fo');
    assert.deepEqual(editor.shown, { prompt: "(reverse-i-search)`fo': ", text: 'three four five', cursor: 0 });
    type(editor, '\x13');
    type(editor, '\x05');
    assert.equal(editor.shown.prompt, '> ');
  });

  test('what no keymap binds is looked for as well, if it is no plain character', () => {
    const editor = editorWith();
    editor.history.lines.push('日本');
    editor.start();
    type(editor, '\x12本');
    assert.equal(editor.text, '日本');
  });

  test('completion is asked for the word, the line and the place of the cursor', () => {
    const editor = editorWith();
    const asked: unknown[] = [];
    editor.options.completionFunction = undefined;
    editor.options.completion_function = (...args: unknown[]) => {
      asked.push(args);
      return [];
    };
    type(editor, 'one two three\x1bb\x02\x02\t');
    assert.deepEqual(asked, [['tw', 'one two three', 6]]);
  });

  test('completions are listed at the second key, at once if so wanted, and across if so wanted', () => {
    const lists = (inputrc: string, typed: string) =>
      type(editorWith(inputrc), typed).flatMap((effect) => (effect.kind === 'print' ? [effect.lines] : []));
    assert.deepEqual(lists('', 'g\t'), []);
    assert.deepEqual(lists('', 'g\t\t'), [['gamma', 'gamut']]);
    assert.deepEqual(lists('', 'g\x1b?'), [['gamma', 'gamut']]);
    assert.deepEqual(lists('set show-all-if-ambiguous on', 'g\t'), [['gamma', 'gamut']]);
    assert.deepEqual(lists('set show-all-if-ambiguous off', 'g\t'), []);
    assert.deepEqual(lists('set print-completions-horizontally on', 'g\x1b?'), [['gamma gamut']]);
    assert.deepEqual(lists('set print-completions-horizontally on', '\x1b?'), [
      ['alpha    alphabet beta     gamma', 'gamut'],
    ]);
  });

  test('an inputrc binds keys and macros in the keymap it names', () => {
    const inputrc = 'C-o: upcase-word\n"\\C-xq": "quit\\r"\nset keymap vi-insert\nC-o: kill-line\nset keymap emacs';
    const editor = editorWith(inputrc);
    type(editor, 'abc\x01\x0f');
    assert.equal(editor.text, 'ABC');
    editor.start();
    assert.deepEqual(type(editor, '\x18q'), [{ kind: 'line', line: 'quit' }]);
  });

  test('a macro that calls itself ends', () => {
    const editor = editorWith('C-o: "a\\C-o"');
    const effects = type(editor, '\x0f');
    assert.equal(editor.text, 'a'.repeat(16));
    assert.deepEqual(effects, [{ kind: 'bell' }]);
  });

  test('bindings to functions that do not exist are told', () => {
    const told: string[] = [];
    editorWith('C-o: no-such-thing', { unknownFunction: (notation, name) => told.push(`${notation} ${name}`) });
    assert.deepEqual(told, ['C-o no-such-thing']);
  });

  test('re-read-init-file reads what has changed', () => {
    let inputrc = '';
    const editor = editorWith('', { readInputrc: () => inputrc });
    inputrc = 'C-o: accept-line';
    type(editor, '\x18\x12');
    assert.deepEqual(type(editor, '\x0f'), [{ kind: 'line', line: '' }]);
  });

  test('isearch-terminators end a search', () => {
    const editor = editorWith('set isearch-terminators C-o');
    type(editor, '\x12alp\x0fx');
    assert.equal(editor.text, 'xalpha');
  });

  test('what is pasted goes into the line as it is, and is undone at once', () => {
    const editor = editorWith();
    type(editor, 'a\x1b[200~b\r\nc\x03\x1b[201~d');
    assert.equal(editor.text, 'ab\nc\x03d');
    type(editor, '\x1f\x1f');
    assert.equal(editor.text, 'a');
  });

  test('characters with accents and emoji are one to every function', () => {
    const editor = editorWith();
    type(editor, 'e\u0301👩‍🚀日\x02\x02');
    assert.equal(editor.before, 'e\u0301');
    type(editor, '\x04');
    assert.equal(editor.text, 'e\u0301日');
    type(editor, '\x7f');
    assert.equal(editor.text, '日');
    type(editor, 'a\x14');
    assert.equal(editor.text, '日a');
  });

  test('a line has a longest length', () => {
    const editor = editorWith();
    editor.setText('x'.repeat(LONGEST_LINE), 0);
    assert.deepEqual(type(editor, 'y'), [{ kind: 'bell' }]);
    assert.deepEqual(type(editor, '\x1b[200~yy\x1b[201~'), [{ kind: 'bell' }]);
    assert.equal(editor.text.length, LONGEST_LINE);
  });

  test('takes whatever comes: it does not throw, and the cursor stays in the line', () => {
    const common = fc.constantFrom(
      ...'\x1b\x12\x16\x18\r\t[O1~dcyfrtm`.%/?nN pP',
      '\x1b[A',
      '\x1b[200~',
      '\x1b[201~',
      '日',
      'e\u0301',
      '👩‍🚀',
    );
    const keys = fc.array(
      fc.oneof(
        common,
        fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
      ),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(keys, fc.constantFrom('emacs', 'vi'), (pressed, mode) => {
        const editor = editorWith(`set editing-mode ${mode}`);
        for (const key of keysOf(pressed.join(''))) {
          if (!editor.reading) editor.start();
          editor.key(key);
          assert.ok(editor.cursor >= 0 && editor.cursor <= editor.text.length);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('a count has a largest', () => {
    const editor = editorWith();
    type(editor, '\x1b9\x1b9\x1b9\x1b9\x1b9\x1b9\x1b9\x1b9x');
    assert.equal(editor.text.length, 9999);
  });

  test('a function key that nobody knows rings the bell', () => {
    const editor = editorWith();
    assert.deepEqual(type(editor, '\x1b[24~'), [{ kind: 'bell' }]);
    assert.equal(editor.text, '');
  });

  test('actsOn() tells whether an escape does something by itself', () => {
    const emacs = editorWith();
    assert.equal(emacs.actsOn('\x1b'), false, 'it is the beginning of Meta');
    type(emacs, '\x1b');
    assert.equal(emacs.actsOn('\x1b'), true, 'Meta-Escape completes');
    type(emacs, 'b\x16');
    assert.equal(emacs.actsOn('\x1b'), true, 'it would be quoted');
    const vi = editorWith('set editing-mode vi');
    assert.equal(vi.actsOn('\x1b'), true);
    assert.equal(vi.actsOn('\x1b['), false, 'an arrow that is on its way');
    assert.equal(vi.actsOn(''), false);
  });

  test('reports are printed below', () => {
    const printed = (typed: string, inputrc = '') =>
      type(editorWith(inputrc), typed).flatMap((effect) => (effect.kind === 'print' ? [...effect.lines] : []));
    assert.deepEqual(printed('\x18k\x02'), ['Control-B: backward-char']);
    assert.deepEqual(printed('\x18k\x18\x12'), ['Control-XControl-R: re-read-init-file']);
    assert.deepEqual(printed('\x18kq'), ['q: self-insert']);
    assert.deepEqual(printed('\x18m'), ['# no macros defined']);
    assert.deepEqual(printed('\x18m', '"\\C-o": "x\\r"'), ['"^o": "x^m"']);
    assert.deepEqual(printed('\x18v', 'set bell-style none'), [
      'set comment-begin #',
      'set keymap emacs',
      'set bell-style none',
      'set editing-mode emacs',
    ]);
    assert.deepEqual(printed('abc\x02\x11'), ['ID=7 cursor_input(2) cursor_display(2) term_columns(40)']);
  });

  test('clear-screen and redraw-current-line are up to the screen', () => {
    assert.deepEqual(type(editorWith(), '\x0c'), [{ kind: 'clear' }]);
    assert.deepEqual(type(editorWith('C-o: redraw-current-line'), '\x0f'), [{ kind: 'redraw' }]);
  });

  test("a program's functions take the place of ours", () => {
    const editor = editorWith('', {
      userFunction: (name) => (name === 'kill-line' ? (the, key, raw) => void the.insert(`<${key}${raw}>`) : undefined),
    });
    type(editor, '\x0b');
    assert.equal(editor.text, '<^k\x0b>');
  });
});
