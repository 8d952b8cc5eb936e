import { homedir } from 'node:os';
import { join } from 'node:path';
import { debugFor, kernel as defaultKernel, type EventFor, PoeUsageError, warn } from '../core/index.ts';
import { Display } from './readline/display.ts';
import { type EditorOptions, type Effect, type Exception, LineEditor } from './readline/editor.ts';
import { homeOf, readLines, readText, writeLines } from './readline/history-file.ts';
import { type Key, KeyDecoder } from './readline/key-decoder.ts';
import { Terminal, type TerminalInput, type TerminalOutput } from './readline/terminal.ts';
import { parametersOf, Wheel, type WheelOptions, warnUnknown } from './wheel.ts';

const debug = debugFor('wheel:read-line');

/** What the events of a ReadLine bring: ARG0 and on. */
export interface ReadLineEvents {
  /**
   * A line without its end, `''` for an empty one, and the wheel's ID. Or undefined, why there is no line, and then the ID: `'interrupt'` (C-c),
   * `'eot'` (C-d on an empty line, or the end of the input), `'cancel'` (C-g).
   */
  inputEvent: [line: string | undefined, exceptionOrId: 'interrupt' | 'eot' | 'cancel' | number, wheelId?: number];
}

/**
 * A function that keys can be bound to.
 *
 * @param wheel - Read and set its {@link ReadLine.text} and {@link ReadLine.cursor}, or {@link ReadLine.apply} other functions.
 * @param key - The keys as they are shown: `^[b` for Meta-b.
 * @param rawKey - The keys as the terminal sent them.
 */
// biome-ignore lint/suspicious/noExplicitAny: the events of the wheel do not matter to it
export type ReadLineFunction = (wheel: ReadLine<any>, key: string, rawKey: string) => void;

/**
 * Options of readline, by their names in an inputrc, as text: `attribs()['bell-style'] = 'none'`.
 *
 * These have an effect: `bell-style` (`audible`, `visible`, `none`), `comment-begin`, `editing-mode`, `isearch-terminators`,
 * `print-completions-horizontally`, `show-all-if-ambiguous` (`on`, `off`), `keyseq-timeout` (milliseconds), `enable-bracketed-paste`.
 */
export interface ReadLineAttribs {
  /**
   * Says what the word before the cursor may become: given the word, the whole line and the place of the cursor. Candidates that
   * do not begin with the word are left out. May also be set under POE's name, `completion_function`.
   */
  completionFunction?: ((word: string, line: string, cursor: number) => readonly string[]) | undefined;
  completion_function?: ReadLineAttribs['completionFunction'];
  [option: string]: unknown;
}

/** The event of a ReadLine, by which `event` renames it. */
// biome-ignore lint/suspicious/noExplicitAny: events need no declaration
export interface ReadLineEventNames<E = any> {
  inputEvent?: EventFor<E, ReadLineEvents['inputEvent']> | undefined;
}

// biome-ignore lint/suspicious/noExplicitAny: events need no declaration
export interface ReadLineOptions<E = any> extends WheelOptions<E> {
  /** What a line is sent as. */
  inputEvent: EventFor<E, ReadLineEvents['inputEvent']>;
  /**
   * When `put` shows its lines while a line is typed: `'immediate'`ly, `'after'` the line has ended, or when the keyboard has been
   * `'idle'` for a while. Default: `'idle'`.
   */
  putMode?: 'idle' | 'after' | 'immediate';
  /** That while, in seconds. Default: 2. */
  idleTime?: number;
  /** Name for `$if name` in an inputrc. Default: `'poe-readline'`. */
  appName?: string;
  /** Where keys come from. A terminal is put in raw mode by its `setRawMode` while a line is read. Default: `process.stdin`. */
  input?: TerminalInput;
  /**
   * Where the line is shown. Its size is read from `columns` and `rows`, again at `resize` events. What has no `columns` is no screen: it is given the
   * prompt, and the line once it has ended. Default: `process.stdout`.
   */
  output?: TerminalOutput;
}

