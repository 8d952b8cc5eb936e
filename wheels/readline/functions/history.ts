import type { EditFunction } from '../action.ts';
import type { LineEditor } from '../editor.ts';
import { insert } from './editing.ts';
import { backwardChar } from './movement.ts';

function show(editor: LineEditor, index: number): void {
  const line = editor.history.go(index, editor.text);
  editor.showLine(line, line.length);
}

/** Steps to the line before or after. In vi's keymaps the cursor then stands on the last character. */
function step(editor: LineEditor, by: 1 | -1): boolean {
  const { history } = editor;
  const index = history.index + by;
  if (index < 0 || index > history.lines.length) return editor.ding();
  show(editor, index);
  if (editor.keymap.isVi && editor.text !== '') backwardChar(editor);
  return true;
}

function toFirst(editor: LineEditor): boolean {
  if (editor.history.index === 0) return editor.ding();
  show(editor, 0);
  return true;
}

/** The last argument of the line before, or the one whose number the count is. */
function yankArgument(editor: LineEditor, fallback: number): boolean {
  const { history, count } = editor;
  const line = history.lines[history.index - 1];
  if (line === undefined) return editor.ding();
  const words = line.trimEnd().split(/\s+/);
  const wanted = count ?? fallback;
  if (count !== undefined) editor.count = 0;
  const word = words[wanted < 0 ? words.length + wanted : wanted];
  return word === undefined ? editor.ding() : insert(editor, word);
}

export function yankLastArgument(editor: LineEditor): boolean {
  if (editor.count !== undefined) return yankArgument(editor, 1);
  const { history } = editor;
  const line = history.lines[history.index - 1];
  return line === undefined ? editor.ding() : insert(editor, /\S+$/.exec(line)?.[0] ?? '');
}

export const historyFunctions: Record<string, EditFunction> = {
  'beginning-of-history': toFirst,
  // POE: the last line of the history, not the one that is being entered.
  'end-of-history'(editor) {
    const last = editor.history.lines.length - 1;
    if (last < 0 || editor.history.index === last) return editor.ding();
    show(editor, last);
    return true;
  },
  'next-history'(editor) {
    return step(editor, 1);
  },
  'previous-history'(editor) {
    return step(editor, -1);
  },
  'vi-fetch-history': toFirst,
  'yank-last-arg': yankLastArgument,
  'yank-nth-arg'(editor) {
    return yankArgument(editor, 1);
  },
};
