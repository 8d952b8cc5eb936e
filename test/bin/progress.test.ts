import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { here } from '../helpers/poe-desk.ts';
import { poe } from '../helpers/repository.ts';

/** A command on a terminal of its own, and everything it has written there. */
class Terminal {
  written = '';
  readonly #ended: Promise<{ exitCode: number; signal?: number | undefined }>;
  readonly #type: (keys: string) => void;

  private constructor(pty: typeof import('@lydell/node-pty'), program: string, words: readonly string[]) {
    const terminal = pty.spawn(program, [...words], { cols: 100, rows: 20, name: 'xterm' });
    terminal.onData((data) => {
      this.written += data;
    });
    this.#ended = new Promise((resolve) => terminal.onExit(resolve));
    this.#type = (keys) => terminal.write(keys);
  }

  /** Undefined where there are no terminals. */
  static async start(program: string, words: readonly string[]): Promise<Terminal | undefined> {
    if (!existsSync('/dev/ptmx')) return undefined;
    const pty = await import('@lydell/node-pty').catch(() => undefined);
    return pty && new Terminal(pty, program, words);
  }

  async shows(pattern: RegExp): Promise<void> {
    for (let n = 0; n < 1000 && !pattern.test(stripVTControlCharacters(this.written)); n++) await sleep(10);
    assert.match(stripVTControlCharacters(this.written), pattern);
  }

  interrupt(): void {
    this.#type('\x03');
  }

  ended(): Promise<{ exitCode: number; signal?: number | undefined }> {
    return this.#ended;
  }

  /** Whether the cursor was hidden, and is shown again. */
  get cursorIsBack(): boolean {
    return (
      this.written.lastIndexOf('\x1b[?25h') > this.written.lastIndexOf('\x1b[?25l') &&
      this.written.includes('\x1b[?25l')
    );
  }
}

const NONE = 'there are no pseudo terminals on this machine';

describe('the progress bar', () => {
  test('shows how far a bench is, and is gone at the end', async (t) => {
    const words = [poe, 'bench', 'desk/echo', '1', ...here(), '--seconds', '1.5'];
    const terminal = await Terminal.start(process.execPath, words);
    if (terminal === undefined) return t.skip(NONE);
    await terminal.shows(/[█░]{20,} 1\/1\.5 seconds/);
    assert.equal((await terminal.ended()).exitCode, 0);
    assert.ok(terminal.cursorIsBack);
    assert.match(stripVTControlCharacters(terminal.written), /\d+ calls, \d+ a second, 1 at a time\r\na call: .*\r\n$/);
  });

  test('is gone after Ctrl-C, with the cursor back; of that the command ends', async (t) => {
    const feed = '(for i in $(seq 600); do echo $i; sleep 0.05; done)';
    const post = `'${process.execPath}' '${poe}' post desk/note - ${here().join(' ')}`;
    const terminal = await Terminal.start('/bin/sh', ['-c', `${feed} | ${post}; exit $?`]);
    if (terminal === undefined) return t.skip(NONE);
    await terminal.shows(/posted \d+, \d+s/);
    terminal.interrupt();
    const { exitCode, signal } = await terminal.ended();
    assert.ok(signal === constants.signals.SIGINT || exitCode === 130, `ended with ${exitCode}, ${signal}`);
    assert.ok(terminal.cursorIsBack);
  });

  test('is gone before a complaint', async (t) => {
    const feed = '(for i in $(seq 100); do echo $i; sleep 0.05; done)';
    const post = `'${process.execPath}' '${poe}' post desk/away - ${here().join(' ')}`;
    const terminal = await Terminal.start('/bin/sh', ['-c', `${feed} | ${post}; exit $?`]);
    if (terminal === undefined) return t.skip(NONE);
    assert.equal((await terminal.ended()).exitCode, 1);
    assert.match(stripVTControlCharacters(terminal.written), /posted \d+, \d+s/);
    assert.ok(terminal.cursorIsBack);
    const [, complaint = ''] = terminal.written.split('\x1b[?25h');
    assert.match(stripVTControlCharacters(complaint), /^\r?\n?Session 'desk' has not published state 'away'/);
  });
});
