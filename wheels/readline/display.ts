import { type Line, layOut } from './layout.ts';
import { Renderer } from './renderer.ts';
import type { Terminal } from './terminal.ts';

const BELL = '\x07';
/** The screen in reverse colours, for a moment. */
const VISIBLE_BELL = '\x1b[?5h\x1b[?5l';
const CLEAR = '\x1b[H\x1b[2J';

/**
 * The line that is being edited, on the terminal. What is no screen, a pipe or a file, is given the prompt, and the line
 * once it has ended.
 */
export class Display {
  readonly #terminal: Terminal;
  readonly #renderer = new Renderer();
  /** What is to be shown; undefined while no line is read. */
  readonly #line: () => Line | undefined;
  #prompted = false;

  constructor(terminal: Terminal, line: () => Line | undefined) {
    this.#terminal = terminal;
    this.#line = line;
  }

  /** Shows the line as it is now, if one is read. */
  show(): void {
    const line = this.#line();
    if (line !== undefined) this.#render(line);
  }

  #render(line: Line): void {
    const { columns, rows, isScreen } = this.#terminal;
    if (isScreen) this.#terminal.write(this.#renderer.show(layOut(line, columns, rows), columns));
    else if (!this.#prompted) this.#terminal.write(line.prompt);
    this.#prompted = true;
  }

  /** Takes the line away, for what then is shown differently. */
  wipe(): void {
    this.#terminal.write(this.#renderer.erase());
  }

  /** Writes text above the line. */
  putAbove(text: string): void {
    if (!this.#terminal.isScreen && this.#prompted) this.#terminal.write('\r\n');
    this.#prompted = false;
    this.#terminal.write(this.#renderer.erase() + text);
    this.show();
  }

  /** Leaves the line as it is, with text below it; the line is shown again with the next change. */
  printBelow(lines: readonly string[]): void {
    this.show();
    this.#prompted = false;
    this.#terminal.write(`${this.#renderer.leave()}\r\n${lines.map((line) => `${line}\r\n`).join('')}`);
  }

  /** Leaves the line for good, with what stands behind it. */
  end(line: Line, behind: string): void {
    this.#render(line);
    this.#terminal.write(`${this.#terminal.isScreen ? this.#renderer.leave() : line.text}${behind}\r\n`);
    this.#prompted = false;
  }

  clear(): void {
    this.#terminal.write(CLEAR);
    this.showAnew();
  }

  /** Shows the line where the cursor is now: whatever was there is gone. */
  showAnew(): void {
    this.#renderer.forget();
    this.#prompted = false;
    this.show();
  }

  /** The terminal has laid out its rows anew for its new width; from where the cursor must be now, the line is shown again. */
  resize(): void {
    const line = this.#line();
    if (line === undefined) return;
    const { columns, rows } = this.#terminal;
    this.#renderer.reflow(layOut(line, columns, rows), columns);
    this.wipe();
    this.show();
  }

  /** @param style - `bell-style` of readline: `'audible'`, `'visible'`, or any other word for silence. */
  ring(style: unknown): void {
    if (style === 'audible') this.#terminal.write(BELL);
    else if (style === 'visible') this.#terminal.write(VISIBLE_BELL);
  }
}
