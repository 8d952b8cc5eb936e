import { graphemes, graphemeWidth } from '../../wheels/readline/width.ts';

const BLANK = ' ';
/** Second column of a wide character. */
const REST = '';

/** A terminal's screen, as far as a line editor uses one: characters, CR, LF, BS, and the sequences that move and erase. */
export class Screen {
  readonly columns: number;
  readonly rows: number;
  row = 0;
  column = 0;
  bells = 0;
  #cells: string[][];
  /** A row was filled: the next character goes to the next one. */
  #full = false;

  constructor(columns: number, rows: number) {
    this.columns = columns;
    this.rows = rows;
    this.#cells = Array.from({ length: rows }, () => this.#blankRow());
  }

  /** What is seen, without blanks at the ends. */
  get lines(): string[] {
    return this.#cells.map((row) => row.join('').trimEnd());
  }

  write(text: string): void {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: terminals are told by them
    for (const [piece] of text.matchAll(/\x1b\[[0-?]*[ -/]*[@-~]|[\x00-\x1f]|[^\x00-\x1f]+/g)) {
      if (piece.startsWith('\x1b[')) this.#sequence(piece.slice(2, -1), piece.at(-1) as string);
      else if (piece < ' ') this.#control(piece);
      else for (const character of graphemes(piece)) this.#put(character);
    }
  }

  #put(character: string): void {
    const width = graphemeWidth(character);
    if (width === 0) return;
    if (this.#full || this.column + width > this.columns) {
      this.#full = false;
      this.column = 0;
      this.#down();
    }
    const row = this.#cells[this.row] as string[];
    row[this.column] = character;
    if (width === 2) row[this.column + 1] = REST;
    this.column += width;
    if (this.column >= this.columns) {
      this.column = this.columns - 1;
      this.#full = true;
    }
  }

  #control(character: string): void {
    if (character === '\x07') this.bells += 1;
    else if (character === '\n') this.#down();
    else if (character === '\r') this.column = 0;
    else if (character === '\b') this.column = Math.max(0, this.column - 1);
    else throw new Error(`No terminal does anything with ${JSON.stringify(character)}`);
    if (character !== '\x07') this.#full = false;
  }

  #down(): void {
    if (this.row < this.rows - 1) {
      this.row += 1;
      return;
    }
    this.#cells.shift();
    this.#cells.push(this.#blankRow());
  }

  #sequence(parameters: string, final: string): void {
    const count = Number(parameters) || 1;
    if (final === 'm' || final === 'h' || final === 'l') return;
    if (final === 'A') this.row = Math.max(0, this.row - count);
    else if (final === 'B') this.row = Math.min(this.rows - 1, this.row + count);
    else if (final === 'C') this.column = Math.min(this.columns - 1, this.column + count);
    else if (final === 'D') this.column = Math.max(0, this.column - count);
    else if (final === 'H') this.row = this.column = 0;
    else if (final === 'K') this.#erase(this.row);
    else if (final === 'J') {
      this.#erase(this.row, parameters === '2' ? 0 : this.column);
      const from = parameters === '2' ? 0 : this.row + 1;
      for (let row = from; row < this.rows; row++) this.#cells[row] = this.#blankRow();
    } else throw new Error(`The sequence ${parameters}${final} is not one of those`);
    this.#full = false;
  }

  #erase(row: number, from = this.column): void {
    this.#cells[row]?.fill(BLANK, from);
  }

  #blankRow(): string[] {
    return new Array<string>(this.columns).fill(BLANK);
  }
}
