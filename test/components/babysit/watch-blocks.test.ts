import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { root } from '../../helpers/repository.ts';

const at = (path: string): string => pathToFileURL(join(root, 'dist', path)).href;

/**
 * The lines on standard error of a program whose event `work` does something that takes its time. `busy(ms)` keeps the
 * processor busy; `told(words)` does, too, until standard error has them: on a machine that does much else that takes a while.
 */
function run(work: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'poe-blocks-'));
  const path = join(folder, 'stderr');
  const errors = openSync(path, 'a');
  const program = `
    import { execFileSync } from 'node:child_process';
    import { readFileSync } from 'node:fs';
    import { Kernel, Session } from '${at('core/index.js')}';
    import { watchBlocks } from '${at('components/index.js')}';
    const stop = watchBlocks(1);
    const busyUntil = (done, ms) => { const end = performance.now() + ms; while (!done() && performance.now() < end); };
    const busy = (ms) => busyUntil(() => false, ms);
    const told = (words) => busyUntil(() => readFileSync(${JSON.stringify(path)}, 'utf8').includes(words), 60_000);
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
  try {
    const { stdout, status } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', errors],
      timeout: 200_000,
    });
    const text = readFileSync(path, 'utf8');
    assert.equal(status, 0, text);
    assert.equal(stdout, 'went on\n');
    return text.split('\n').slice(0, -1);
  } finally {
    closeSync(errors);
    rmSync(folder, { recursive: true });
  }
}

test('watchBlocks() names session, event and line of a handler that blocks the event loop, once, and lets it go on', () => {
  const lines = run(`told("by 'work'"); busy(1500)`).filter((line) => line.includes("by 'work'"));
  assert.equal(lines.length, 1, lines.join('\n'));
  assert.match(
    lines[0] as string,
    /^\(node:\d+\) \[POE_WARN_BLOCKED\] PoeWarning: The event loop is blocked for 1 s by 'work' of session 1 \(worker\), at .*:\d+:\d+$/,
  );
});

test('watchBlocks() tells of each time', () => {
  const lines = run(`told("by 'work'"); await new Promise((done) => setTimeout(done, 500)); told('outside of all')`);
  const named = lines.filter((line) => !line.includes('inside of Node'));
  assert.equal(named.length, 2, lines.join('\n'));
  assert.match(named[0] as string, /by 'work' of session 1 \(worker\)/);
  assert.match(named[1] as string, /outside of all handlers/);
});

test('watchBlocks() says so where Node itself waits', () => {
  const lines = run("execFileSync('sleep', ['3.5'])");
  assert.notEqual(lines.length, 0);
  for (const line of lines) assert.match(line, /blocked for 1 s (inside of Node|by 'work' of session 1 \(worker\))/);
});

test('watchBlocks() says nothing of handlers that are quicker, nor of waiting', () => {
  assert.deepEqual(run('busy(200); await new Promise((done) => setTimeout(done, 2500))'), []);
});
