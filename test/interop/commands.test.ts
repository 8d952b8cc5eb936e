import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { root } from '../helpers/repository.ts';

describe('npm run --silent interop:server', () => {
  it('says where it listens, passes TERM on to the server, and ends with its status', async () => {
    const npm = spawn('npm', ['run', '--silent', 'interop:server', '--', '--port', '0'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(npm.stdout, 'data')) as [Buffer];
    assert.match(line.toString(), /^# listening 127\.0\.0\.1:\d+\n/);
    npm.kill('SIGTERM');
    assert.deepEqual(await once(npm, 'exit'), [0, null]);
  });
});
