import type { EditFunction } from '../action.ts';
import type { LineEditor } from '../editor.ts';
import { stepBack } from './vi.ts';
import { lengthOf } from './words.ts';

/** What is done to a range of the line once the keys after `c`, `d` or `y` have named one. */
type RangeFunction = (editor: LineEditor, from: number, length: number) => void;

function awaitRange(apply: RangeFunction, toEnd: string): EditFunction {
  return (editor, key) => {
    editor.pendingRange = (from, length) => apply(editor, from, length);
    // The capital letter means: to the end of the line.
    if (key === toEnd) use(editor, editor.cursor, editor.after.length);
    else editor.useKeymap('vi-specification');
  };
}

/** Applies what waits for a range. With a count it goes on waiting, for the next round. */
function use(editor: LineEditor, from: number, length: number): void {
  editor.useKeymap('vi');
  editor.pendingRange?.(from, length);
  if ((editor.count ?? 0) <= 1) editor.pendingRange = undefined;
}

export const viRanges: Record<string, EditFunction> = {
  'vi-change-to': awaitRange((editor, from, length) => {
    editor.delete(from, length);
    editor.useKeymap('vi-insert');
  }, 'C'),
  'vi-delete-to': awaitRange((editor, from, length) => {
    editor.delete(from, length);
    stepBack(editor);
  }, 'D'),
  'vi-end-spec'(editor) {
    editor.pendingRange = undefined;
    editor.useKeymap('vi');
    return editor.ding();
  },
  'vi-spec-beginning-of-line'(editor) {
    use(editor, 0, editor.cursor);
  },
  'vi-spec-end-of-line'(editor) {
    use(editor, editor.cursor, editor.after.length);
  },
  // POE: counts the spaces at the cursor, not those at the beginning.
  'vi-spec-first-print'(editor) {
    const spaces = lengthOf(/^\s*/, editor.after);
    const from = Math.min(editor.cursor, spaces);
    use(editor, from, editor.cursor > spaces ? editor.cursor - spaces : spaces);
  },
  // POE: up to the last one of that character.
  'vi-spec-forward-char'(editor) {
    editor.pendingKey = (_, raw) => {
      const found = editor.after.lastIndexOf(raw);
      if (found < 0) editor.ding();
      else use(editor, editor.cursor, found);
    };
  },
  'vi-spec-mark'(editor) {
    editor.pendingKey = (key) => {
      const place = editor.marks.get(key);
      if (place === undefined) editor.ding();
      else use(editor, Math.min(place, editor.cursor), Math.abs(place - editor.cursor));
    };
  },
  'vi-spec-word'(editor) {
    use(editor, editor.cursor, lengthOf(/^\s*\S+\s/, editor.after) || editor.after.length);
  },
  'vi-yank-to': awaitRange((editor, from, length) => {
    editor.kill(editor.text.slice(from, from + length));
  }, 'Y'),
};
