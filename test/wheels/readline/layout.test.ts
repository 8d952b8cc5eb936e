import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Line, layOut } from '../../../wheels/readline/layout.ts';

function rows(line: Partial<Line>, columns: number, height?: number): unknown[] {
  const { rows: laidOut, cursor } = layOut({ prompt: '> ', text: '', cursor: 0, ...line }, columns, height);
  return [laidOut.map((row) => row.map((cell) => cell.text).join('')), cursor.row, cursor.column];
}

describe('layOut()', () => {
  for (const [title, line, columns, expected] of [
    ['puts the cursor behind the prompt', {}, 10, [['> '], 0, 2]],
    ['puts it at its place in the text', { text: 'abc', cursor: 1 }, 10, [['> abc'], 0, 3]],
    ['wraps', { text: 'abcdef', cursor: 6 }, 5, [['> abc', 'def'], 1, 3]],
    ['ends a full row with an empty one', { text: 'abc', cursor: 3 }, 5, [['> abc', ''], 1, 0]],
    ['counts two columns for wide characters', { text: '日本', cursor: 1 }, 10, [['> 日本'], 0, 4]],
    ['keeps a wide character whole', { text: 'ab日', cursor: 3 }, 5, [['> ab ', '日'], 1, 2]],
    ['puts the cursor on a wide character that moved', { text: 'ab日', cursor: 2 }, 5, [['> ab ', '日'], 1, 0]],
    ['counts nothing for combining characters', { text: 'e\u0301x', cursor: 2 }, 10, [['> e\u0301x'], 0, 3]],
    ['shows control characters', { text: '\x03\x7f', cursor: 1 }, 10, [['> ^c^?'], 0, 4]],
    ['shows line breaks in the text likewise', { text: 'a\nb', cursor: 3 }, 10, [['> a^jb'], 0, 6]],
    ['breaks the prompt into rows', { prompt: 'ab\n> ' }, 4, [['ab  ', '> '], 1, 2]],
    ['an empty row of the prompt stays', { prompt: '\n> ' }, 4, [['    ', '> '], 1, 2]],
    ['counts nothing for marked parts of the prompt', { prompt: '\\[@@\\]$ ' }, 10, [['@@$ '], 0, 2]],
    ['counts nothing for colours', { prompt: '\x1b[31m$\x1b[0m ' }, 10, [['\x1b[31m$\x1b[0m '], 0, 2]],
    ['colours at the end of the prompt stay', { prompt: '$\x1b[0m' }, 10, [['$\x1b[0m'], 0, 1]],
  ] as const) {
    test(title, () => assert.deepEqual(rows(line, columns), expected));
  }

  test('of a very long text it lays out what may be seen, and that stays where it is', () => {
    const text = 'abcdefghijklmnopqrstuvwxyz'.repeat(1000);
    for (const cursor of [0, 1, 200, 12_345, 12_346, 12_347, text.length]) {
      const { rows: seen, cursor: at } = layOut({ prompt: '> ', text, cursor }, 20, 5);
      assert.equal(seen.length, 5);
      const shown = seen
        .slice(at.row)
        .flat()
        .map((cell) => cell.text)
        .join('')
        .slice(at.column);
      assert.ok(text.startsWith(shown, cursor), `at ${cursor}`);
    }
    const rowsAt = (cursor: number) => layOut({ prompt: '> ', text, cursor }, 20, 5).rows;
    assert.deepEqual(rowsAt(12_347), rowsAt(12_346));
  });

  test('keeps the rows around the cursor of a line longer than the screen', () => {
    const text = 'abcdefghijkl';
    assert.deepEqual(rows({ text, cursor: 12 }, 4, 2), [['ghij', 'kl'], 1, 2]);
    assert.deepEqual(rows({ text, cursor: 0 }, 4, 2), [['> ab', 'cdef'], 0, 2]);
    assert.deepEqual(rows({ text, cursor: 7 }, 4, 2), [['cdef', 'ghij'], 1, 1]);
  });
});
