/** Links to a genuine server that dies, hangs and comes back. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Kernel, Session } from 'poe-kernel';
import { Client, type DeadLetter, type IkcError, Responder } from 'poe-kernel/ikc';
import { until } from '../helpers/ikc-server.ts';
import { type ServerProgram, startPerlServer, whyNoIkc } from '../helpers/interop.ts';

interface Interop {
  echo: (x: string) => string;
  count: () => number | string;
  sink: [x: number];
  blob: (octets: number) => string;
  seen: () => unknown[][];
}

const MEETING = { transport: 'TCP', protocol: 'IKC0' } as const;

for (const protocol of ['IKC0', 'IKC'] as const) {
  describe(`our client and a genuine server, ${protocol}`, { skip: whyNoIkc() ?? false }, () => {
    let server: ServerProgram;
    let port: number;
    const kernel = new Kernel();
    const ikc = Responder.spawn({ kernel });
    const told: string[] = [];
    const letters: DeadLetter[] = [];
    const interop = ikc.remote<Interop>('poe://Interop/interop', { timeout: 10 });
    let connections = 0;
    let running: Promise<void>;

    before(async () => {
      server = await startPerlServer({ ...MEETING, protocol });
      port = server.address.port as number;
      ikc.hooks.deadLetter.tap('test', (letter) => letters.push(letter));
      Session.create({
        kernel,
        inlineStates: {
          _start({ kernel, session }) {
            kernel.aliasSet('me');
            kernel.refcountIncrement(session, 'test');
            const names = ['register', 'unregister', 'subscribe', 'unsubscribe', 'error'];
            ikc.monitor('Interop', Object.fromEntries(names.map((name) => [name, name])));
          },
          register: () => void told.push('register'),
          unregister: () => void told.push('unregister'),
          subscribe: () => void told.push('subscribe'),
          unsubscribe: () => void told.push('unsubscribe'),
          error: (_, _name, _kernel, _real, _data, operation) => void told.push(operation),
        },
      });
      running = kernel.run();
      Client.spawn({
        kernel,
        port,
        name: 'Lasting',
        protocol,
        subscribe: ['poe://Interop/interop'],
        heartbeat: { interval: 0.4, misses: 3 },
        reconnect: { initialDelay: 0.05, maxDelay: 0.2, queue: 100 },
        onConnect: () => connections++,
        onReconnect: () => connections++,
        onError: () => {},
      });
      await connected(1);
    });

    after(async () => {
      ikc.shutdown();
      kernel.signal(kernel, 'TERM');
      await running;
      await server.stop();
    });

    const connected = (count: number): Promise<void> =>
      until(
        () => connections === count,
        () => `${connections} connections in place of ${count}`,
      );

    async function restart(): Promise<void> {
      await server.program.ended();
      server = await startPerlServer({ ...MEETING, protocol }, port);
    }

    test('pings are ordinary calls to it', async () => {
      await new Promise((resolve) => setTimeout(resolve, 2500));
      assert.equal(connections, 1);
      assert.equal(await interop.echo('alive'), 'alive');
      assert.deepEqual(
        (await interop.seen()).filter(([event]) => event === 'error'),
        [],
      );
      assert.equal(server.program.stderr, '');
    });

    test('killed, and started again: names, proxy, monitors and what was posted meanwhile are there again', async () => {
      server.program.kill();
      await until(
        () => kernel.aliasResolve('poe://Interop/interop') === undefined,
        () => 'the proxy still has its name',
      );
      interop.sink.post(1);
      kernel.post('interop', 'sink', 2);
      await restart();
      await connected(2);
      kernel.post('poe://Interop/interop', 'sink', 3);
      assert.equal(Number(await interop.count()), 3);
      assert.deepEqual(letters, []);
      assert.equal(server.program.stderr, '');
    });

    test('killed in the middle of an answer: the call is rejected, and no half of it comes', async () => {
      const stages = Array.from({ length: 5 }, () =>
        interop.blob(8_000_000).then(
          (blob) => `${blob.length}`,
          (error: IkcError) => error.stage,
        ),
      );
      setTimeout(() => server.program.kill(), 60);
      for (const stage of await Promise.all(stages)) assert.ok(['8000000', 'disconnect'].includes(stage), stage);
      assert.equal(await stages.at(-1), 'disconnect');
      await restart();
      await connected(3);
      assert.equal(await interop.echo('again'), 'again');
    });

    test('stopped, so that only its system answers: it is found out, and found again', async () => {
      server.program.signal('SIGSTOP');
      const call = interop.echo('to nobody');
      const since = Date.now();
      await assert.rejects(call, { stage: 'disconnect' });
      assert.ok(Date.now() - since < 3000);
      server.program.signal('SIGCONT');
      await connected(4);
      assert.equal(await interop.echo('again'), 'again');
    });

    test('and all the while monitors were told in order', () => {
      const there = ['register', 'subscribe'];
      const round = ['channel-read', 'unregister', ...there];
      assert.deepEqual(told, [...there, ...round, ...round, ...round]);
    });
  });
}
