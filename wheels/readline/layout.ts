import { visible } from './key-names.ts';
import { graphemes, graphemeWidth } from './width.ts';

/** What is written at one place of the screen: a character, with the colours that begin before it. */
export interface Cell {
  readonly text: string;
  readonly width: number;
}

/** What the screen shall show: rows of the terminal from the prompt's first on, and where the cursor is among them. */
export interface Frame {
  readonly rows: readonly (readonly Cell[])[];
  readonly cursor: { readonly row: number; readonly column: number };
}

/** What the user edits. */
export interface Line {
  /** Shown before the text. What is between `\[` and `\]` takes no columns, nor do the escape sequences of colours. */
  readonly prompt: string;
  readonly text: string;
  /** Offset into the text. */
  readonly cursor: number;
}

const SPACE: Cell = { text: ' ', width: 1 };
/** Stands for a line break in a prompt: spaces to the end of the row. */
const NEWLINE: Cell = { text: '\n', width: 0 };
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what a terminal's sequences are made of
const UNSEEN = /\\\[([\s\S]*?)\\\]|(\x1b(?:\[[0-?]*[ -/]*[@-~]|\][\s\S]*?(?:\x07|\x1b\\)|[@-Z\\^_]))/g;

/**
 * Lays a prompt and a text out on rows of a terminal. A row that is full is always followed by another, if only by an
 * empty one for the cursor.
 *
 * @param height - Rows of the terminal: where there are more, those around the cursor are kept.
 */
export function layOut(line: Line, columns: number, height = Number.POSITIVE_INFINITY): Frame {
  const { prompt, text, cursor } = aroundCursor(line, columns * height);
  const page = new Page(columns);
  for (const cell of promptCells(prompt)) page.place(cell);
  for (const cell of textCells(text.slice(0, cursor))) page.place(cell);
  const after = textCells(text.slice(cursor));
  const at = page.next(after[0]);
  for (const cell of after) page.place(cell);
  return page.rows.length > height ? windowOf(page.rows, at, height) : { rows: page.rows, cursor: at };
}

/**
 * The part of a very long text that may be seen, so that each key costs what the screen shows and not what the line holds. It
 * begins at the same place for many keys: what is on the screen stays where it is.
 */
function aroundCursor(line: Line, span: number): Line {
  const { prompt, text, cursor } = line;
  if (text.length <= 8 * span) return line;
  const from = Math.max(0, Math.floor(cursor / span) - 2) * span;
  return { prompt: from === 0 ? prompt : '', text: text.slice(from, cursor + 2 * span), cursor: cursor - from };
}

/** Rows that fill up. */
class Page {
  readonly rows: Cell[][] = [[]];
  readonly #columns: number;
  #used = 0;

  constructor(columns: number) {
    this.#columns = columns;
  }

  place(cell: Cell): void {
    if (cell === NEWLINE) {
      do this.place(SPACE);
      while (this.#used > 0);
      return;
    }
    const row = this.rows.at(-1) as Cell[];
    // A wide character does not begin in the last column: the terminal would move it, so we do.
    if (this.#used + cell.width > this.#columns && this.#used > 0) {
      row.push(SPACE);
      this.#newRow();
      this.place(cell);
      return;
    }
    row.push(cell);
    this.#used += cell.width;
    if (this.#used >= this.#columns) this.#newRow();
  }

  /** Where a cell would be placed. */
  next(cell: Cell = SPACE): Frame['cursor'] {
    const row = this.rows.length - 1;
    const fits = this.#used === 0 || this.#used + cell.width <= this.#columns;
    return fits ? { row, column: this.#used } : { row: row + 1, column: 0 };
  }

  #newRow(): void {
    this.rows.push([]);
    this.#used = 0;
  }
}

/** The rows that are seen of a line longer than the screen. */
function windowOf(rows: readonly Cell[][], cursor: Frame['cursor'], height: number): Frame {
  const top = Math.min(Math.max(0, cursor.row - height + 1), rows.length - height);
  return { rows: rows.slice(top, top + height), cursor: { row: cursor.row - top, column: cursor.column } };
}

function promptCells(prompt: string): Cell[] {
  const cells: Cell[] = [];
  let colours = '';
  const add = (seen: string): void => {
    for (const cell of textCells(seen.replaceAll('\r\n', '\n'), true)) {
      cells.push(colours === '' || cell === NEWLINE ? cell : { text: colours + cell.text, width: cell.width });
      if (cell !== NEWLINE) colours = '';
    }
  };
  let done = 0;
  for (const found of prompt.matchAll(UNSEEN)) {
    add(prompt.slice(done, found.index));
    colours += found[1] ?? found[2];
    done = found.index + found[0].length;
  }
  add(prompt.slice(done));
  if (colours !== '') cells.push({ text: colours, width: 0 });
  return cells;
}

/** @param breaks - Whether the text has line breaks; those that are typed are shown like other control characters. */
function textCells(text: string, breaks = false): Cell[] {
  return graphemes(text).flatMap((grapheme) => {
    if (breaks && grapheme === '\n') return [NEWLINE];
    const shown = visible(grapheme);
    if (shown !== grapheme) return Array.from(shown, (character) => ({ text: character, width: 1 }));
    return [{ text: grapheme, width: graphemeWidth(grapheme) }];
  });
}

/** Columns that a row's cells take. */
export function rowWidth(row: readonly Cell[]): number {
  return row.reduce((width, cell) => width + cell.width, 0);
}
