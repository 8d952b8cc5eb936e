import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Kernel } from 'poe-kernel';
import { Responder } from 'poe-kernel/ikc';
import { readText } from '../helpers/repository.ts';

test('docs/hooks.md has a row for every hook of a kernel and of IKC, and for no other', () => {
  const rows = [...readText('docs/hooks.md').matchAll(/^\| `(\w+)` \| (\w+) \|/gm)].map(([, name, kind]) => [
    name,
    kind,
  ]);
  const kernel = new Kernel();
  const hooks = { ...kernel.hooks, ...Responder.spawn({ kernel }).hooks };
  assert.deepEqual(
    rows.sort(),
    Object.entries(hooks)
      .map(([name, hook]) => [name, hook.constructor.name])
      .sort(),
  );
});
