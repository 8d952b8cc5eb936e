import type { EditFunction } from '../action.ts';
import type { LineEditor } from '../editor.ts';
import { lengthOf, nextWord, previousWord } from './words.ts';

/** Where the cursor may go at most. In vi's keymaps it stands on the last character, not behind it. */
export function lastPlace(editor: LineEditor): number {
  if (!editor.keymap.isVi || editor.text === '') return editor.text.length;
  const { cursor } = editor;
  editor.cursor = editor.text.length;
  const last = editor.previous;
  editor.cursor = cursor;
  return last;
}

export function forwardChar(editor: LineEditor): boolean {
  if (editor.cursor >= lastPlace(editor)) return editor.ding();
  editor.cursor = editor.next;
  return true;
}

export function backwardChar(editor: LineEditor): boolean {
  if (editor.cursor === 0) return editor.ding();
  editor.cursor = editor.previous;
  return true;
}

/** Goes so many characters to the right of the beginning. */
export function toColumn(editor: LineEditor, column: number): void {
  editor.cursor = 0;
  for (let step = 0; step < column; step++) if (!forwardChar(editor)) return;
}

/** Goes to a place, as far as the keymap allows it. */
export function toPlace(editor: LineEditor, place: number): void {
  editor.cursor = Math.min(place, lastPlace(editor));
}

function backwardWord(editor: LineEditor): boolean {
  const length = previousWord(editor.before);
  editor.cursor -= length;
  return length > 0 || editor.ding();
}

export const movement: Record<string, EditFunction> = {
  'backward-char': backwardChar,
  'backward-word': backwardWord,
  'beginning-of-line'(editor) {
    editor.cursor = 0;
  },
  'end-of-line'(editor) {
    editor.cursor = Math.max(editor.cursor, lastPlace(editor));
  },
  'forward-char': forwardChar,
  'forward-word'(editor) {
    const length = nextWord(editor.after);
    editor.cursor += length;
    return length > 0 || editor.ding();
  },
  'character-search'(editor) {
    editor.pendingKey = (_, raw) => {
      const found = editor.text.indexOf(raw, editor.next);
      if (found < 0) editor.ding();
      else editor.cursor = found;
    };
  },
  'character-search-backward'(editor) {
    editor.pendingKey = (_, raw) => {
      const found = editor.cursor === 0 ? -1 : editor.text.lastIndexOf(raw, editor.cursor - 1);
      if (found < 0) editor.ding();
      else editor.cursor = found;
    };
  },
  'vi-column'(editor) {
    toColumn(editor, Math.max(0, editor.count ?? 0));
    if (editor.count !== undefined) editor.count = 0;
  },
  'vi-end-word'(editor) {
    if (editor.cursor >= editor.text.length) return editor.ding();
    forwardChar(editor);
    const length = lengthOf(/^\s*\S+/, editor.after);
    if (length > 0) {
      editor.cursor += length;
      editor.cursor = editor.previous;
    }
    return true;
  },
  'vi-first-print'(editor) {
    editor.cursor = lengthOf(/^\s*/, editor.text);
  },
  'vi-match': toMatch,
  'vi-next-word'(editor) {
    const length = lengthOf(/^\s*\S+\s/, editor.after);
    editor.cursor += length;
    return length > 0 || editor.ding();
  },
  'vi-prev-word': backwardWord,
};

const PAIRS = '()[]{}';

/** Goes to the bracket that belongs to the next one. */
function toMatch(editor: LineEditor): boolean {
  const offset = editor.after.search(/[()[\]{}]/);
  if (offset < 0) return editor.ding();
  let place = editor.cursor + offset;
  const bracket = editor.text[place] as string;
  const which = PAIRS.indexOf(bracket);
  const step = which % 2 === 0 ? 1 : -1;
  const opposite = PAIRS[which + step];
  for (let level = 1; level > 0; ) {
    place += step;
    const character = editor.text[place];
    if (character === undefined) return editor.ding();
    if (character === opposite) level--;
    else if (character === bracket) level++;
  }
  if (editor.count !== undefined) editor.count = 0;
  toPlace(editor, place);
  return true;
}