const PARAMETERS: ReadonlySet<string> = new Set([
  'kernel',
  'inputEvent',
  'putMode',
  'idleTime',
  'appName',
  'input',
  'output',
]);
const PUT_MODES: readonly unknown[] = ['idle', 'after', 'immediate'];

/** How long an escape may be the beginning of a function key, in milliseconds: terminals send those at once. */
const ESCAPE_WAIT_MS = 100;

/**
 * Reads lines from a terminal, with editing, history, search and completion as in readline(3), while other things go on.
 *
 * {@link get} asks for one line; its event brings the line, or why there is none. Text for the screen goes through {@link put}, which
 * shows it above the line that is being typed. Only one wheel at a time can read from a terminal. The terminal is in raw mode
 * from `get` until the line has ended, and is given back also when the wheel is destroyed, its session stops, or the process exits.
 *
 * Lines are text, decoded as UTF-8. Where the input is no terminal (a pipe, a file) lines are read as they come, and its end is `'eot'`.
 *
 * @example
 * _start({ heap }) {
 *   heap.console = new ReadLine({ inputEvent: 'gotInput' });
 *   heap.console.get('Go: ');
 * },
 * gotInput({ heap }, input, exception) {
 *   if (input === undefined) {
 *     heap.console.put(`${exception} caught. B'bye!`);
 *     heap.console.destroy();
 *     return;
 *   }
 *   heap.console.put(`  You entered: ${input}`);
 *   heap.console.addHistory(input);
 *   heap.console.get('Go: ');
 * }
 * @remarks Mirrors POE::Wheel::ReadLine. Where it differs on purpose is listed in docs/guide/readline.md.
 */
// biome-ignore lint/suspicious/noExplicitAny: events need no declaration
export class ReadLine<E = any> extends Wheel<ReadLineEventNames<E>> {
  /** Functions that programs have added, for all wheels, as in POE. */
  static readonly #functions = new Map<string, ReadLineFunction>();

  readonly #putMode: 'idle' | 'after' | 'immediate';
  readonly #idleTime: number;
  readonly #terminal: Terminal;
  readonly #editor: LineEditor;
  readonly #decoder = new KeyDecoder();
  readonly #display: Display;
  readonly #readState: string;
  readonly #typedState: string;
  readonly #escapeState: string;
  readonly #idleState: string;
  /** Keys that came with the end of the last line, for the next; the first one is the last of the array. */
  #typedAhead: Key[] = [];
  #inputEnded = false;
  /** Lines that wait to be shown. */
  #putBuffer: string[] = [];
  /** Whether somebody is typing. */
  #busyTyping = false;
  #stopWatching: (() => void) | undefined;

