/** Much of everything, in all four pairings: 10,000 posts without waiting, 1 MiB there and back, 20 clients at once. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Kernel } from 'poe-kernel';
import { Client, ClientLite, Responder } from 'poe-kernel/ikc';
import { FREEZER_NAMES } from 'poe-kernel/wheels';
import { until } from '../helpers/ikc-server.ts';
import {
  type Address,
  addressWords,
  MEETINGS,
  runSteps,
  type ServerProgram,
  startOurServer,
  startPerlServer,
  whyNoIkc,
} from '../helpers/interop.ts';

const skip = whyNoIkc() ?? false;
const S = 'poe://Interop/interop';
const POSTS = 10_000;
const MEBIBYTE = 1_048_576;
const CLIENTS = 20;
/** Seconds: the machine may be busy. */
const PATIENCE = 60;
const MET = { transport: 'TCP', protocol: 'IKC0' } as const;

/** What says how much has come. */
const COUNT = `${S}/count`;

function place({ unix, port }: Address): { unix: string } | { ip: string; port: number } {
  return unix === undefined ? { ip: '127.0.0.1', port: port as number } : { unix };
}

async function withLite<T>(address: Address, options: object, act: (lite: ClientLite) => Promise<T>): Promise<T> {
  const lite = await ClientLite.spawn({ ...place(address), timeout: PATIENCE, ...options });
  assert.ok(lite, ClientLite.error());
  try {
    return await act(lite);
  } finally {
    lite.disconnect();
  }
}

/** A client of ours with a kernel of its own. */
async function withClient<T>(address: Address, options: object, act: (ikc: Responder) => Promise<T>): Promise<T> {
  const kernel = new Kernel();
  const ikc = Responder.spawn({ kernel });
  const connected = new Promise<void>((resolve, reject) => {
    Client.spawn({
      kernel,
      ...place(address),
      ...options,
      onConnect: () => resolve(),
      onError: (operation, _errno, text) => reject(new Error(`${operation}: ${text}`)),
    });
  });
  const running = kernel.run();
  try {
    await connected;
    return await act(ikc);
  } finally {
    ikc.shutdown();
    await running;
  }
}

describe(`${POSTS} posts, nobody waits in between, and none is lost`, { skip }, () => {
  for (const meeting of MEETINGS) {
    const { transport, protocol } = meeting;
    const words = ({ address }: ServerProgram): string[] => [...addressWords(address), '--protocol', protocol];

    async function serve(
      start: typeof startOurServer,
      act: (server: ServerProgram) => Promise<unknown>,
    ): Promise<void> {
      const server = await start(meeting);
      try {
        assert.equal(Number(await act(server)), POSTS);
      } finally {
        await server.stop();
      }
    }

    test(`genuine client, our server, ${transport}, ${protocol}`, () =>
      serve(startOurServer, async (server) => {
        const code = `post("${S}/sink", $_) for 1 .. ${POSTS}; ask("${COUNT}")`;
        const got = await runSteps('client', [...words(server), '--patience', `${PATIENCE}`], [['n', 'answer', code]]);
        return got.n;
      }));

    // The genuine one knows TCP only.
    if (transport === 'TCP') {
      test(`genuine ClientLite, our server, ${transport}, ${protocol}`, () =>
        serve(startOurServer, async (server) => {
          const code = `$c->post("interop/sink", $_) for 1 .. ${POSTS}; $c->call("interop/count")`;
          return (await runSteps('lite', [...words(server), '--timeout', `${PATIENCE}`], [['n', 'call', code]])).n;
        }));
    }

    test(`our client, genuine server, ${transport}, ${protocol}`, () =>
      serve(startPerlServer, ({ address }) =>
        withClient(address, { protocol }, (ikc) => {
          for (let n = 0; n < POSTS; n++) ikc.post(`${S}/sink`, n);
          return ikc.call(COUNT, null, { timeout: PATIENCE });
        }),
      ));

    test(`our ClientLite, genuine server, ${transport}, ${protocol}`, () =>
      serve(startPerlServer, ({ address }) =>
        withLite(address, { protocol }, async (lite) => {
          await Promise.all(Array.from({ length: POSTS }, (_, n) => lite.post('interop/sink', n)));
          return lite.call('interop/count');
        }),
      ));
  }
});

describe('1 MiB there and back, with every serializer', { skip }, () => {
  const servers: Record<'ours' | 'genuine', ServerProgram | undefined> = { ours: undefined, genuine: undefined };
  before(async () => {
    [servers.ours, servers.genuine] = await Promise.all([startOurServer(MET), startPerlServer(MET)]);
  });
  after(() => Promise.all([servers.ours?.stop(), servers.genuine?.stop()]));
  const address = (who: 'ours' | 'genuine'): Address => (servers[who] as ServerProgram).address;

  // Every octet there is, so that whatever a serializer has to escape is in it.
  const octets = Buffer.from(Array.from({ length: 256 }, (_, n) => n));
  const value = Buffer.alloc(MEBIBYTE, octets).toString('latin1');
  const perlValue = `join("", map { chr } 0 .. 255) x ${MEBIBYTE / 256}`;

  for (const serializer of FREEZER_NAMES) {
    test(`genuine client, our server, ${serializer}`, async () => {
      const words = [...addressWords(address('ours')), '--serializers', serializer, '--patience', `${PATIENCE}`];
      const got = await runSteps('client', words, [['value', 'answer', `ask("${S}/echo", ${perlValue})`]]);
      assert.ok(got.value === value);
    });

    test(`genuine ClientLite, our server, ${serializer}`, async () => {
      const words = [...addressWords(address('ours')), '--serialiser', serializer, '--timeout', `${PATIENCE}`];
      const got = await runSteps('lite', words, [['value', 'call', `$c->call("interop/echo", ${perlValue})`]]);
      assert.ok(got.value === value);
    });

    test(`our client, genuine server, ${serializer}`, () =>
      withClient(address('genuine'), { serializers: serializer }, async (ikc) => {
        assert.ok((await ikc.call(`${S}/echo`, value, { timeout: PATIENCE })) === value);
        // And so are structures, answers in list context, errors and posts to the sender.
        assert.deepEqual(await ikc.call(`${S}/echo`, [['b', null], []]), [['b', null], []]);
        const list = (await ikc.call(`${S}/list`, 3, { list: true })) as unknown[];
        assert.deepEqual(list.map(Number), [1, 2, 3]);
        await assert.rejects(ikc.call('poe://Interop/private/secret'), { stage: 'check' });
      }));

    test(`our ClientLite, genuine server, ${serializer}`, () =>
      withLite(address('genuine'), { serialiser: serializer }, async (lite) => {
        assert.ok((await lite.call('interop/echo', value)) === value);
      }));
  }
});

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
          [...addressWords(server.address), '--name', `C${who}`, '--patience', `${PATIENCE}`],
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
          [...addressWords(server.address), '--name', `L${who}`, '--timeout', `${PATIENCE}`],
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

  test('our clients and ClientLites, genuine server: each gets its own answers', async () => {
    const server = await startPerlServer(MET);
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
              ? withClient(server.address, { name: `Ours${who}` }, (ikc) =>
                  talk(who, (value) => ikc.call(`${S}/echo`, value, { timeout: PATIENCE })),
                )
              : withLite(server.address, { name: `Lite${who}` }, (lite) =>
                  talk(who, (value) => lite.call('interop/echo', value)),
                ),
          ),
        );
      }
    } finally {
      await server.stop();
    }
    assert.equal(server.program.stderr, '');
  });
});

const ask = (value: string): string => `ask("${S}/echo", ${value})`;
