import type { EditFunction } from '../action.ts';
import type { LineEditor } from '../editor.ts';
import { insert } from './editing.ts';

/** Shows the next line of the history that matches, with the cursor at its beginning. */
function find(editor: LineEditor): void {
  const found = editor.history.search(editor.searchText, editor.searchDirection);
  if (found === undefined) editor.ding();
  else editor.showLine(found, 0);
}

/** Goes one line on in the direction of the search. @returns false at the end. */
function stepOn(editor: LineEditor): boolean {
  const { history } = editor;
  const index = history.index + editor.searchDirection;
  const last = Math.max(0, history.lines.length - 1);
  history.index = Math.min(Math.max(0, index), last);
  return index === history.index || editor.ding();
}

/** Begins to search; what is typed from now on is looked for. */
function incremental(direction: 1 | -1, name: string): EditFunction {
  return (editor, key) => {
    const { history } = editor;
    // Backwards from the line before this one.
    if (direction < 0 && history.index > 0) history.index -= 1;
    editor.beginSearch('isearch', direction, key, `(${name}-i-search)\`%s': `);
  };
}

/** POE: goes to the next line there is, whatever has been typed. */
function nonIncremental(direction: 1 | -1): EditFunction {
  return (editor) => {
    const { history } = editor;
    if (direction < 0) {
      if (history.index === 0) return editor.ding();
      history.index -= 1;
    }
    editor.cursor = 0;
    editor.searchDirection = direction;
    editor.searchText = '';
    find(editor);
    return true;
  };
}

function end(editor: LineEditor): void {
  editor.endSearch();
  editor.searchText = '';
}

export const searching: Record<string, EditFunction> = {
  'forward-search-history': incremental(1, 'forward'),
  'isearch-again'(editor, key) {
    if (key !== editor.searchKey) {
      editor.searchKey = key;
      editor.searchDirection = -editor.searchDirection;
    }
    if (!stepOn(editor)) return false;
    find(editor);
    return true;
  },
  'non-incremental-forward-search-history': nonIncremental(1),
  'non-incremental-reverse-search-history': nonIncremental(-1),
  'reverse-search-history': incremental(-1, 'reverse'),
  'search-abort': end,
  /** Takes what was found, and does what the key does. */
  'search-finish'(editor, key, raw) {
    // A character that no keymap has a binding for is looked for like the others.
    if (editor.search?.prompt !== undefined && raw > '\x9f') return look(editor, raw);
    end(editor);
    editor.reapply(key, raw);
    return true;
  },
  'search-key'(editor, _, raw) {
    return look(editor, raw);
  },
  'vi-search'(editor, key) {
    // POE: backwards only from a line of the history; the line that is being entered has nothing behind it to find.
    const direction = key === '/' && !editor.history.atEnd ? -1 : 1;
    editor.beginSearch('vi-search', direction, key);
    editor.setText(key, key.length);
  },
  'vi-search-accept'(editor) {
    editor.setText(editor.text.replace(/^[/?]/, ''), 0);
    if (editor.text !== '') editor.searchText = editor.text;
    find(editor);
    editor.endSearch();
  },
  'vi-search-again'(editor) {
    if (editor.searchText === '') return editor.ding();
    if (!stepOn(editor)) return false;
    find(editor);
    return true;
  },
  'vi-search-key'(editor, _, raw) {
    return insert(editor, raw);
  },
};

function look(editor: LineEditor, typed: string): boolean {
  editor.searchText += typed;
  find(editor);
  return true;
}
