/** Sentences of the protocol, sections 1 to 7: connection, names, handshakes, frames and serializers. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Kernel } from 'poe-kernel';
import { Client, ClientLite, Responder } from 'poe-kernel/ikc';
import { Storable } from 'poe-kernel/wheels';
import { withPair } from '../../../helpers/ikc-pair.ts';
import { IkcPeer } from '../../../helpers/ikc-peer.ts';
import { TestServer, until } from '../../../helpers/ikc-server.ts';
import { withListener, withScene } from './scene.ts';

/** What a server says to lines, one after the other; a line that is not answered has none. */
async function answers(options: { protocol: 'IKC' | 'IKC0' }, ...lines: string[]): Promise<(string | undefined)[]> {
  let heard: (string | undefined)[] = [];
  await TestServer.use(options, async (server) => {
    const peer = await IkcPeer.connect(server);
    peer.say(...lines);
    // Behind them something that is always answered.
    peer.say('HELLO');
    const found: (string | undefined)[] = [];
    do found.push(await peer.line());
    while (!/^(IAM|SETUP)/.test(found.at(-1) ?? 'IAM'));
    heard = found;
    peer.end();
  });
  return heard.slice(0, -1);
}

describe('1 connection and lines', () => {
  test('lines are compared exactly: case matters, blanks at the end matter', async () => {
    assert.deepEqual(await answers({ protocol: 'IKC' }, 'hello', 'HELLO '), []);
    assert.deepEqual(await answers({ protocol: 'IKC0' }, 'setup KERNEL=A;FREEZER=Storable', 'Hello'), []);
  });

  test('genuine peers end every line with CR LF, all of them, always; so do ours', () =>
    TestServer.use({}, async (server) => {
      const peer = await IkcPeer.connect(server);
      const chunks: Buffer[] = [];
      peer.socket.on('data', (chunk: Buffer) => chunks.push(chunk));
      peer.write('HELLO\n');
      await peer.line();
      peer.write('OK\r');
      await peer.line();
      assert.match(Buffer.concat(chunks).toString(), /^(IAM [-.:\w]+\r\n){2}$/);
      peer.end();
    }));

  test('a connection has no compression: a frame begins with its length, and what it holds is the image', () =>
    withScene(async ({ peer }) => {
      const chunks: Buffer[] = [];
      peer.socket.on('data', (chunk: Buffer) => chunks.push(chunk));
      await peer.call('poe://Test/app/echo', 'x'.repeat(1000));
      assert.match(Buffer.concat(chunks).toString('latin1'), /^\d{4}\0[\s\S]*x{1000}/);
    }));
});

