import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Kernel } from 'poe-kernel';
import { babysit } from 'poe-kernel/components';
import { ikcHooks } from 'poe-kernel/ikc';
import { wheelHooks } from 'poe-kernel/wheels';
import { createSupervisorHooks, createWorkerHooks } from '../../components/prefork/hooks.ts';
import { readText } from '../helpers/repository.ts';

test('docs/hooks.md has a row for every hook of kernels, wheels, IKC, supervisors, workers and babysitters, and for no other', () => {
  const rows = [...readText('docs/hooks.md').matchAll(/^\| `(\w+)` \| (\w+) \|/gm)].map(([, name, kind]) => [
    name,
    kind,
  ]);
  const kernel = new Kernel();
  const babysitter = babysit(kernel, { children: () => [], replace: () => false, signal: () => false });
  babysitter.stop();
  const ofChildren = { ...createSupervisorHooks(), ...createWorkerHooks(), ...babysitter.hooks };
  assert.deepEqual(
    rows.sort(),
    Object.entries({ ...kernel.hooks, ...wheelHooks(kernel), ...ikcHooks(kernel), ...ofChildren })
      .map(([name, hook]) => [name, hook.constructor.name])
      .sort(),
  );
});
