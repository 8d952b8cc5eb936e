import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, test } from 'node:test';
import { readText, root } from '../helpers/repository.ts';

describe('the npm package', () => {
  // --ignore-scripts: packing in earnest would build anew, under the feet of this test.
  const answer = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [{ files }] = JSON.parse(answer) as [{ files: { path: string }[] }];
  const paths = files.map(({ path }) => path);

  test('holds the library, its documentation and its papers, and nothing else', () => {
    const wanted =
      /^(dist\/bundle\/[\w-]+\.js|dist\/(core|wheels|components|plugins)\/.+\.d\.ts|dist\/plugins\/peek\/page\/.+\.(html|css|svg|txt|js)|docs\/.+\.md|templates\/\w+\/skeleton(\.test)?\.(ts|js)|schema\/poe\.config\.json|README\.md|LICENSE|CHANGELOG\.md|package\.json)$/;
    assert.deepEqual(
      paths.filter((path) => !wanted.test(path)),
      [],
    );
  });

  test('holds what the first door leads to, the readme, the license and the changes', () => {
    for (const path of ['dist/bundle/core.js', 'dist/core/index.d.ts', 'README.md', 'LICENSE', 'CHANGELOG.md']) {
      assert.ok(paths.includes(path), path);
    }
  });

  test('opens its changes with its own version', () => {
    const { version } = JSON.parse(readText('package.json')) as { version: string };
    assert.ok(
      readText('CHANGELOG.md')
        .split('\n')
        .find((line) => line.startsWith('## '))
        ?.startsWith(`## ${version}`),
    );
  });
});
