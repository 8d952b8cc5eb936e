import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { ProcessReading } from 'poe-kernel/components';

test('babysit of an IKC server looks at the children of that server, every so many seconds, until it ends', () => {
  const program = fileURLToPath(new URL('./ikc-program.js', import.meta.url));
  const { stdout, stderr, status } = spawnSync(process.execPath, [program], { encoding: 'utf8', timeout: 30_000 });
  assert.equal(status, 0, stderr);
  assert.equal(stderr, '');
  const { interval, states } = JSON.parse(stdout) as { interval: number; states: ProcessReading[] };
  assert.equal(interval, 0.2);
  for (const { cpuSeconds, rssOctets } of states) {
    assert.ok((cpuSeconds ?? -1) >= 0);
    // The first look may be at a process that has just come into being.
    assert.ok((rssOctets ?? 0) > 0);
  }
});
