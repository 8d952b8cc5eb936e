import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { CLOCK_AND_LOGGER, startProgram, temporaryFolder, until } from '../helpers/peek-program.ts';
import { poe } from '../helpers/repository.ts';

/** A pseudo terminal, if there is one on this machine. */
async function pty(): Promise<typeof import('@lydell/node-pty') | undefined> {
  try {
    return await import('@lydell/node-pty');
  } catch {
    return undefined;
  }
}

describe('poe top', () => {
  test('shows the busiest sessions in a terminal, sorts, fits its size, and gives it back as it was', async (t) => {
    const terminals = existsSync('/dev/ptmx') ? await pty() : undefined;
    if (terminals === undefined) return t.skip('there are no pseudo terminals on this machine');
    const base = temporaryFolder(t, 'peek');
    const program = await startProgram(base, CLOCK_AND_LOGGER);
    t.after(() => program.process.kill('SIGKILL'));
    const args = [poe, 'top', 'clock-app', '--folder', join(base, 'program.mjs.d'), '--interval', '0.2'];
    const terminal = terminals.spawn(process.execPath, args, { cols: 100, rows: 20, name: 'xterm' });
    let screen = '';
    let frames: string[] = [];
    let status: number | undefined;
    terminal.onData((data) => {
      screen += data;
      frames = screen.split('\x1b[H');
    });
    terminal.onExit(({ exitCode }) => {
      status = exitCode;
    });
    const shows = (pattern: RegExp): boolean => pattern.test(stripVTControlCharacters(frames.at(-1) ?? ''));
    await until('the clock is the busiest', () =>
      shows(
        /3 sessions, [1-9]\d\.\d events\/s, queue \d+, timers 2.*SESSION\s+[12] +[\d.]+ +[\d.]+ +\d +session [12]/s,
      ),
    );
    assert.ok(shows(/^clock-app {2}process \d+ {2}up \d+s/));
    assert.ok(shows(/loop delay [\d.]+ ms mean, .*memory [\d.]+ MiB, heap [\d.]+ MiB/));
    assert.ok(screen.startsWith('\x1b[?1049h\x1b[?25l'));
    for (const order of ['busy', 'waiting', 'id']) {
      terminal.write('s');
      await until(`it is sorted by ${order}`, () => shows(new RegExp(`sorted by ${order};`)));
    }
    assert.ok(shows(/SESSION\s+1 .*session 1 \(logger\).*session 2 \(clock\).*peek plugin/s));
    terminal.write('e');
    await until('it is sorted by events', () => shows(/sorted by events;/));
    terminal.resize(30, 6);
    await until('it has become small', () => {
      const lines = stripVTControlCharacters(frames.at(-1) ?? '').split('\r\n');
      return lines.length === 6 && lines.every((line) => line.length <= 30);
    });
    terminal.write('q');
    await until('it has ended', () => status !== undefined);
    assert.equal(status, 0);
    assert.ok(screen.endsWith('\x1b[?25h\x1b[?1049l'));
  });

  test('prints lines of JSON, and needs a terminal otherwise', async (t) => {
    const base = temporaryFolder(t, 'peek');
    const program = await startProgram(base, CLOCK_AND_LOGGER);
    t.after(() => program.process.kill('SIGKILL'));
    const args = [poe, 'top', 'clock-app', '--folder', join(base, 'program.mjs.d'), '--interval', '0.2'];
    const json = spawn(process.execPath, [...args, '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
    t.after(() => json.kill('SIGKILL'));
    let count = 0;
    for await (const line of createInterface({ input: json.stdout })) {
      const record = JSON.parse(line);
      assert.equal(record.name, 'clock-app');
      assert.ok(record.rate > 5, `${record.rate} events per second`);
      if (++count === 2) break;
    }
    const plain = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let told = '';
    plain.stderr.setEncoding('utf8').on('data', (text: string) => {
      told += text;
    });
    const status = await new Promise((resolve) => plain.on('close', resolve));
    assert.equal(status, 1);
    assert.match(told, /poe top needs a terminal; without one use --json/);
  });
});
