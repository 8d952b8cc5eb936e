/** Programs on a terminal of their own, as a person would run them. */
import { type IPty, spawn } from '@lydell/node-pty';
import { root } from './repository.ts';
import { Screen } from './screen.ts';

/** How long a program may take to show what is waited for. */
const LIMIT_MS = 60_000;

/** A program on a pseudo-terminal, and what its screen shows. */
export class PtyProgram {
  readonly screen: Screen;
  readonly #pty: IPty;
  readonly #ended: Promise<{ exitCode: number; signal?: number | undefined }>;

  constructor(words: readonly string[], env: NodeJS.ProcessEnv = {}, columns = 60, rows = 12) {
    this.screen = new Screen(columns, rows);
    this.#pty = spawn(words[0] as string, words.slice(1), {
      name: 'xterm',
      cols: columns,
      rows,
      cwd: root,
      env: { ...process.env, INPUTRC: '/dev/null', ...env },
    });
    this.#pty.onData((text) => this.screen.write(text));
    this.#ended = new Promise((resolve) => this.#pty.onExit(resolve));
  }

  type(keys: string): void {
    this.#pty.write(keys);
  }

  /** What is on the screen, up to the last row that has something. */
  get shown(): string[] {
    const { lines } = this.screen;
    return lines.slice(0, lines.findLastIndex((line) => line !== '') + 1);
  }

  /** Waits until the screen shows this. */
  async shows(lines: readonly string[]): Promise<void> {
    const late = Date.now() + LIMIT_MS;
    while (JSON.stringify(this.shown) !== JSON.stringify(lines)) {
      if (Date.now() > late) {
        throw new Error(`Waited in vain for\n${lines.join('\n')}\nThe screen shows\n${this.shown.join('\n')}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  ended(): Promise<{ exitCode: number; signal?: number | undefined }> {
    return this.#ended;
  }

  kill(signal: string): void {
    this.#pty.kill(signal);
  }
}