  /** @throws PoeUsageError `POE_ERR_WHEEL_PARAMETER` without an inputEvent, or for another `putMode` or `idleTime`. */
  constructor(options: ReadLineOptions<E>) {
    const { kernel = defaultKernel, inputEvent } = checked(options);
    super(kernel, { inputEvent }, ['inputEvent']);
    this.#putMode = options.putMode ?? 'idle';
    this.#idleTime = options.idleTime ?? 2;
    const terminal = new Terminal(this.id, options.input ?? process.stdin, options.output ?? process.stdout);
    this.#terminal = terminal;
    this.#editor = new LineEditor({
      appName: options.appName ?? 'poe-readline',
      term: process.env.TERM ?? '',
      id: this.id,
      get columns() {
        return terminal.columns;
      },
      homeOf,
      readFile: readText,
      readInputrc: () => readText(process.env.INPUTRC ?? join(homedir(), '.inputrc')),
      userFunction: (name) => {
        const added = ReadLine.#functions.get(name);
        return added === undefined ? undefined : (_, key, raw) => added(this, key, raw);
      },
      unknownFunction: (notation, name) => debug('ignored the key %s: there is no function %s', notation, name),
    });
    this.#display = new Display(terminal, () => (this.#editor.reading ? this.#editor.shown : undefined));
    this.#readState = this.addState('select read', () => this.#read());
    this.#typedState = this.addState('typed ahead', () => this.#take([]));
    this.#escapeState = this.addState('escape timeout', () => this.#take(this.#decoder.flush()));
    this.#idleState = this.addState('input timeout', () => this.#idle());
    this.onDestroy(() => this.#release());
  }

  // --- lines

  /**
   * Shows a prompt and reads a line; its event comes once it has ended. While a line is being read only the prompt changes.
   *
   * @param prompt - Default: as before, at first `>`. What is between `\[` and `\]` takes no columns, nor do escape sequences of colours.
   * @throws PoeUsageError `POE_ERR_TERMINAL_BUSY` while another wheel reads from the same terminal, `POE_ERR_WHEEL_DESTROYED`.
   * @remarks Mirrors POE::Wheel::ReadLine, "get". Keys that came in one piece with the end of a line are kept for the next; POE drops them.
   */
  get(prompt?: string): void {
    if (this.destroyed) {
      throw new PoeUsageError('POE_ERR_WHEEL_DESTROYED', 'Cannot read a line: the wheel was destroyed', {
        hint: 'Make a new ReadLine',
      });
    }
    const editor = this.#editor;
    if (editor.reading) {
      if (prompt !== undefined && prompt !== editor.prompt) {
        this.#display.wipe();
        editor.prompt = prompt;
        this.#display.show();
      }
      return;
    }
    this.#terminal.take(editor.isOn('enable-bracketed-paste'));
    if (prompt !== undefined) editor.prompt = prompt;
    editor.start();
    this.kernel.selectRead(this.#terminal.keyboard, this.#readState);
    this.#watchTerminal();
    this.#display.show();
    if (this.#typedAhead.length > 0 || this.#inputEnded) this.kernel.yield(this.#typedState);
  }

  /**
   * Shows lines. While a line is typed they go above it, when `putMode` says so.
   * @remarks Mirrors POE::Wheel::ReadLine, "put".
   */
  put(...lines: unknown[]): void {
    const { reading } = this.#editor;
    this.#putBuffer.push(...lines.map((line) => `${String(line).replace(/\r?\n/g, '\r\n')}\r\n`));
    const waits = this.#putMode === 'after' || (this.#putMode === 'idle' && this.#busyTyping);
    if (!reading || !waits) this.#flushPut();
  }

  /** Clears the screen. @remarks Mirrors POE::Wheel::ReadLine, "clear". A line that is being read is shown again. */
  clear(): void {
    this.#display.clear();
  }

  /** The size of the terminal. @remarks Mirrors POE::Wheel::ReadLine, "terminal_size". */
  terminalSize(): [columns: number, rows: number] {
    return [this.#terminal.columns, this.#terminal.rows];
  }

  // --- history

  /** Adds lines to the history. Nothing else does: call it with each line that was entered. @remarks Mirrors POE::Wheel::ReadLine, "add_history". */
  addHistory(...lines: string[]): void {
    this.#editor.history.lines.push(...lines);
  }

  /** The history, the oldest line first. @remarks Mirrors POE::Wheel::ReadLine, "get_history". */
  getHistory(): string[] {
    return [...this.#editor.history.lines];
  }

  /**
   * Adds the lines of a file to the history.
   *
   * @param file - Default: `~/.history`.
   * @param from - The first line to take, counted from 0.
   * @param to - The last one. Default, and if it is before the first: all.
   * @returns 1; undefined if the file cannot be read.
   * @remarks Mirrors POE::Wheel::ReadLine, "read_history".
   */
  readHistory(file?: string, from = 0, to = -1): 1 | undefined {
    const lines = readLines(file);
    if (lines === undefined) return undefined;
    const { history } = this.#editor;
    history.lines = history.lines.concat(lines.slice(from, to < from ? undefined : to + 1));
    return 1;
  }

  /**
   * Writes the history to a file.
   * @param file - Default: `~/.history`.
   * @returns 1; undefined if the file cannot be written.
   * @remarks Mirrors POE::Wheel::ReadLine, "write_history".
   */
  writeHistory(file?: string): 1 | undefined {
    return writeLines(file, `${this.#editor.history.lines.join('\n')}\n`) ? 1 : undefined;
  }

  /**
   * Leaves only the last lines of a history file. If it had more, what is left becomes the history of the wheel as well.
   *
   * @param file - Default: `~/.history`.
   * @param lines - How many to leave. Default: 0.
   * @returns 1; undefined if the file cannot be read or written.
   * @remarks Mirrors POE::Wheel::ReadLine, "history_truncate_file".
   */
  historyTruncateFile(file?: string, lines = 0): 1 | undefined {
    const all = readLines(file);
    if (all === undefined) return undefined;
    if (all.length <= lines) return 1;
    const left = lines > 0 ? all.slice(-lines) : [];
    if (!writeLines(file, left.map((line) => `${line}\n`).join(''))) return undefined;
    this.#editor.history.lines = left;
    return 1;
  }

  // --- keys and functions

  /**
   * Binds a key or a sequence of keys in the keymap in use.
   *
   * @param key - As in an inputrc: `C-x`, `M-b`, `Meta-Rubout`, `C-xC-r`, `home`, or with quotes `"\C-x\e[A"`.
   * @param action - A function by POE's name (`'backward-kill-word'`), a function of your own, or with quotes the keys of a macro
   * (`'"ls -l\r"'`). A name that does not exist is a warning.
   * @remarks Mirrors POE::Wheel::ReadLine, "bind_key".
   */
  bindKey(key: string, action: string | ReadLineFunction): void {
    const editor = this.#editor;
    if (typeof action === 'function') editor.bind(key, (_, shown, raw) => action(this, shown, raw));
    else if (!editor.bindText(key, action)) {
      warn('POE_WARN_KEY_BINDING', `Ignoring the key ${key}: there is no function '${action}'`, this.kernel);
    }
  }

  /**
   * Gives a function a name, for all wheels: it can then be bound here or in an inputrc. Also there as `ReadLine.addDefun`, to be called
   * before the wheel reads the inputrc.
   *
   * @param key - If given, it is bound to the function at once.
   * @remarks Mirrors POE::Wheel::ReadLine, "add_defun".
   */
  addDefun(name: string, code: ReadLineFunction, key?: string): void {
    ReadLine.addDefun(name, code);
    if (key !== undefined) this.bindKey(key, name);
  }

  /** See the method of the same name. */
  static addDefun(name: string, code: ReadLineFunction): void {
    ReadLine.#functions.set(name, code);
  }

  /** Goes to another keymap: `emacs`, `vi-insert`, `vi-command` (also `vi`). @remarks Mirrors POE::Wheel::ReadLine, "rl_set_keymap". */
  rlSetKeymap(name: string): void {
    this.#editor.useKeymap(name);
  }

  /** Does what a function does, by its name, while a line is read. @remarks POE has a method for each: `rl_beginning_of_line` and so on. */
  apply(name: string): void {
    if (!this.#editor.reading) return;
    this.#perform(this.#editor.run(name));
    this.#display.show();
  }

  /** What has been typed so far. Set it to change the line; the cursor goes to its end. */
  get text(): string {
    return this.#editor.text;
  }

  set text(text: string) {
    this.#editor.setText(text, text.length);
    this.#display.show();
  }

  /** Place of the cursor in the text, in UTF-16 units; places outside of it are its ends. */
  get cursor(): number {
    return this.#editor.cursor;
  }

  set cursor(place: number) {
    this.#editor.cursor = place;
    this.#display.show();
  }

  // --- options

  /** The options, to be read and changed. @remarks Mirrors POE::Wheel::ReadLine, "attribs". */
  attribs(): ReadLineAttribs {
    return this.#editor.options satisfies EditorOptions as ReadLineAttribs;
  }

  /** One of them; `''` if it is not set. @remarks Mirrors POE::Wheel::ReadLine, "option". */
  option(name: string): unknown {
    return this.#editor.option(name);
  }

  // --- keys come in

  #read(): void {
    const octets = this.#terminal.keyboard.read();
    if (octets === null) return;
    if (octets === undefined) {
      this.#inputEnded = true;
      this.#take(this.#decoder.flush());
      return;
    }
    this.kernel.delay(this.#escapeState);
    this.#take(this.#decoder.push(octets));
    if (this.#editor.reading && this.#editor.actsOn(this.#decoder.held)) {
      // Text that is no number, and 0, are the default.
      this.kernel.delay(this.#escapeState, (Number(this.option('keyseq-timeout')) || ESCAPE_WAIT_MS) / 1000);
    }
  }

  /** Presses keys, after those that wait, until the line has ended; what is left waits for the next. */
  #take(keys: readonly Key[]): void {
    const editor = this.#editor;
    if (keys.length > 0) this.#typedAhead = [...keys].reverse().concat(this.#typedAhead);
    const waiting = this.#typedAhead;
    if (editor.reading && waiting.length > 0) this.#noteTyping();
    while (editor.reading && !this.destroyed && waiting.length > 0) this.#perform(editor.key(waiting.pop() as Key));
    if (this.destroyed || !editor.reading) return;
    if (this.#inputEnded) this.#endInput();
    else this.#display.show();
  }

  /** There are no more keys. What is there is the last line. */
  #endInput(): void {
    const editor = this.#editor;
    const isEmpty = editor.text === '';
    if (isEmpty) editor.reading = false;
    this.#perform(isEmpty ? [{ kind: 'exception', exception: 'eot', shown: '' }] : editor.run('accept-line'));
  }

  #perform(effects: readonly Effect[]): void {
    const display = this.#display;
    for (const effect of effects) {
      if (effect.kind === 'bell') display.ring(this.option('bell-style') || 'audible');
      else if (effect.kind === 'print') display.printBelow(effect.lines);
      else if (effect.kind === 'clear') display.clear();
      else if (effect.kind === 'redraw') display.wipe();
      else if (effect.kind === 'line') this.#finish('', effect.line);
      else this.#finish(effect.shown, undefined, effect.exception);
    }
  }

  /** @param behind - What the terminal shows behind the line. */
  #finish(behind: string, line: string | undefined, ...exception: Exception[]): void {
    this.#display.end(this.#editor.shown, behind);
    this.#stopReading();
    this.sendLater(this.events.inputEvent as string, line, ...exception);
    this.#flushPut();
  }

  #stopReading(): void {
    const { kernel } = this;
    kernel.selectRead(this.#terminal.keyboard);
    kernel.delay(this.#idleState);
    kernel.delay(this.#escapeState);
    this.#busyTyping = false;
    this.#stopWatching?.();
    this.#stopWatching = undefined;
    this.#terminal.release();
  }

  #release(): void {
    if (this.#editor.reading) this.#stopReading();
    this.#editor.reading = false;
    this.#terminal.close();
  }

  // --- the screen

  #flushPut(): void {
    if (this.#putBuffer.length > 0) this.#display.putAbove(this.#putBuffer.splice(0).join(''));
  }

  #noteTyping(): void {
    if (this.#putMode !== 'idle') return;
    this.kernel.delay(this.#idleState, this.#idleTime);
    this.#busyTyping = true;
  }

  #idle(): void {
    this.#busyTyping = false;
    this.#flushPut();
  }

  /** Until the line has ended: shows it anew when the terminal has changed. */
  #watchTerminal(): void {
    const offResize = this.#terminal.onResize(() => this.#display.resize());
    const offContinue = this.kernel.host.signals.watch('CONT', () => {
      this.#terminal.retake();
      this.#display.showAnew();
    });
    this.#stopWatching = () => {
      offResize();
      offContinue();
    };
  }
}

/** Options of which none is wrong. */
function checked<E>(options: ReadLineOptions<E>): ReadLineOptions<E> {
  const { putMode = 'idle', idleTime = 2 } = parametersOf('ReadLine', options);
  if (!PUT_MODES.includes(putMode)) {
    throw new PoeUsageError('POE_ERR_WHEEL_PARAMETER', `Cannot make a ReadLine: its putMode is '${String(putMode)}'`, {
      hint: "putMode is 'immediate', 'idle' or 'after'",
    });
  }
  if (!(idleTime >= 0)) {
    throw new PoeUsageError('POE_ERR_WHEEL_PARAMETER', `Cannot make a ReadLine: its idleTime is ${idleTime}`, {
      hint: 'idleTime is in seconds, not below 0',
    });
  }
  warnUnknown('ReadLine', options, PARAMETERS);
  return options;
}
