import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Kernel } from 'poe-kernel';
import { readText } from '../helpers/repository.ts';

test('docs/hooks.md has a row for every hook of a kernel, and for no other', () => {
  const rows = [...readText('docs/hooks.md').matchAll(/^\| `(\w+)` \| (\w+) \|/gm)].map(([, name, kind]) => [
    name,
    kind,
  ]);
  const { hooks } = new Kernel();
  assert.deepEqual(
    rows.sort(),
    Object.entries(hooks)
      .map(([name, hook]) => [name, hook.constructor.name])
      .sort(),
  );
});
