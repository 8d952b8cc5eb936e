import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../../core/package-root.ts';
import { root } from '../helpers/repository.ts';

describe('packageRoot()', () => {
  test('is the folder of this package', () => {
    assert.equal(packageRoot(), `${pathToFileURL(root).href}/`);
  });

  test('is the folder above the last dist of a module, however deep that lies', () => {
    for (const module of ['core/copies.js', 'bundle/part-root.js', 'plugins/peek/page.js']) {
      assert.equal(
        packageRoot(`file:///srv/dist/node_modules/poe-kernel/dist/${module}`),
        'file:///srv/dist/node_modules/poe-kernel/',
      );
    }
  });

  test('is empty for a module that was bundled into something else', () => {
    assert.equal(packageRoot('file:///srv/app/main.js'), '');
  });
});