describe('2 names', () => {
  test('a server without a name has none: its ID and its address', async () => {
    await TestServer.use({ name: undefined, protocol: 'IKC' }, async (server) => {
      const peer = await IkcPeer.connect(server);
      peer.say('HELLO');
      assert.equal(await peer.line(), `IAM ${server.kernel.id}`);
      peer.say('OK');
      assert.equal(await peer.line(), `IAM 127.0.0.1:${server.port}`);
      peer.say('OK');
      assert.equal(await peer.line(), 'DONE');
      peer.end();
    });
  });

  test('a client without a name is called Client and process number', async () => {
    const registered: unknown[] = [];
    await withScene(async ({ server, ikc, got }) => {
      ikc('monitor', '*', { register: 'registered' });
      const kernel = new Kernel();
      const own = Responder.spawn({ kernel });
      Client.spawn({ kernel, ip: '127.0.0.1', port: server.port });
      const running = kernel.run();
      await until(
        () => got.length >= 3,
        () => JSON.stringify(got),
      );
      registered.push(...got.map(([, , name]) => name));
      own.shutdown();
      await running;
    });
    assert.equal(registered[1], `Client${process.pid}`);
  });

  test('a client adds to the names of the server the address that it dialled', async () => {
    const names: unknown[] = [];
    await TestServer.use({}, async (server) => {
      const kernel = new Kernel();
      const ikc = Responder.spawn({ kernel });
      let connected = (): void => {};
      const ready = new Promise<void>((resolve) => {
        connected = resolve;
      });
      Client.spawn({ kernel, ip: 'localhost', port: server.port, onConnect: connected });
      const running = kernel.run();
      await ready;
      assert.equal(await ikc.call(`poe://localhost:${server.port}/app/echo`, 'dialled'), 'dialled');
      names.push(await ikc.call(`poe://127.0.0.1:${server.port}/app/echo`, 'announced'));
      ikc.shutdown();
      await running;
    });
    assert.deepEqual(names, ['announced']);
  });

  test('a server over TCP adds the address of the client as it sees it; over unix nothing', async () => {
    await withScene(async ({ server, peer, ikc, got }) => {
      ikc('monitor', '*', { unregister: 'gone' });
      const { port } = peer.socket.address() as { port: number };
      peer.end();
      await until(
        () => got.length >= 2,
        () => JSON.stringify(got),
      );
      assert.deepEqual(
        got.map(([, , name]) => name),
        ['Peer', `127.0.0.1:${port}`],
      );
      assert.equal(server.warnings.length, 0);
    });
    const folder = mkdtempSync(join(tmpdir(), 'poe-kernel-unix-'));
    try {
      await withScene(
        async ({ peer, ikc, got }) => {
          ikc('monitor', '*', { unregister: 'gone' });
          peer.end();
          await until(
            () => got.length >= 1,
            () => JSON.stringify(got),
          );
          assert.deepEqual(
            got.map(([, , name]) => name),
            ['Peer'],
          );
        },
        { unix: join(folder, 's') },
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

test('2 names: over a unix socket a client has process and descriptor behind the path, and calls its server unix:n as well', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'poe-kernel-unix-'));
  const unix = join(folder, 's');
  try {
    await withScene(
      async ({ ikc, got }) => {
        ikc('monitor', '*', { register: 'registered' });
        const kernel = new Kernel();
        const own = Responder.spawn({ kernel });
        Client.spawn({ kernel, unix, name: 'Guest' });
        const running = kernel.run();
        await until(
          () => got.length >= 3,
          () => JSON.stringify(got),
        );
        const path = `unix:${unix.replace(/[^-.\w]+/g, '_')}`;
        assert.match(String(got[2]?.[2]), new RegExp(`^${path}:${process.pid}-\\d+$`));
        // The server knows of its client before the client has heard of it.
        const up = () => own.links().find(({ state }) => state === 'up');
        await until(
          () => up() !== undefined,
          () => JSON.stringify(own.links()),
        );
        assert.deepEqual(up()?.aliases, ['Test', path, 'unix:n']);
        own.shutdown();
        await running;
      },
      { unix },
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe('3 step-by-step handshake', () => {
  test('a server configured for IKC accepts the whole client side in one segment', () =>
    TestServer.use({ protocol: 'IKC' }, async (server) => {
      const peer = await IkcPeer.connect(server);
      peer.say('HELLO', 'OK', 'OK', 'OK', 'IAM Peer', 'DONE', 'FREEZER Storable', 'WORLD');
      const lines: (string | undefined)[] = [];
      while (lines.at(-1) !== 'UP') lines.push(await peer.line());
      assert.deepEqual(
        lines.map((line) => line?.split(' ')[0]),
        ['IAM', 'IAM', 'IAM', 'DONE', 'OK', 'OK', 'UP'],
      );
      assert.equal(await peer.call('poe://Test/app/echo', 1), 1);
      peer.end();
    }));

  test('FREEZER may be repeated; the last one that was accepted counts', () =>
    TestServer.use({ protocol: 'IKC' }, async (server) => {
      const peer = await IkcPeer.connect(server, 'FreezeThaw');
      peer.say('HELLO', 'OK', 'OK', 'OK', 'IAM Peer', 'DONE');
      peer.say('FREEZER Storable', 'FREEZER FreezeThaw', 'FREEZER No::Such', 'WORLD');
      const lines: (string | undefined)[] = [];
      while (lines.at(-1) !== 'UP') lines.push(await peer.line());
      assert.deepEqual(lines.slice(-4), ['OK', 'OK', 'NOT', 'UP']);
      assert.equal(await peer.call('poe://Test/app/echo', 'frozen'), 'frozen');
      peer.end();
    }));
});

describe('4 one-line handshake', () => {
  const ALL = 'Storable,FreezeThaw,POE::Component::IKC::Freezer';

  test('a client lists its names and its serializers by preference; ClientLite has one name and one serializer', () =>
    withListener(async (port, next) => {
      const kernel = new Kernel();
      const ikc = Responder.spawn({ kernel });
      Client.spawn({ kernel, ip: '127.0.0.1', port, name: 'Guest', aliases: ['One', 'Two'] });
      const running = kernel.run();
      const peer = await next();
      const own = `127.0.0.1:${peer.socket.remotePort}`;
      const { pid } = process;
      assert.equal(await peer.line(), `SETUP KERNEL=${kernel.id},Guest,One,Two,${own};FREEZER=${ALL};PID=${pid}`);
      ikc.shutdown();
      await running;
      const lite = ClientLite.spawn({ ip: '127.0.0.1', port, name: 'Lite', timeout: 1 });
      const second = await next();
      assert.equal(await second.line(), `SETUP KERNEL=Lite;FREEZER=Storable;PID=${pid}`);
      second.end();
      await lite;
    }));
});

describe('5 combinations', () => {
  test('the default is IKC0, for Server, Client and ClientLite', async () => {
    // Of the clients the first line above tells.
    await TestServer.use({}, async (server) => {
      const peer = await IkcPeer.connect(server);
      peer.say('SETUP KERNEL=Peer;FREEZER=Storable;PID=1');
      assert.match((await peer.line()) ?? '', /^SETUP KERNEL=/);
      peer.end();
    });
  });

  for (const client of ['IKC0', 'IKC'] as const) {
    for (const server of ['IKC0', 'IKC'] as const) {
      test(`client ${client}, server ${server}: they come to terms, with a kernel and with ClientLite`, async () => {
        await withPair(async ({ ikc }) => assert.equal(await ikc.call('poe://Test/app/echo', client), client), {
          protocol: client,
          server: { protocol: server },
        } as never);
        await TestServer.use({ protocol: server }, async ({ port }) => {
          const lite = await ClientLite.spawn({ ip: '127.0.0.1', port, protocol: client });
          assert.equal(await lite?.call('app/echo', 'lite'), 'lite');
          lite?.disconnect();
        });
      });
    }
  }

  test('greetings like HELLO IKC1 get NOT from both kinds', async () => {
    assert.deepEqual(await answers({ protocol: 'IKC' }, 'HELLO IKC1'), ['NOT']);
    assert.deepEqual(await answers({ protocol: 'IKC0' }, 'HELLO IKC1'), ['NOT']);
  });
});

describe('6 frames', () => {
  for (const protocol of ['IKC0', 'IKC'] as const) {
    test(`frames may arrive in the same segment as the last line of the handshake, ${protocol}`, () =>
      TestServer.use({ protocol }, async (server) => {
        const peer = await IkcPeer.connect(server);
        const question = peer.frame({
          event: 'poe://Test/app/echo',
          params: 'early',
          rsvp: { kernel: 'Peer', session: 'me', state: 'answer' },
        });
        const last = protocol === 'IKC0' ? 'SETUP KERNEL=Peer;FREEZER=Storable;PID=1\r\n' : 'WORLD\r\n';
        if (protocol === 'IKC') {
          peer.say('HELLO', 'OK', 'OK', 'OK', 'IAM Peer', 'DONE', 'FREEZER Storable');
          for (let n = 0; n < 6; n++) await peer.line();
        }
        peer.write(Buffer.concat([Buffer.from(last), question, question]));
        await peer.line();
        assert.deepEqual((await peer.message())?.params, 'early');
        assert.deepEqual((await peer.message())?.params, 'early');
        peer.end();
      }));
  }
});

test('6 frames: those that come with the last line are handled before register and channel are told, which are queued', () =>
  withScene(
    async ({ server, ikc, got }) => {
      ikc('monitor', '*', { register: 'register', channel: 'channel' });
      const peer = await IkcPeer.connect(server);
      const greeting = Buffer.from('SETUP KERNEL=Early;FREEZER=Storable;PID=1\r\n');
      peer.write(Buffer.concat([greeting, peer.frame({ event: 'poe://Test/desk/note', params: 1 })]));
      await until(
        () => got.length >= 5,
        () => JSON.stringify(got),
      );
      assert.deepEqual(
        got.map(([event]) => event),
        ['note', 'register', 'register', 'channel', 'channel'],
      );
      peer.end();
    },
    { publish: ['note'] },
  ));

describe('7 serializers', () => {
  test('Storable is written in network order and read in either byte order', () =>
    withScene(async ({ peer }) => {
      const message = {
        event: 'poe://Test/app/echo',
        params: [1.5, 'native'],
        rsvp: { kernel: 'Peer', session: 'me', state: 'answer' },
      };
      const image = Buffer.from(new Storable({ byteOrder: 'native' }).freeze(message));
      const chunks: Buffer[] = [];
      peer.socket.on('data', (chunk: Buffer) => chunks.push(chunk));
      peer.write(Buffer.concat([Buffer.from(`${image.length}\0`), image]));
      assert.deepEqual((await peer.message())?.params, ['1.5', 'native']);
      // The first octet of an image says its order: the lowest bit is network order.
      const came = Buffer.concat(chunks);
      assert.equal((came[came.indexOf(0) + 1] as number) & 1, 1);
    }));

  for (const name of ['YAML', 'Data::Dumper', 'JSON::PP', 'Sereal', 'Compress::Zlib', 'constructor']) {
    test(`${name} is refused in both handshakes`, async () => {
      await TestServer.use({}, async (server) => {
        const peer = await IkcPeer.connect(server);
        peer.say(`SETUP KERNEL=Peer;FREEZER=${name};PID=1`);
        assert.equal(await peer.line(), 'NOT');
        peer.end();
      });
      await TestServer.use({ protocol: 'IKC' }, async (server) => {
        const peer = await IkcPeer.connect(server);
        peer.say('HELLO', 'OK', 'OK', 'OK', 'IAM Peer', 'DONE', `FREEZER ${name}`);
        for (let n = 0; n < 5; n++) await peer.line();
        assert.equal(await peer.line(), 'NOT');
        peer.end();
      });
    });
  }
});
