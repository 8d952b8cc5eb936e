import type { EditFunction } from '../action.ts';
import type { LineEditor } from '../editor.ts';
import { deleteAt, expandTilde, insert, toggleOverwrite } from './editing.ts';
import { yankLastArgument } from './history.ts';
import { backwardChar, forwardChar, lastPlace, toPlace } from './movement.ts';

function append(editor: LineEditor): void {
  if (editor.after !== '') editor.cursor = editor.next;
  editor.useKeymap('vi-insert');
}

/** Keeps the cursor on a character. */
export function stepBack(editor: LineEditor): void {
  if (editor.text !== '' && editor.after === '') editor.cursor = editor.previous;
}

function viDelete(editor: LineEditor): boolean {
  if (!deleteAt(editor)) return false;
  stepBack(editor);
  return true;
}

export const vi: Record<string, EditFunction> = {
  'emacs-editing-mode'(editor) {
    editor.useKeymap('emacs');
  },
  'vi-append-eol'(editor) {
    editor.cursor = Math.max(editor.cursor, lastPlace(editor));
    append(editor);
  },
  'vi-append-mode': append,
  'vi-arg-digit'(editor, key) {
    if (key === '0' && editor.countTyped === '') editor.cursor = 0;
    else editor.countTyped += key;
  },
  'vi-change-case'(editor) {
    const character = editor.text.slice(editor.cursor, editor.next);
    const lower = character.toLowerCase();
    const { cursor } = editor;
    editor.replace(cursor, character.length, character === lower ? character.toUpperCase() : lower);
    editor.cursor = cursor;
    return forwardChar(editor);
  },
  'vi-change-char'(editor) {
    editor.pendingKey = (_, raw) => {
      // POE ends the input here, as C-d on an empty line does.
      if (editor.text === '') {
        editor.ding();
        return;
      }
      deleteAt(editor);
      insert(editor, raw);
      backwardChar(editor);
    };
  },
  // POE: all six of vi's keys look forward, from the cursor on.
  'vi-char-search'(editor) {
    editor.pendingKey = (_, raw) => {
      const found = editor.text.indexOf(raw, editor.cursor);
      if (found < 0) editor.ding();
      else toPlace(editor, found);
    };
  },
  'vi-delete': viDelete,
  'vi-editing-mode'(editor) {
    editor.useKeymap('vi');
  },
  'vi-eof-maybe'(editor, key) {
    if (editor.text !== '') return editor.ding();
    editor.raise('eot', key);
    return true;
  },
  'vi-goto-mark'(editor) {
    editor.pendingKey = (key) => {
      const place = editor.marks.get(key);
      if (place === undefined) editor.ding();
      else toPlace(editor, place);
    };
  },
  'vi-insert-beg'(editor) {
    editor.cursor = 0;
    editor.useKeymap('vi-insert');
  },
  'vi-insertion-mode'(editor) {
    editor.useKeymap('vi-insert');
  },
  'vi-movement-mode'(editor) {
    editor.useKeymap('vi');
    if (editor.text !== '') backwardChar(editor);
  },
  'vi-put'(editor, key) {
    const text = editor.killRing.at(-1);
    if (text === undefined) return editor.ding();
    if (key === 'p' && editor.after !== '') editor.cursor = editor.next;
    insert(editor, text);
    stepBack(editor);
    return true;
  },
  'vi-redo'(editor) {
    return editor.redo();
  },
  'vi-replace'(editor) {
    editor.useKeymap('vi-insert');
    toggleOverwrite(editor);
  },
  'vi-set-mark'(editor) {
    editor.pendingKey = (key) => {
      if (/^[1-9]/.test(key)) editor.ding();
      else editor.marks.set(key, editor.cursor);
    };
  },
  'vi-subst'(editor, key) {
    if (key === 's') viDelete(editor);
    else {
      editor.cursor = 0;
      if (editor.text === '') editor.ding();
      else editor.kill(editor.delete(0, editor.text.length));
    }
    editor.useKeymap('vi-insert');
  },
  'vi-tilde-expand'(editor) {
    if (!expandTilde(editor)) return false;
    append(editor);
    return true;
  },
  'vi-undo'(editor) {
    return editor.undo();
  },
  'vi-yank-arg'(editor) {
    append(editor);
    editor.useKeymap(yankLastArgument(editor) ? 'vi-insert' : 'vi-command');
  },
};
