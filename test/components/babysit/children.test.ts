import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Kernel } from 'poe-kernel';
import { babysitChildren, babysitterOf, type ProcessReading, prefork, supervisorOf } from 'poe-kernel/components';

test('babysit of an IKC server looks at the children of that server, every so many seconds, until it ends', () => {
  const program = fileURLToPath(new URL('./ikc-program.js', import.meta.url));
  const { stdout, stderr, status } = spawnSync(process.execPath, [program], { encoding: 'utf8', timeout: 100_000 });
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

test('babysit waits two heartbeats at least before a child is silent, and says so', async () => {
  const warned: string[] = [];
  const listen = (warning: Error & { code?: string }): void => {
    if (warning.code === 'POE_WARN_BABYSIT') warned.push(warning.message);
  };
  process.on('warning', listen);
  const kernel = new Kernel();
  prefork(kernel, { processes: 1, minSpares: 0, heartbeat: 7 });
  babysitChildren(kernel, { silence: 13.5 });
  await until(() => babysitterOf(kernel) !== undefined, kernel);
  assert.equal(babysitterOf(kernel)?.settings.silence, 14);
  await new Promise((resolve) => setImmediate(resolve));
  process.off('warning', listen);
  assert.deepEqual(warned, ['A silence of 13.5 s is less than two heartbeats, of 7 s each: 14 s are waited']);
});

/** Runs a kernel until something is so. */
async function until(holds: () => boolean, kernel: Kernel): Promise<void> {
  const running = kernel.run();
  for (let turn = 0; turn < 1000 && !holds(); turn++) await new Promise((resolve) => setImmediate(resolve));
  supervisorOf(kernel)?.stop();
  await running;
}
