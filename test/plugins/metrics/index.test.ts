import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Kernel, Session } from 'poe-kernel';
import { applyPlugins, metrics } from 'poe-kernel/plugins';
import { freePort } from '../../helpers/free-port.ts';
import { withPair } from '../../helpers/ikc-pair.ts';
import { type ReadFamily, readExposition } from '../../helpers/prometheus.ts';

async function scrape(port: number): Promise<Map<string, ReadFamily>> {
  for (let i = 0; ; i++) {
    try {
      const response = await fetch(`http://127.0.0.1:${port}/metrics`);
      assert.equal(response.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
      return readExposition(await response.text());
    } catch (error) {
      // The page opens behind the kernel's first turn.
      if (i === 50 || !(error instanceof TypeError)) throw error;
      await sleep(20);
    }
  }
}

/** The value of a family that has one sample, or of the one with such labels. */
function figure(families: Map<string, ReadFamily>, name: string, labels: Record<string, string> = {}): number {
  const samples = families
    .get(name)
    ?.samples.filter(({ labels: found }) => Object.entries(labels).every(([key, value]) => found[key] === value));
  assert.equal(samples?.length, 1, `${name}: ${samples?.length}`);
  return samples[0]?.value as number;
}

test('metrics shows what happens in a kernel, in the text format', async () => {
  const kernel = new Kernel();
  const port = await freePort();
  const undo = applyPlugins(kernel, [[metrics, { port }]]);
  Session.create({
    kernel,
    inlineStates: {
      _start: ({ kernel, session }) => {
        kernel.refcountIncrement(session.id, 'test');
        for (let i = 0; i < 100; i++) kernel.yield('tick');
        kernel.delay('late', 60);
        kernel.aliasSet('me');
      },
      tick() {},
      bad() {
        throw new Error('bad');
      },
      end({ kernel, session }) {
        kernel.delay('late');
        kernel.aliasRemove('me');
        kernel.refcountDecrement(session.id, 'test');
      },
    },
  });
  const running = kernel.run();
  try {
    const first = await scrape(port);
    assert.ok(figure(first, 'poe_events_total') >= 100);
    assert.equal(figure(first, 'poe_timers'), 1);
    assert.equal(figure(first, 'poe_sessions'), 1);
    assert.equal(figure(first, 'poe_sessions_started_total'), 2);
    assert.equal(figure(first, 'poe_exceptions_total'), 0);
    assert.ok(figure(first, 'process_resident_memory_bytes') > 1e7);
    await sleep(250);
    const busyUntil = performance.now() + 300;
    while (performance.now() < busyUntil);
    await sleep(50);
    for (let i = 0; i < 7; i++) kernel.post('me', 'tick');
    await sleep(20);
    const second = await scrape(port);
    assert.equal(figure(second, 'poe_events_total') - figure(first, 'poe_events_total'), 7);
    const delays = second.get('poe_loop_delay_seconds')?.samples ?? [];
    const count = (le: string): number => delays.find(({ labels }) => labels.le === le)?.value as number;
    assert.ok(count('+Inf') > count('0.1'), 'one that was late by at least 0.1 s');
  } finally {
    kernel.post('me', 'end');
    await running;
    undo();
  }
  await assert.rejects(fetch(`http://127.0.0.1:${port}/metrics`));
});

test('metrics counts calls and channels of IKC, and how long calls take', async () => {
  await withPair(async ({ kernel, ikc, server }) => {
    const port = await freePort();
    const undo = applyPlugins(kernel, [[metrics, { port, spans: false }]]);
    try {
      assert.equal(await ikc.call('poe://Test/app/echo', 'x'), 'x');
      await assert.rejects(ikc.call('poe://Test/app/no such event', 'x'));
      const families = await scrape(port);
      assert.equal(figure(families, 'poe_ikc_channels'), 1);
      assert.equal(figure(families, 'poe_ikc_calls_total', { outcome: 'ok' }), 1);
      assert.equal(figure(families, 'poe_ikc_calls_total', { outcome: 'error' }), 1);
      const took = families.get('poe_ikc_call_duration_seconds')?.samples ?? [];
      assert.equal(took.find(({ name }) => name.endsWith('_count'))?.value, 2);
      assert.ok(server.port > 0);
    } finally {
      undo();
    }
  });
});

test('metrics refuses other pages and methods, and tells of a port that is taken', async () => {
  const kernel = new Kernel();
  const port = await freePort();
  const undo = applyPlugins(kernel, [[metrics, { port }]]);
  await kernel.run();
  await scrape(port);
  assert.equal((await fetch(`http://127.0.0.1:${port}/`)).status, 404);
  assert.equal((await fetch(`http://127.0.0.1:${port}/metrics`, { method: 'POST' })).status, 405);
  const warned = new Promise<Error & { code?: string }>((resolve) => {
    const listen = (warning: Error & { code?: string }): void => {
      if (warning.code !== 'POE_WARN_METRICS') return;
      process.off('warning', listen);
      resolve(warning);
    };
    process.on('warning', listen);
  });
  const second = new Kernel();
  const undoSecond = applyPlugins(second, [[metrics, { port }]]);
  await second.run();
  assert.match((await warned).message, /EADDRINUSE/);
  undoSecond();
  undo();
});
