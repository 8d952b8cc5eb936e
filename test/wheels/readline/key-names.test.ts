import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { keySequences, readableKey, unquote, visible } from '../../../wheels/readline/key-names.ts';

describe('keySequences()', () => {
  for (const [notation, ...sequences] of [
    ['a', 'a'],
    ['C-a', '\x01'],
    ['c-A', '\x01'],
    ['Control-a', '\x01'],
    ['C-?', '\x7f'],
    ['C-[', '\x1b'],
    ['C-_', '\x1f'],
    ['C-space', '\0'],
    ['M-b', '\x1bb'],
    ['Meta-B', '\x1bB'],
    ['M--', '\x1b-'],
    ['M-\\', '\x1b\\'],
    ['M-C-h', '\x1b\b'],
    ['C-M-h', '\x1b\b'],
    ['M-Rubout', '\x1b\x7f'],
    ['C-xC-r', '\x18\x12'],
    ['C-xm', '\x18m'],
    ['C-xRubout', '\x18\x7f'],
    ['Space', ' '],
    ['TAB', '\t'],
    ['return', '\r'],
    ['esc', '\x1b'],
    ['home', '\x1b[H', '\x1bOH', '\x1b[1~', '\x1b[7~'],
    ['M-del', '\x1b\x1b[3~'],
    ['"abc"', 'abc'],
    ['"\\C-x\\C-r"', '\x18\x12'],
    ['"\\M-b"', '\x1bb'],
    ['"\\M-\\C-h"', '\x1b\b'],
    ['"\\C-\\M-h"', '\x1b\b'],
    ['"\\e[A"', '\x1b[A'],
    ['"\\C-?"', '\x7f'],
    ['"\\033\\x41"', '\x1bA'],
    ['"\\C-\\\\x"', '\x1cx'],
    ['""', ''],
    ['"""', '"'],
  ] as const) {
    test(`of ${notation}`, () => assert.deepEqual(keySequences(notation), sequences));
  }
});

test('unquote() knows the escapes of readline', () => {
  assert.equal(unquote('\\a\\b\\d\\e\\f\\n\\r\\t\\v'), '\x07\b\x7f\x1b\f\n\r\t\v');
  assert.equal(unquote('\\"\\\'\\\\ plain'), '"\'\\ plain');
  assert.equal(unquote('ends with \\'), 'ends with \\');
  assert.equal(unquote('\\M-'), '');
});

test('readableKey() says what dump-key prints', () => {
  assert.equal(readableKey('\x1bb'), 'Meta-b');
  assert.equal(readableKey('\x18\x12'), 'Control-XControl-R');
  assert.equal(readableKey('\x7f'), '^?');
});

test('visible() shows what cannot be seen', () => {
  assert.equal(visible('a\x01\x1b\x7f\x9b日'), 'a^a^[^?<9b>日');
});
