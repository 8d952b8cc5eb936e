import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { root } from '../helpers/repository.ts';

const door = pathToFileURL(join(root, 'dist/bundle/core.js')).href;

function run(text: string): { stdout: string; stderr: string } {
  return spawnSync(process.execPath, ['--input-type=module', '-e', text], { cwd: root, encoding: 'utf8' });
}

describe('noteCopy()', () => {
  test('warns of a second copy with the version and place of both, and of no other thing', () => {
    const once = run(
      `await import(${JSON.stringify(door)}); await import('poe-kernel'); await import('poe-kernel/ikc');`,
    );
    assert.equal(once.stderr, '');
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'poe-copy-')));
    try {
      cpSync(join(root, 'dist/core'), join(folder, 'dist/core'), { recursive: true });
      writeFileSync(join(folder, 'package.json'), '{"type":"module","version":"7.8.9"}');
      execFileSync('ln', ['-s', join(root, 'node_modules'), join(folder, 'node_modules')]);
      const other = pathToFileURL(join(folder, 'dist/core/index.js')).href;
      const { stderr } = run(`await import(${JSON.stringify(door)}); await import(${JSON.stringify(other)});`);
      const [line = ''] = stderr.split('\n');
      assert.match(line, /POE_WARN_SECOND_COPY\] PoeWarning: poe-kernel is loaded a second time/);
      const [ours, theirs] = line.split(', and now ');
      assert.match(ours ?? '', /: \d+\.\d+\.\d+ at file:/);
      assert.ok(ours?.includes(` at ${pathToFileURL(root).href}`), line);
      assert.ok(theirs?.startsWith(`7.8.9 at ${pathToFileURL(folder).href}`), line);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
