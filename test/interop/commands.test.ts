import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { root } from '../helpers/repository.ts';

/** When each file was written that a build adds to what the compiler makes. */
function written(): [path: string, ms: number][] {
  const folders = ['dist/bundle', 'dist/plugins/peek/page'];
  const paths = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path)),
  );
  return [...paths, 'dist/package.json'].sort().map((path) => [path, statSync(join(root, path)).mtimeMs]);
}

describe('npm run --silent interop:server', () => {
  it('says where it listens, passes TERM on to the server, and ends with its status', async () => {
    const before = written();
    const npm = spawn('npm', ['run', '--silent', 'interop:server', '--', '--port', '0'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(npm.stdout, 'data')) as [Buffer];
    assert.match(line.toString(), /^# listening 127\.0\.0\.1:\d+\n/);
    npm.kill('SIGTERM');
    assert.deepEqual(await once(npm, 'exit'), [0, null]);
    // It builds first. Other tests use what is there meanwhile.
    assert.deepEqual(written(), before);
  });
});
