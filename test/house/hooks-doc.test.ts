import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Kernel } from 'poe-kernel';
import { babysit } from 'poe-kernel/components';
import { ikcHooks } from 'poe-kernel/ikc';
import { wheelHooks } from 'poe-kernel/wheels';
import { readText } from '../helpers/repository.ts';

test('docs/hooks.md has a row for every hook of kernels, wheels, IKC and babysitters, and for no other', () => {
  const rows = [...readText('docs/hooks.md').matchAll(/^\| `(\w+)` \| (\w+) \|/gm)].map(([, name, kind]) => [
    name,
    kind,
  ]);
  const kernel = new Kernel();
  const babysitter = babysit(kernel, { children: () => [], replace: () => false, signal: () => false });
  babysitter.stop();
  assert.deepEqual(
    rows.sort(),
    Object.entries({ ...kernel.hooks, ...wheelHooks(kernel), ...ikcHooks(kernel), ...babysitter.hooks })
      .map(([name, hook]) => [name, hook.constructor.name])
      .sort(),
  );
});
