import type { EditFunction } from '../action.ts';
import type { LineEditor } from '../editor.ts';

/** Puts text in at the cursor, as if it were typed. */
export function insert(editor: LineEditor, text: string): boolean {
  return editor.insert(text) || editor.ding();
}

/** Takes a character away. */
export function deleteAt(editor: LineEditor): boolean {
  if (editor.after === '') return editor.ding();
  editor.delete(editor.cursor, editor.next - editor.cursor);
  return true;
}

export function backwardDelete(editor: LineEditor): boolean {
  if (editor.cursor === 0) return editor.ding();
  const { previous } = editor;
  editor.delete(previous, editor.cursor - previous);
  return true;
}

/** Makes another word of the next one, and goes behind it. */
function changeWord(change: (word: string) => string): EditFunction {
  return (editor) => {
    const found = /^(\s*)(\S+)/.exec(editor.after);
    if (found === null) return editor.ding();
    const [, space = '', word = ''] = found;
    editor.replace(editor.cursor + space.length, word.length, change(word));
    return true;
  };
}

function capitalized(word: string): string {
  const [first = '', ...rest] = word;
  return first.toUpperCase() + rest.join('').toLowerCase();
}

export function toggleOverwrite(editor: LineEditor): void {
  editor.insertMode = editor.count === undefined ? !editor.insertMode : editor.count < 0;
}

/** Expands `~user`. */
export function expandTilde(editor: LineEditor): boolean {
  const word = editor.before + (/^\w+/.exec(editor.after)?.[0] ?? '');
  const found = /^([\s\S]*)~(\S+)$/.exec(word);
  if (found === null) return editor.ding();
  const [, left = '', user = ''] = found;
  const home = editor.host.homeOf(user);
  if (home === undefined) {
    editor.print([`username '${user}' not found`]);
    return editor.ding();
  }
  const { cursor } = editor;
  editor.replace(left.length, user.length + 1, home);
  editor.cursor = cursor + home.length - user.length - 1;
  return true;
}

export const editing: Record<string, EditFunction> = {
  abort(editor, key) {
    editor.raise('cancel', key);
  },
  'accept-line'(editor) {
    editor.accept();
  },
  'backward-delete-char': backwardDelete,
  'capitalize-word': changeWord(capitalized),
  'clear-screen'(editor) {
    editor.effect('clear');
  },
  'delete-char'(editor, key) {
    if (editor.text !== '') return deleteAt(editor);
    editor.raise('eot', key);
    return true;
  },
  'delete-horizontal-space'(editor) {
    const left = /\s*$/.exec(editor.before)?.[0].length ?? 0;
    const right = /^\s*/.exec(editor.after)?.[0].length ?? 0;
    if (left + right === 0) return editor.ding();
    editor.delete(editor.cursor - left, left + right);
    return true;
  },
  'digit-argument'(editor, _, raw) {
    const digit = raw.slice(-1);
    // A sign begins a count.
    editor.countTyped = digit === '-' ? digit : editor.countTyped + digit;
  },
  ding(editor) {
    return editor.ding();
  },
  'downcase-word': changeWord((word) => word.toLowerCase()),
  'insert-comment'(editor) {
    const begin = String(editor.option('comment-begin'));
    const isComment = editor.count !== undefined && editor.text.startsWith(begin);
    editor.setText(isComment ? editor.text.slice(begin.length) : begin + editor.text, 0);
    if (editor.count !== undefined) editor.count = 0;
    editor.accept();
  },
  // Stands for macros; without one there is nothing to insert.
  'insert-macro'(editor) {
    return editor.ding();
  },
  interrupt(editor, key) {
    editor.raise('interrupt', key);
  },
  'overwrite-mode': toggleOverwrite,
  'quoted-insert'(editor) {
    editor.pendingKey = (_, raw) => insert(editor, raw);
  },
  'redraw-current-line'(editor) {
    editor.effect('redraw');
  },
  'revert-line'(editor) {
    editor.revert();
  },
  'self-insert'(editor, _, raw) {
    return insert(editor, raw);
  },
  // POE: goes by the key, which names no keymap; what remains is that typing inserts again.
  'set-keymap'(editor, key) {
    editor.useKeymap(key);
  },
  'set-mark'(editor) {
    editor.mark = editor.count === undefined ? editor.cursor : Math.max(0, editor.count);
    if (editor.count !== undefined) editor.count = 0;
  },
  // POE: has the name, and nothing behind it.
  'tab-insert'(editor) {
    return editor.ding();
  },
  'tilde-expand': expandTilde,
  'transpose-chars': transposeChars,
  'transpose-words': transposeWords,
  undo(editor) {
    return editor.undo();
  },
  'upcase-word': changeWord((word) => word.toUpperCase()),
};

/** Exchanges the characters at both sides of the cursor, or the last two. POE: the cursor stays where it is. */
function transposeChars(editor: LineEditor): boolean {
  const { cursor } = editor;
  if (cursor === 0) return editor.ding();
  if (editor.after === '') editor.cursor = editor.previous;
  const { previous: from, cursor: middle, next: end } = editor;
  if (from === middle) {
    editor.cursor = cursor;
    return editor.ding();
  }
  const { text } = editor;
  editor.replace(from, end - from, text.slice(middle, end) + text.slice(from, middle));
  editor.cursor = cursor;
  return true;
}

/** Exchanges the last word that begins before the cursor with the one behind it, and goes behind both. */
function transposeWords(editor: LineEditor): boolean {
  if (editor.cursor === 0) return editor.ding();
  const found = new RegExp(`^([\\s\\S]{0,${editor.cursor - 1}})(?<!\\S)(\\S+)(\\s+)(\\S+)`).exec(editor.text);
  if (found === null) return editor.ding();
  const [, before = '', first = '', space = '', second = ''] = found;
  editor.replace(before.length, first.length + space.length + second.length, second + space + first);
  return true;
}
