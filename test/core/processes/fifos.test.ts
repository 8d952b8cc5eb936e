import assert from 'node:assert/strict';
import { closeSync, existsSync, mkdtempSync, readdirSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Fifos, type PipeDescriptors } from '../../../core/processes/fifos.ts';

/** A folder of our own for what is temporary. */
function temporary(t: TestContext): string {
  const [before, folder] = [process.env.TMPDIR, mkdtempSync(join(tmpdir(), 'fifos-test-'))];
  process.env.TMPDIR = folder;
  t.after(() => {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

describe('Fifos', { skip: process.platform === 'win32' && 'Windows has none' }, () => {
  test('open() gives a pipe that is no other pipe', (t) => {
    temporary(t);
    const fifos = new Fifos();
    const pipes = Array.from({ length: 30 }, () => fifos.open() as PipeDescriptors);
    for (const [index, { writing }] of pipes.entries()) {
      writeSync(writing, `octets of ${index}`);
      closeSync(writing);
    }
    for (const [index, { reading }] of pipes.entries()) {
      const octets = Buffer.alloc(100);
      assert.equal(octets.toString('utf8', 0, readSync(reading, octets)), `octets of ${index}`);
      assert.equal(readSync(reading, octets), 0);
      closeSync(reading);
    }
  });

  test('open() leaves no file behind for longer than a second', async (t) => {
    const folder = temporary(t);
    const pipe = new Fifos().open() as PipeDescriptors;
    closeSync(pipe.reading);
    closeSync(pipe.writing);
    assert.equal(readdirSync(folder).length, 1);
    await sleep(1200);
    assert.deepEqual(readdirSync(folder), []);
  });

  test('open() makes others when somebody has removed those it had', (t) => {
    const folder = temporary(t);
    const fifos = new Fifos();
    const first = fifos.open();
    for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
    const second = fifos.open();
    for (const pipe of [first, second]) {
      assert.ok(pipe !== undefined);
      closeSync(pipe.reading);
      closeSync(pipe.writing);
    }
  });

  test('open() gives none where nothing can be made, and does not try again', (t) => {
    const folder = temporary(t);
    process.env.TMPDIR = join(folder, 'is not there');
    const fifos = new Fifos();
    assert.equal(fifos.open(), undefined);
    process.env.TMPDIR = folder;
    assert.equal(fifos.open(), undefined);
    assert.ok(existsSync(folder));
  });
});
