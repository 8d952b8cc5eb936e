/** Genuine peers that are idle for a while, with a server of ours that wants signs of life. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Kernel } from 'poe-kernel';
import { Responder, Server } from 'poe-kernel/ikc';
import { runSteps, type Step, whyNoIkc } from '../helpers/interop.ts';
import { spawnInteropSessions } from './sessions.ts';

const skip = whyNoIkc() ?? false;

/** Lets a genuine program work through steps with our server, and gives what it has reported. */
async function serve(name: 'client' | 'lite', protocol: string, steps: readonly Step[]): Promise<unknown> {
  const kernel = new Kernel();
  const ikc = Responder.spawn({ kernel });
  spawnInteropSessions(kernel);
  const heartbeat = { interval: 0.2, misses: 3 };
  const port = Server.spawn({ kernel, port: 0, name: 'Interop', heartbeat });
  const running = kernel.run();
  try {
    return await runSteps(name, ['--port', String(port), '--protocol', protocol], steps);
  } finally {
    ikc.shutdown();
    kernel.signal(kernel, 'TERM');
    await running;
  }
}

for (const protocol of ['IKC0', 'IKC']) {
  test(`a genuine client that is idle notices nothing of pings, ${protocol}`, { skip }, async () => {
    const results = await serve('client', protocol, [
      ['forget', 'seen', '1'],
      // Nothing of the kind comes: a second passes, five intervals.
      ['idle', 'got', '1'],
      ['idle again', 'got', '1'],
      ['echo', 'answer', 'ask("poe://Interop/interop/echo", "x")'],
      ['seen', 'seen', '1'],
    ]);
    assert.deepEqual(
      { ...(results as object), forget: [] },
      {
        forget: [],
        idle: '(nothing)',
        'idle again': '(nothing)',
        echo: 'x',
        seen: [],
      },
    );
  });

  test(`a genuine client that hangs is closed; one that works for less than the limit is not, ${protocol}`, {
    skip,
  }, async () => {
    const results = await serve('client', protocol, [
      ['forget', 'seen', '1'],
      ['works', 'now', 'select(undef, undef, undef, 0.3); 1'],
      ['echo', 'answer', 'ask("poe://Interop/interop/echo", "x")'],
      ['hangs', 'now', 'select(undef, undef, undef, 1.5); 1'],
      ['idle', 'got', '1'],
      ['seen', 'seen', '1'],
    ]);
    const { seen, echo } = results as { seen: string[][]; echo: string };
    assert.equal(echo, 'x');
    assert.ok(
      seen.some(([event]) => event === 'unregister'),
      JSON.stringify(seen),
    );
  });

  test(`a genuine ClientLite is not pinged, however long it is idle, ${protocol}`, { skip }, async () => {
    assert.deepEqual(
      await serve('lite', protocol, [
        ['before', 'call', '$c->call("interop/echo", 1)'],
        ['idle', 'call', 'select(undef, undef, undef, 1.5); $c->call("interop/echo", 2)'],
        ['after', 'call', '$c->call("interop/echo", 3)'],
      ]),
      { connected: 1, before: 1, idle: 2, after: 3 },
    );
  });
}
