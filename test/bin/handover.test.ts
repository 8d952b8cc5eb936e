import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { freePort } from '../helpers/free-port.ts';
import { ask, preforked } from '../helpers/operated-programs.ts';

describe('poe reload --parent', () => {
  test('replaces the parent: name, pid file and the ports of page and metrics go over to the new one', async () => {
    const [pagePort, metricsPort] = [await freePort(), await freePort()];
    const { program, pid, port } = await preforked(
      { name: 'shop', pidFile: 'shop.pid' },
      [
        { use: 'peek', options: { port: pagePort } },
        { use: 'metrics', options: { port: metricsPort } },
      ],
      [],
    );
    await using _ = program;
    const { status, stdout } = await program.poe('reload', '--parent', 'shop', '--json');
    assert.equal(status, 0);
    const { next } = JSON.parse(stdout);
    assert.notEqual(next, pid);
    assert.equal(readFileSync(join(program.folder.path, 'shop.pid'), 'utf8'), `${next}\n`);
    assert.equal((await ask(port)).version, 1);
    await program.until('the old parent has ended', async () => (await program.family(pid)) === undefined);
    await program.until('the page is the new one’s', async () => program.printed.match(/peek: http/g)?.length === 2);
    assert.equal((await fetch(`http://127.0.0.1:${pagePort}/`)).status, 401);
    const isMeasured = async (): Promise<boolean> => {
      const response = await fetch(`http://127.0.0.1:${metricsPort}/metrics`).catch(() => undefined);
      return (await response?.text())?.includes(`poe_events_total{pid="${next}"}`) ?? false;
    };
    await program.until('the metrics are the new one’s', isMeasured);
    // The ports are nobody else's business.
    assert.doesNotMatch(program.printed, /POE_WARN/);
    assert.equal(readFileSync(join(program.folder.path, 'shop.pid'), 'utf8'), `${next}\n`);

    program.folder.write({ 'server.js': 'throw new Error("broken");' });
    const broken = await program.poe('reload', '--parent', './shop.pid');
    assert.equal(broken.status, 1);
    assert.match(broken.stderr, new RegExp(`^shop \\(process ${next}\\) goes on: process \\d+, .* has ended\\.`));
    assert.equal((await program.poe('stop', './shop.pid')).status, 0);
    assert.equal(existsSync(join(program.folder.path, 'shop.pid')), false);
  });
});
