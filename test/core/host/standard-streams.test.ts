import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';

const program = join(import.meta.dirname, 'standard-input.js');

/** Starts the program; its input is a pipe unless a descriptor is given. */
function start(
  way: string,
  name: string,
  input: 'pipe' | number = 'pipe',
): { child: ChildProcess; output: Promise<string> } {
  const child = spawn(process.execPath, [program, way, name], { stdio: [input, 'pipe', 'inherit'] });
  return { child, output: text(child.stdout as NonNullable<typeof child.stdout>) };
}

for (const name of ['process.stdin', '0']) {
  describe(`standard input as ${name}`, () => {
    it('is read to its end if it is a pipe', async () => {
      const { child, output } = start('lines', name);
      child.stdin?.end('a\nb\n');
      assert.equal(await output, 'line a\r\nline b\r\nread 0\r\n');
    });

    it('is read to its end if it is a file', async (t) => {
      const folder = mkdtempSync(join(tmpdir(), 'poe-stdin-'));
      t.after(() => rmSync(folder, { recursive: true }));
      writeFileSync(join(folder, 'input'), 'a\nb\n');
      assert.equal(
        await start('lines', name, openSync(join(folder, 'input'), 'r')).output,
        'line a\r\nline b\r\nread 0\r\n',
      );
    });

    it('does not keep the process alive once no session watches it', async () => {
      const { child, output } = start('one', name);
      child.stdin?.write('a\nb\n');
      // It is never closed.
      assert.equal(await output, 'line a\nline b\n');
      child.stdin?.destroy();
    });

    it('leaves to a listener of Node what no session has read', async () => {
      const { child, output } = start('both', name);
      child.stdin?.write('abcd');
      await once(child.stdout as NonNullable<typeof child.stdout>, 'readable');
      setTimeout(() => child.stdin?.end('ef'), 100);
      assert.equal((await output).replace('"cd"\nthen "ef"', '"cdef"'), 'first ab\nwatched 0\nthen "cdef"\nend\n');
    });
  });
}

for (const name of ['process.stdin', '0', '/dev/tty']) {
  it(`a terminal, as ${name}, is read to its end`, (t) => {
    const command = `stty -echo; "${process.execPath}" "${program}" lines ${name}`;
    let output: string;
    try {
      output = execFileSync('script', ['-qec', command, '/dev/null'], { input: 'a\nb\n\x04', encoding: 'utf8' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      t.skip('there is no command script, which makes a terminal');
      return;
    }
    // In front of it is what the terminal has echoed before it was told not to.
    assert.match(output.replaceAll(/\r+\n/g, '\n'), /line a\nline b\nread 0\n$/);
  });
}
