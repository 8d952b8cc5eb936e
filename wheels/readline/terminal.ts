import type { Readable, Writable } from 'node:stream';
import { PoeUsageError } from '../../core/index.ts';
import { Keyboard } from './keyboard.ts';

/** What a terminal's input may be able to do, as `tty.ReadStream` can. */
export type TerminalInput = Readable & { setRawMode?(raw: boolean): unknown };

/** What a terminal's output may know, as `tty.WriteStream` does; it emits `resize` when they change. */
export type TerminalOutput = Writable & { readonly columns?: number; readonly rows?: number };

/** Which wheel reads from a stream now. */
const readers = new WeakMap<TerminalInput, Terminal>();

/** Asks the terminal to put marks around what is pasted, and not to do so any more. */
const MARK_PASTES = '\x1b[?2004h';
const LEAVE_PASTES = '\x1b[?2004l';

/** Size of what does not tell its own, as in POE. */
const COLUMNS = 80;
const ROWS = 25;

/** A terminal while a wheel uses it: raw mode, its size, and who reads from it. */
export class Terminal {
  readonly keyboard: Keyboard;
  readonly #wheelId: number;
  readonly #input: TerminalInput;
  readonly #output: TerminalOutput;
  #taken = false;
  #marksPastes = false;

  constructor(wheelId: number, input: TerminalInput, output: TerminalOutput) {
    this.#wheelId = wheelId;
    this.#input = input;
    this.#output = output;
    this.keyboard = new Keyboard(input);
    // A terminal that is hung up ends the input; that nothing can be shown on it any more is no further news.
    output.on('error', ignore);
  }

  /** Whether there is a screen on which the cursor can be moved: it has columns. */
  get isScreen(): boolean {
    return this.#output.columns !== undefined;
  }

  get columns(): number {
    return this.#output.columns || COLUMNS;
  }

  get rows(): number {
    return this.#output.rows || ROWS;
  }

  write(text: string): void {
    if (text !== '') this.#output.write(text);
  }

  /**
   * Takes the keys: every one of them as it is pressed, also those that the system would act upon.
   * @param marksPastes - Whether the terminal is to mark what is pasted.
   * @throws PoeUsageError `POE_ERR_TERMINAL_BUSY` while another wheel reads.
   */
  take(marksPastes = false): void {
    const reader = readers.get(this.#input);
    if (reader !== undefined && reader !== this) {
      throw new PoeUsageError(
        'POE_ERR_TERMINAL_BUSY',
        `Cannot read keys: the wheel ${reader.#wheelId} reads from the same terminal`,
        { hint: 'Destroy that wheel first, or wait for its line: dropping a reference stops nothing' },
      );
    }
    readers.set(this.#input, this);
    if (this.#taken) return;
    this.#taken = true;
    this.#marksPastes = marksPastes;
    this.#input.setRawMode?.(true);
    if (marksPastes) this.write(MARK_PASTES);
    process.on('exit', this.#restore);
  }

  /** Gives the keys back, and the terminal as it was. */
  release(): void {
    if (readers.get(this.#input) === this) readers.delete(this.#input);
    this.#restore();
    process.off('exit', this.#restore);
  }

  /** Takes the keys again after the process was stopped: whoever had the terminal meanwhile has changed it. */
  retake(): void {
    if (!this.#taken) return;
    this.#input.setRawMode?.(false);
    this.#input.setRawMode?.(true);
  }

  /** Calls back when the size has changed; returns how to stop that. */
  onResize(callback: () => void): () => void {
    this.#output.on('resize', callback);
    return () => this.#output.off('resize', callback);
  }

  close(): void {
    this.release();
    this.keyboard.close();
    this.#output.off('error', ignore);
  }

  readonly #restore = (): void => {
    if (!this.#taken) return;
    this.#taken = false;
    if (this.#marksPastes) this.write(LEAVE_PASTES);
    this.#input.setRawMode?.(false);
  };
}

function ignore(): void {}
