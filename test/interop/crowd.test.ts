/** 20 clients at once, in all four pairings: half of them of each protocol, a third of each serializer. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FREEZER_NAMES } from 'poe-kernel/wheels';
import { until } from '../helpers/ikc-server.ts';
import { type Address, addressWords, runSteps, startOurServer, startPerlServer, whyNoIkc } from '../helpers/interop.ts';
import { PATIENCE, S, withClient, withLite } from './ours.ts';

const skip = whyNoIkc() ?? false;
const CLIENTS = 20;
const MET = { transport: 'TCP', protocol: 'IKC0' } as const;
const protocolOf = (who: number) => (who % 2 === 0 ? 'IKC0' : 'IKC');
const serializerOf = (who: number) => FREEZER_NAMES[who % FREEZER_NAMES.length] as string;
const ask = (value: string): string => `ask("${S}/echo", ${value})`;

describe(`${CLIENTS} clients at once`, { skip }, () => {
  const numbers = Array.from({ length: CLIENTS }, (_, n) => n);

  /** Tells a server's clients to begin, once all of them are there. */
  async function begin(address: Address): Promise<void> {
    await withLite(address, { name: 'Starter' }, async (lite) => {
      let count = 0;
      const look = setInterval(() => void lite.call('interop/count').then((value) => (count = Number(value))), 50);
      try {
        await until(
          () => count === CLIENTS,
          () => `${count} clients`,
          PATIENCE * 1000,
        );
      } finally {
        clearInterval(look);
      }
      await lite.call('interop/relay', ['poe://*/me/got', 'go']);
    });
  }

  test('genuine clients, our server: each gets its own answers', async () => {
    const server = await startOurServer(MET);
    try {
      const all = numbers.map((who) =>
        runSteps(
          'client',
          [
            ...addressWords(server.address),
            ...['--name', `C${who}`, '--patience', `${PATIENCE}`],
            ...['--protocol', protocolOf(who), '--serializers', serializerOf(who)],
          ],
          [
            ['here', 'now', `post("${S}/sink", 1)`],
            ['go', 'got', '1'],
            ...numbers.map((n) => [`${n}`, 'answer', ask(`"${who} ${n}"`)] as const),
          ],
        ),
      );
      await begin(server.address);
      for (const [who, got] of (await Promise.all(all)).entries()) {
        assert.deepEqual(got.go, ['got', 'go']);
        for (const n of numbers) assert.equal(got[n], `${who} ${n}`);
      }
    } finally {
      assert.equal(await server.stop(), 0);
    }
    assert.equal(server.program.stderr, '');
  });

  test('genuine ClientLites, our server: each gets its own answers', async () => {
    const server = await startOurServer(MET);
    try {
      const wait = `my $n = 0; until ($n == ${CLIENTS}) { $n = $c->call("interop/count"); select undef, undef, undef, 0.05 } $n`;
      const runs = numbers.map((who) =>
        runSteps(
          'lite',
          [
            ...addressWords(server.address),
            ...['--name', `L${who}`, '--timeout', `${PATIENCE}`],
            ...['--protocol', protocolOf(who), '--serialiser', serializerOf(who)],
          ],
          [
            ['here', 'call', '$c->post("interop/sink", 1)'],
            ['all are here', 'call', wait],
            ...numbers.map((n) => [`${n}`, 'call', `$c->call("interop/echo", "${who} ${n}")`] as const),
          ],
        ),
      );
      for (const [who, got] of (await Promise.all(runs)).entries()) {
        for (const n of numbers) assert.equal(got[n], `${who} ${n}`);
      }
    } finally {
      assert.equal(await server.stop(), 0);
    }
    assert.equal(server.program.stderr, '');
  });

  /** Holds everybody until all of them are there. */
  function meetingPoint(): () => Promise<void> {
    let open = (): void => {};
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    let here = 0;
    return () => {
      if (++here === CLIENTS) open();
      return opened;
    };
  }

  for (const transport of ['TCP', 'unix'] as const) {
    test(`our clients and ClientLites, genuine server, ${transport}: each gets its own answers`, async () => {
      const server = await startPerlServer({ ...MET, transport });
      try {
        for (const kind of ['client', 'lite'] as const) {
          const met = meetingPoint();
          const talk = async (who: number, call: (value: string) => Promise<unknown>): Promise<void> => {
            await met();
            const answers = await Promise.all(numbers.map((n) => call(`${who} ${n}`)));
            assert.deepEqual(
              answers,
              numbers.map((n) => `${who} ${n}`),
            );
          };
          await Promise.all(
            numbers.map((who) =>
              kind === 'client'
                ? withClient(
                    server.address,
                    { name: `Ours${who}`, protocol: protocolOf(who), serializers: [serializerOf(who)] },
                    (ikc) => talk(who, (value) => ikc.call(`${S}/echo`, value, { timeout: PATIENCE })),
                  )
                : withLite(
                    server.address,
                    { name: `Lite${who}`, protocol: protocolOf(who), serialiser: serializerOf(who) },
                    (lite) => talk(who, (value) => lite.call('interop/echo', value)),
                  ),
            ),
          );
        }
      } finally {
        await server.stop();
      }
      assert.equal(server.program.stderr, '');
    });
  }
});
