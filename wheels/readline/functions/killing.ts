import type { EditFunction } from '../action.ts';
import type { LineEditor } from '../editor.ts';
import { insert } from './editing.ts';
import { lengthOf, wordToKill, wordToKillBack } from './words.ts';

function kill(editor: LineEditor, from: number, length: number): void {
  editor.kill(editor.delete(from, length));
}

function killLine(editor: LineEditor): boolean {
  if (editor.after === '') return editor.ding();
  kill(editor, editor.cursor, editor.after.length);
  return true;
}

/** Takes what is before the cursor. POE: also where that is nothing, if only the line is not empty. */
function discardLine(editor: LineEditor): boolean {
  if (editor.text === '') return editor.ding();
  kill(editor, 0, editor.cursor);
  return true;
}

/** What lies between the cursor and the mark. */
function region(editor: LineEditor): [from: number, length: number] {
  const mark = Math.min(editor.mark, editor.text.length);
  return [Math.min(editor.cursor, mark), Math.abs(editor.cursor - mark)];
}

function yank(editor: LineEditor): boolean {
  const text = editor.killRing.at(-1);
  return text === undefined ? editor.ding() : insert(editor, text);
}

export function wholeLine(editor: LineEditor): boolean {
  if (editor.text === '') return editor.ding();
  kill(editor, 0, editor.text.length);
  return true;
}

export const killing: Record<string, EditFunction> = {
  'backward-kill-line': discardLine,
  'backward-kill-word'(editor) {
    if (editor.cursor === 0) return editor.ding();
    const length = wordToKillBack(editor.before);
    kill(editor, editor.cursor - length, length);
    return true;
  },
  'copy-region-as-kill'(editor) {
    const [from, length] = region(editor);
    editor.kill(editor.text.slice(from, from + length));
  },
  'kill-line': killLine,
  'kill-region'(editor) {
    kill(editor, ...region(editor));
  },
  'kill-whole-line': wholeLine,
  'kill-word'(editor) {
    if (editor.after === '') return editor.ding();
    kill(editor, editor.cursor, wordToKill(editor.after));
    return true;
  },
  'unix-line-discard': discardLine,
  'unix-word-rubout'(editor) {
    if (editor.cursor === 0) return editor.ding();
    const length = lengthOf(/\S*\s*$/, editor.before);
    kill(editor, editor.cursor - length, length);
    return true;
  },
  yank,
  // POE: what was yanked before stays.
  'yank-pop'(editor) {
    const top = editor.last.includes('yank') ? editor.killRing.pop() : undefined;
    if (top === undefined) return editor.ding();
    editor.killRing.unshift(top);
    return yank(editor);
  },
};
