import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Frame, layOut } from '../../../wheels/readline/layout.ts';
import { Renderer } from '../../../wheels/readline/renderer.ts';
import { fc } from '../../helpers/property.ts';
import { Screen } from '../../helpers/screen.ts';

function shown(frame: Frame): string[] {
  return frame.rows.map((row) =>
    row
      .map((cell) => cell.text)
      .join('')
      .trimEnd(),
  );
}

/** That a screen shows a frame where its cursor is, with nothing below, and what was there before above it. */
function assertShows(screen: Screen, frame: Frame, above: readonly string[]): void {
  const top = screen.row - frame.cursor.row;
  assert.ok(top >= 0, 'the frame begins on the screen');
  assert.deepEqual(screen.lines.slice(top, top + frame.rows.length), shown(frame));
  assert.equal(screen.column, frame.cursor.column);
  assert.deepEqual(
    [...new Set(screen.lines.slice(top + frame.rows.length))],
    screen.lines.length > top + frame.rows.length ? [''] : [],
  );
  const kept = above.slice(Math.max(0, above.length - top));
  assert.deepEqual(screen.lines.slice(top - kept.length, top), kept);
}

const character = fc.constantFrom('a', 'b', ' ', 'x', '日', '本', '👍', 'é', 'e\u0301', '\t', '\x03');
const line = fc
  .record({
    prompt: fc.constantFrom('> ', '', '日本> ', 'two\nrows> ', 'a long prompt: '),
    characters: fc.array(character, { maxLength: 40 }),
    place: fc.nat(40),
  })
  .map(({ prompt, characters, place }) => {
    const before = characters.slice(0, place).join('');
    return { prompt, text: characters.join(''), cursor: before.length };
  });

describe('Renderer', () => {
  test('any line after any other looks as if it alone had been written', () => {
    const step = fc.oneof(
      { weight: 5, arbitrary: line.map((shownLine) => ({ line: shownLine })) },
      { weight: 1, arbitrary: fc.constantFrom('put one', 'put two').map((put) => ({ put })) },
    );
    fc.assert(
      fc.property(
        fc.integer({ min: 4, max: 24 }),
        fc.integer({ min: 2, max: 12 }),
        fc.array(step, { maxLength: 12 }),
        (columns, rows, steps) => {
          const screen = new Screen(columns, rows);
          const renderer = new Renderer();
          const above: string[] = [];
          for (const each of steps) {
            if ('put' in each) {
              const text = each.put.slice(0, columns - 1);
              screen.write(`${renderer.erase()}${text}\r\n`);
              above.push(text.trimEnd());
            } else {
              // A prompt that changes is drawn anew, as the wheel does.
              screen.write(renderer.erase());
              const frame = layOut({ ...each.line, text: '', cursor: 0 }, columns, rows);
              screen.write(renderer.show(frame, columns));
              const next = layOut(each.line, columns, rows);
              screen.write(renderer.show(next, columns));
              assertShows(screen, next, above);
            }
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  test('texts of one prompt follow each other', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 4, max: 24 }),
        fc.integer({ min: 2, max: 12 }),
        fc.array(line, { minLength: 1, maxLength: 15 }),
        (columns, rows, lines) => {
          const screen = new Screen(columns, rows);
          const renderer = new Renderer();
          for (const each of lines) {
            const frame = layOut({ ...each, prompt: '> ' }, columns, rows);
            screen.write(renderer.show(frame, columns));
            assertShows(screen, frame, []);
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  test('one more character at the end costs that character only', () => {
    const renderer = new Renderer();
    const frame = (text: string): Frame => layOut({ prompt: '> ', text, cursor: text.length }, 80);
    assert.equal(renderer.show(frame('hell'), 80), '> hell');
    assert.equal(renderer.show(frame('hello'), 80), 'o');
    assert.equal(renderer.show(frame('hello'), 80), '');
    assert.equal(renderer.show(frame('hell'), 80), '\b\x1b[K');
  });

  test('a filled row is followed by another at once', () => {
    const renderer = new Renderer();
    const screen = new Screen(6, 4);
    screen.write(renderer.show(layOut({ prompt: '> ', text: 'abcd', cursor: 4 }, 6), 6));
    assert.deepEqual([screen.row, screen.column, screen.lines], [1, 0, ['> abcd', '', '', '']]);
    screen.write(renderer.show(layOut({ prompt: '> ', text: 'abc', cursor: 3 }, 6), 6));
    assert.deepEqual([screen.row, screen.column, screen.lines], [0, 5, ['> abc', '', '', '']]);
  });

  test('erase() and leave() end on the row where the next output belongs', () => {
    for (const [method, text, row] of [
      ['erase', '', 0],
      ['leave', '> abcdefgh', 1],
    ] as const) {
      const renderer = new Renderer();
      const screen = new Screen(6, 4);
      screen.write(renderer.show(layOut({ prompt: '> ', text: 'abcdefgh', cursor: 1 }, 6), 6));
      screen.write(renderer[method]());
      assert.equal(screen.lines.join(''), text);
      assert.equal(screen.row, row);
      assert.equal(renderer.empty, true);
    }
  });
});
