import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { root } from '../../helpers/repository.ts';

const at = (path: string): string => pathToFileURL(join(root, 'dist', path)).href;

/** A program whose event `work` does something that takes its time. */
function run(work: string, seconds = 0.5): string {
  const program = `
    import { execFileSync } from 'node:child_process';
    import { Kernel, Session } from '${at('core/index.js')}';
    import { watchBlocks } from '${at('components/index.js')}';
    const stop = watchBlocks(${seconds});
    const until = (ms) => { const end = performance.now() + ms; while (performance.now() < end); };
    const kernel = new Kernel();
    Session.create({ kernel, inlineStates: {
      // The second thread has to be there.
      _start({ kernel }) { kernel.aliasSet('worker'); kernel.delay('work', 0.7); },
      async work({ kernel }) { ${work}; kernel.delay('end', 0.3); },
      end({ kernel }) { kernel.aliasRemove('worker'); stop(); },
    } });
    await kernel.run();
    console.log('went on');
  `;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
    timeout: 30_000,
  });
  assert.equal(status, 0, stderr);
  assert.equal(stdout, 'went on\n');
  return stderr;
}

test('watchBlocks() names session, event and line of a handler that blocks the event loop, once, and lets it go on', () => {
  const lines = run('until(2000)').trim().split('\n');
  assert.equal(lines.length, 1, lines.join('\n'));
  assert.match(
    lines[0] as string,
    /^\(node:\d+\) \[POE_WARN_BLOCKED\] PoeWarning: The event loop is blocked for 0\.5 s by 'work' of session 1 \(worker\), at .*:\d+:\d+$/,
  );
});

test('watchBlocks() tells of each time', () => {
  const lines = run('until(1200); await new Promise((done) => setTimeout(done, 400)); until(1200)').trim().split('\n');
  assert.equal(lines.length, 2, lines.join('\n'));
  assert.match(lines[0] as string, /by 'work' of session 1 \(worker\)/);
  assert.match(lines[1] as string, /outside of all handlers/);
});

test('watchBlocks() says so where Node itself waits', () => {
  const lines = run("execFileSync('sleep', ['2'])").trim().split('\n');
  assert.equal(lines.length, 1, lines.join('\n'));
  assert.match(lines[0] as string, /blocked for 0\.5 s (inside of Node|by 'work' of session 1 \(worker\))/);
});

test('watchBlocks() says nothing of handlers that are quicker, nor of waiting', () => {
  assert.equal(run('until(150); await new Promise((done) => setTimeout(done, 1500))', 0.6), '');
});
