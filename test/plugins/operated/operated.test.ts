import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ClientLite } from 'poe-kernel/ikc';
import { freePort } from '../../helpers/free-port.ts';
import { type ReadFamily, type ReadSample, readExposition } from '../../helpers/prometheus.ts';

const PATIENCE_MS = 60_000;

/** Asks until the answer is there. */
async function until<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
  const late = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await ask().catch(() => undefined);
    if (found !== undefined) return found;
    if (Date.now() > late) throw new Error(`Not within ${PATIENCE_MS} ms: ${what}`);
    await sleep(100);
  }
}

describe('a server that prefork, babysit and metrics are switched on for', {
  skip: process.platform === 'linux' ? false : 'this system has no process files',
}, () => {
  let server: ReturnType<typeof spawn>;
  let ended: Promise<unknown[]>;
  let errors = '';
  let port = 0;
  let metricsPort = 0;

  before(async () => {
    [port, metricsPort] = [await freePort(), await freePort()];
    const program = fileURLToPath(new URL('./program.js', import.meta.url));
    server = spawn(process.execPath, [program, String(metricsPort)], {
      env: { ...process.env, PORT: String(port) },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    ended = once(server, 'close');
    server.stderr?.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
  });
  after(() => void server.kill('SIGKILL'));

  const samples = async (name: string): Promise<readonly ReadSample[]> => {
    const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
    const families: Map<string, ReadFamily> = readExposition(text);
    return families.get(name)?.samples ?? [];
  };
  /** The processes that serve, once there are so many. */
  const serving = (count: number): Promise<true> =>
    until(`${count} children serve`, async () => {
      const found = (await samples('poe_children')).find(({ labels }) => labels.state === 'serving');
      return found?.value === count ? true : undefined;
    });
  const treated = (ailment: string): Promise<string> =>
    until(ailment, async () => {
      const found = (await samples('poe_babysit_actions_total')).find(({ labels }) => labels.ailment === ailment);
      return found?.labels.action;
    });
  /** The process that answers a call, with the client that it is connected to. */
  const dial = async (): Promise<{ lite: ClientLite; pid: number }> => {
    const lite = await ClientLite.spawn({ ip: '127.0.0.1', port, timeout: 30 });
    assert.ok(lite, ClientLite.error());
    return { lite, pid: Number.parseInt(String(await lite.call('clock/time')), 10) };
  };

  test('one page has the metrics of the parent and of all children', async () => {
    await serving(2);
    const { lite, pid } = await dial();
    const pids = await until('all processes answer', async () => {
      const found = await samples('poe_events_total');
      return found.length >= 3 ? found.map(({ labels }) => Number(labels.pid)) : undefined;
    });
    assert.ok(pids.includes(server.pid as number));
    assert.ok(pids.includes(pid));
    const requests = await samples('poe_ikc_requests_total');
    const ours = requests.find(({ labels }) => labels.pid === String(pid) && labels.outcome === 'ok');
    assert.equal(ours?.value, 1);
    lite.disconnect();
  });

  test('a child that is stopped is replaced, and it is told why', async () => {
    const { lite, pid } = await dial();
    process.kill(pid, 'SIGSTOP');
    assert.equal(await treated('stopped'), 'replace');
    await until('it ends', async () => {
      const found = (await samples('poe_events_total')).some(({ labels }) => labels.pid === String(pid));
      const isThere = readdirSync('/proc').includes(String(pid));
      return found || isThere ? undefined : true;
    });
    lite.disconnect();
    await serving(2);
    const next = await dial();
    assert.notEqual(next.pid, pid);
    next.lite.disconnect();
    assert.match(errors, new RegExp(`Replace the child ${pid} \\(stopped\\): it has been stopped for [\\d.]+ s`));
  });

  test('a child whose event loop is blocked is replaced', async () => {
    const { lite, pid } = await dial();
    await lite.post('clock/block', 60);
    assert.equal(await treated('blocked'), 'replace');
    lite.disconnect();
    await until('it ends', async () => (readdirSync('/proc').includes(String(pid)) ? undefined : true));
    await serving(2);
  });

  test('TERM ends all of it, and leaves nothing behind', async () => {
    server.kill('SIGTERM');
    assert.deepEqual(await ended, [0, null]);
    assert.deepEqual(
      readdirSync(tmpdir()).filter((name) => name.startsWith(`poe-metrics-${server.pid}-`)),
      [],
    );
  });
});
