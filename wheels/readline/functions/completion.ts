import type { EditFunction } from '../action.ts';
import type { LineEditor } from '../editor.ts';
import { graphemes, textWidth } from '../width.ts';
import { insert } from './editing.ts';

/** The word before the cursor, and what it may become. */
interface Completion {
  readonly word: string;
  readonly candidates: readonly string[];
}

function candidates(editor: LineEditor): Completion {
  const word = /\S+$/.exec(editor.before)?.[0] ?? '';
  const ask = editor.options.completionFunction ?? editor.options.completion_function;
  const offered: unknown = typeof ask === 'function' ? ask(word, editor.text, editor.cursor) : [];
  const all = Array.isArray(offered) ? offered.map(String) : [];
  return { word, candidates: all.filter((each) => each.startsWith(word)) };
}

/** What all of them begin with, whole characters of it. */
function commonBeginning(texts: readonly string[]): string {
  const [first = '', ...others] = texts.map(graphemes);
  const differs = [...first].findIndex((character, place) => others.some((other) => other[place] !== character));
  return [...first].slice(0, differs < 0 ? undefined : differs).join('');
}

function complete(editor: LineEditor): boolean {
  const { word, candidates: found } = candidates(editor);
  if (found.length === 0) return editor.ding();
  const common = found.length === 1 ? (found[0] as string) : commonBeginning(found);
  // POE takes as much of what follows along as stands before the cursor; we leave it.
  editor.replace(editor.cursor - word.length, word.length, common);
  if (found.length === 1) return true;
  if (!editor.last.includes('complete') && !editor.isOn('show-all-if-ambiguous')) return editor.ding();
  list(editor, found);
  return false;
}

function list(editor: LineEditor, words: readonly string[]): void {
  const across = editor.option('print-completions-horizontally') === 'on';
  editor.print(across ? inColumns(words, editor.host.columns) : words);
}

/** Rows of as many columns as fit. */
function inColumns(words: readonly string[], columns: number): string[] {
  const width = Math.max(...words.map(textWidth)) + 1;
  const count = Math.max(1, Math.floor(columns / width));
  const rows: string[] = [];
  for (let from = 0; from < words.length; from += count) {
    const row = words.slice(from, from + count);
    rows.push(
      row
        .map((word) => word + ' '.repeat(width - textWidth(word)))
        .join('')
        .trimEnd(),
    );
  }
  return rows;
}

export const completion: Record<string, EditFunction> = {
  complete,
  'insert-completions'(editor) {
    const { word, candidates: found } = candidates(editor);
    if (found.length === 0) return editor.ding();
    editor.delete(editor.cursor - word.length, word.length);
    return insert(editor, found.join(' '));
  },
  'possible-completions'(editor) {
    const { candidates: found } = candidates(editor);
    if (found.length === 0) return editor.ding();
    list(editor, found);
    return true;
  },
  'vi-complete'(editor) {
    if (!complete(editor)) return false;
    editor.useKeymap('vi-insert');
    return true;
  },
};
