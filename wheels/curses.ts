import { kernel as defaultKernel, type EventFor } from '../core/index.ts';
import { cursesName } from './readline/curses-keys.ts';
import { type Key, KeyDecoder } from './readline/key-decoder.ts';
import { visible } from './readline/key-names.ts';
import { Terminal, type TerminalInput, type TerminalOutput } from './readline/terminal.ts';
import { parametersOf, Wheel, type WheelOptions, warnUnknown } from './wheel.ts';

/** What the events of a Curses wheel bring: ARG0 and on. */
export interface CursesEvents {
  /**
   * A character, control characters as they are (`'\x03'`, `'\r'`), or the name that Curses has for a key: `'KEY_UP'`, `'KEY_F(1)'`,
   * `'KEY_BACKSPACE'`, `'KEY_RESIZE'` when the terminal has another size.
   */
  inputEvent: [keystroke: string, wheelId: number];
}

/** The event of a Curses wheel, by which `event` renames it. */
// biome-ignore lint/suspicious/noExplicitAny: events need no declaration
export interface CursesEventNames<E = any> {
  inputEvent?: EventFor<E, CursesEvents['inputEvent']> | undefined;
}

// biome-ignore lint/suspicious/noExplicitAny: events need no declaration
export interface CursesOptions<E = any> extends WheelOptions<E> {
  /** What a keystroke is sent as. */
  inputEvent: EventFor<E, CursesEvents['inputEvent']>;
  /** Where keys come from; a terminal is put in raw mode by its `setRawMode`. Default: `process.stdin`. */
  input?: TerminalInput;
  /** The stream that knows the terminal's size and emits `resize`. Nothing is written to it. Default: `process.stdout`. */
  output?: TerminalOutput;
}

const PARAMETERS: ReadonlySet<string> = new Set(['kernel', 'inputEvent', 'input', 'output']);

/** How long an escape may be the beginning of a function key, in seconds. Curses waits a whole one, ESCDELAY. */
const ESCAPE_WAIT = 0.1;

/**
 * Sends each keystroke of the terminal as an event, while other things go on.
 *
 * It takes the keyboard only: there is no Curses library behind it, nothing is drawn, cleared or asked of the terminal. Draw with
 * escape sequences or with a library for that. The terminal is in raw mode, so that C-c is a keystroke like others, until the wheel is
 * destroyed, its session stops, or the process exits. What is pasted comes character by character. The end of the input is no
 * event; the wheel then stops reading.
 *
 * @example
 * _start({ heap }) {
 *   heap.console = new Curses({ inputEvent: 'gotKeystroke' });
 * },
 * gotKeystroke({ heap }, keystroke) {
 *   process.stdout.write(keystroke < ' ' ? `<${unctrl(keystroke)}>` : keystroke);
 *   if (keystroke === '\x03') heap.console.destroy();
 * }
 * @remarks Mirrors POE::Wheel::Curses. Differs: keys that Perl gets as numbers (259) come as the names that `keyname` gives them,
 * characters are whole and not octets, and the screen is left alone.
 */
// biome-ignore lint/suspicious/noExplicitAny: events need no declaration
export class Curses<E = any> extends Wheel<CursesEventNames<E>> {
  readonly #terminal: Terminal;
  readonly #decoder = new KeyDecoder();
  readonly #escapeState: string;

  /** @throws PoeUsageError `POE_ERR_WHEEL_PARAMETER` without an inputEvent, `POE_ERR_TERMINAL_BUSY` while another wheel reads. */
  constructor(options: CursesOptions<E>) {
    const { kernel = defaultKernel, inputEvent } = parametersOf('Curses', options);
    super(kernel, { inputEvent }, ['inputEvent']);
    warnUnknown('Curses', options, PARAMETERS);
    const terminal = new Terminal(this.id, options.input ?? process.stdin, options.output ?? process.stdout);
    this.#terminal = terminal;
    this.onDestroy(() => terminal.close());
    terminal.take();
    this.onDestroy(terminal.onResize(() => this.sendLater(this.events.inputEvent as string, 'KEY_RESIZE')));
    this.#escapeState = this.addState('escape timeout', () => this.#deliver(this.#decoder.flush()));
    this.watchRead(terminal.keyboard, () => this.#read());
  }

  #read(): void {
    const octets = this.#terminal.keyboard.read();
    if (octets === null) return;
    this.kernel.delay(this.#escapeState);
    if (octets === undefined) {
      this.kernel.selectRead(this.#terminal.keyboard);
      this.#deliver(this.#decoder.flush());
      return;
    }
    this.#deliver(this.#decoder.push(octets));
    if (!this.destroyed && this.#decoder.held !== '') this.kernel.delay(this.#escapeState, ESCAPE_WAIT);
  }

  /** One event a keystroke; the wheel may end with each of them. */
  #deliver(keys: readonly Key[]): void {
    for (const keystroke of keys.flatMap(keystrokes)) {
      if (this.destroyed) return;
      this.send(this.events.inputEvent, keystroke);
    }
  }
}

/** A function key by its name; what has none comes character by character, as from Curses. */
function keystrokes({ raw, kind }: Key): readonly string[] {
  if (raw === '\x7f') return ['KEY_BACKSPACE'];
  const name = kind === 'function' ? cursesName(raw) : undefined;
  return name === undefined ? [...raw] : [name];
}

/**
 * A character as it can be shown: `^C` for `'\x03'`, itself if it can be.
 * @remarks Mirrors `unctrl` of Curses.
 */
export function unctrl(character: string): string {
  const shown = visible(character);
  return shown === character ? character : shown.toUpperCase();
}
