import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { librarySources, readText } from '../helpers/repository.ts';

/**
 * Node's module loader follows no symbolic link any more once the last thing that was looked at by plain numbers was a socket or a FIFO
 * (nodejs/node issue 51142): a package behind a link is then loaded a second time. What is looked at by bigints leaves no such trace.
 */
describe('stat in the library', () => {
  test('asks for bigints', () => {
    const calls = librarySources().flatMap((path) =>
      [...readText(path).matchAll(/\b[fl]?stat(?:Sync)?\((?!\))[^\n]*/g)].map(([call]) => `${path}: ${call}`),
    );
    assert.ok(calls.length >= 10);
    assert.deepEqual(
      calls.filter((call) => !call.includes('bigint: true')),
      [],
    );
  });

  test('asked for bigints of a socket lets modules be found behind links', () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'poe-stat-')));
    try {
      mkdirSync(join(folder, 'node_modules'));
      mkdirSync(join(folder, 'real'));
      writeFileSync(join(folder, 'real/package.json'), '{"name":"linked","exports":"./a.js"}');
      writeFileSync(join(folder, 'real/a.js'), '');
      symlinkSync('../real', join(folder, 'node_modules/linked'));
      writeFileSync(
        join(folder, 'look.mjs'),
        `import { lstatSync } from 'node:fs';
         import { createServer } from 'node:net';
         const server = createServer().listen('a.sock', () => {
           lstatSync('a.sock', { bigint: true });
           console.log(import.meta.resolve('linked'));
           server.close();
         });`,
      );
      const { stdout } = spawnSync(process.execPath, ['look.mjs'], { cwd: folder, encoding: 'utf8' });
      assert.equal(stdout, `${pathToFileURL(join(folder, 'real/a.js')).href}\n`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
