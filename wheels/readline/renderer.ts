import { type Cell, type Frame, rowWidth } from './layout.ts';

/** What a terminal does for us: it moves its cursor and erases. All of them understand these. */
const ERASE_LINE = '\x1b[K';
const ERASE_BELOW = '\x1b[J';

const NOTHING: Frame = { rows: [], cursor: { row: 0, column: 0 } };

/**
 * Turns one frame into the next with as few octets as that takes: what has not changed is not written again.
 *
 * Knows nothing but what it has written. Nothing else may be written between two frames, unless it was erased before.
 */
export class Renderer {
  #shown: Frame = NOTHING;
  #columns = 80;

  /** Where the cursor is when nothing is shown: at the beginning of a row. */
  get empty(): boolean {
    return this.#shown === NOTHING;
  }

  /** Octets that show a frame on a terminal of so many columns. */
  show(frame: Frame, columns: number): string {
    const pen = new Pen(this.#shown, columns);
    const { rows } = this.#shown;
    frame.rows.forEach((row, index) => {
      pen.row(index, rows[index] ?? [], row);
    });
    if (rows.length > frame.rows.length) {
      const last = frame.rows.length - 1;
      pen.moveTo(last, rowWidth(frame.rows[last] as Cell[]));
      pen.out += ERASE_BELOW;
    }
    pen.moveTo(frame.cursor.row, frame.cursor.column);
    this.#shown = frame;
    this.#columns = columns;
    return pen.out;
  }

  /** Octets that take away what is shown and leave the cursor where it began. */
  erase(): string {
    const pen = new Pen(this.#shown, this.#columns);
    pen.moveTo(0, 0);
    const out = this.empty ? '' : `${pen.out}\r${ERASE_BELOW}`;
    this.#shown = NOTHING;
    return out;
  }

  /** Octets that leave what is shown for good, with the cursor behind it; what follows is up to the caller. */
  leave(): string {
    const pen = new Pen(this.#shown, this.#columns);
    const last = this.#shown.rows.length - 1;
    if (last >= 0) pen.moveTo(last, rowWidth(this.#shown.rows[last] as Cell[]));
    this.#shown = NOTHING;
    return pen.out;
  }

  /** Forgets what is shown: the screen was cleared. */
  forget(): void {
    this.#shown = NOTHING;
  }

  /** Takes note that the terminal has got another width, and has laid out what it shows anew: `frame`, for that width. */
  reflow(frame: Frame, columns: number): void {
    if (this.empty) return;
    this.#shown = frame;
    this.#columns = columns;
  }
}

/** Writes cells and moves, and knows where that leaves the cursor. */
class Pen {
  out = '';
  readonly #columns: number;
  /** Rows that are there. */
  #reached: number;
  #row: number;
  /** As many as there are columns when a row has been filled: the terminal moves on with the next character. */
  #column: number;

  constructor({ rows, cursor }: Frame, columns: number) {
    this.#reached = Math.max(rows.length, 1);
    this.#row = cursor.row;
    this.#column = cursor.column;
    this.#columns = columns;
  }

  /** Makes one row of another. */
  row(index: number, before: readonly Cell[], after: readonly Cell[]): void {
    let same = 0;
    while (same < after.length && before[same]?.text === after[same]?.text) same++;
    // A combining character changes what stands before it: that is written again with it.
    while (same > 0 && (after[same]?.width === 0 || before[same]?.width === 0)) same--;
    const isLess = rowWidth(after) < rowWidth(before);
    if (index >= this.#reached) this.#newRow(index, after);
    else if (same === after.length && !isLess) return;
    else this.moveTo(index, rowWidth(after.slice(0, same)));
    for (const cell of after.slice(same)) {
      this.out += cell.text;
      this.#column += cell.width;
    }
    if (isLess) this.out += ERASE_LINE;
  }

  /** Goes on to a row that is not there yet, from the end of the filled one before it. */
  #newRow(index: number, row: readonly Cell[]): void {
    // A character makes the terminal go on; where none follows, a space does.
    if (row.length === 0) this.out += ' \r';
    this.#row = index;
    this.#column = 0;
    this.#reached = index + 1;
  }

  moveTo(row: number, column: number): void {
    if (row < this.#row) this.out += `\x1b[${this.#row - row}A`;
    else if (row > this.#row) this.out += `\x1b[${row - this.#row}B`;
    this.#row = row;
    if (column === this.#column) return;
    if (column === 0 || this.#column >= this.#columns) {
      this.out += '\r';
      this.#column = 0;
    }
    if (column < this.#column) this.out += column === this.#column - 1 ? '\b' : `\x1b[${this.#column - column}D`;
    else if (column > this.#column) this.out += `\x1b[${column - this.#column}C`;
    this.#column = column;
  }
}
