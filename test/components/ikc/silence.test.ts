/** Peers that fall silent, and stay connected: at each step of each handshake, on both sides. Genuine peers wait for ever. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Kernel } from 'poe-kernel';
import { Client, ClientLite, type Protocol, Responder } from 'poe-kernel/ikc';
import { IkcPeer } from '../../helpers/ikc-peer.ts';
import { TestServer, until } from '../../helpers/ikc-server.ts';
import { withListener } from './protocol/scene.ts';

const SECONDS = 0.15;

/** Everything that the connecting side says, with each answer that it waits for; cut anywhere. */
const CLIENT_SAYS: { readonly [protocol in Protocol]: readonly string[] } = {
  IKC0: ['SETUP KERNEL=Silent;FREEZER=Storable;PID=1'],
  IKC: ['HELLO', 'OK', 'OK', 'OK', 'IAM Silent', 'IAM Other', 'DONE', 'FREEZER Storable', 'WORLD'],
};

/** Everything that the listening side says to a client of ours that has four names: its ID, its name, its address, an alias. */
const SERVER_SAYS: { readonly [protocol in Protocol]: readonly string[] } = {
  IKC0: ['SETUP KERNEL=Silent;FREEZER=Storable;PID=1'],
  IKC: ['IAM Silent', 'IAM Other', 'DONE', 'OK', 'OK', 'OK', 'OK', 'OK', 'UP'],
};

/** Steps at which a handshake can stop: whole lines, and in the middle of each. */
function* silences(lines: readonly string[]): Generator<[said: string, description: string]> {
  for (const [n, line] of lines.entries()) {
    const before = lines.slice(0, n).map((each) => `${each}\r\n`);
    yield [before.join(''), n === 0 ? 'at once' : `behind ${lines[n - 1]} (${n})`];
    yield [before.join('') + line.slice(0, 3), `in the middle of ${line} (${n + 1})`];
  }
}

for (const protocol of ['IKC0', 'IKC'] as const) {
  describe(`a server of protocol ${protocol} closes a client that falls silent`, () => {
    for (const [said, description] of silences(CLIENT_SAYS[protocol])) {
      test(description, () =>
        TestServer.use({ protocol, limits: { handshakeTimeout: SECONDS } }, async (server) => {
          const beSilent = async (): Promise<void> => {
            const peer = await IkcPeer.connect(server);
            if (said !== '') peer.write(said);
            await peer.closed();
            const [line] = await server.takeWarnings('POE_WARN_IKC_PEER_DROPPED', 1);
            assert.match(line ?? '', /^Closed the connection to 127\.0\.0\.1:\d+: no handshake within 0\.15 s/);
          };
          // What the first connection of all leaves behind is there for the next ones.
          await beSilent();
          const start = await server.atRest();
          await beSilent();
          await server.backTo(start);
        }),
      );
    }
  });

  describe(`of a server that falls silent, in a handshake of protocol ${protocol},`, { concurrency: 8 }, () => {
    for (const [said, description] of silences(SERVER_SAYS[protocol])) {
      test(`${description}, a client hears in time`, () =>
        withListener(async (port, next) => {
          const kernel = new Kernel();
          const ikc = Responder.spawn({ kernel });
          const errors: unknown[][] = [];
          let isConnected = false;
          Client.spawn({
            kernel,
            ip: '127.0.0.1',
            port,
            protocol,
            name: 'Ours',
            aliases: ['Alias'],
            limits: { handshakeTimeout: SECONDS },
            onConnect: () => {
              isConnected = true;
            },
            onError: (...error) => errors.push(error),
          });
          const running = kernel.run();
          const server = await next();
          if (said !== '') server.write(said);
          await until(
            () => errors.length > 0,
            () => 'nothing was told',
          );
          assert.deepEqual(
            errors.map(([operation]) => operation),
            ['handshake'],
          );
          assert.match(String(errors[0]?.[2]), /^no handshake within 0\.15 s/);
          await server.closed();
          assert.equal(isConnected, false);
          ikc.shutdown();
          await running;
        }));

      test(`${description}, a ClientLite gives up in time`, () =>
        withListener(async (port, next) => {
          const spawned = ClientLite.spawn({ ip: '127.0.0.1', port, protocol, connectTimeout: SECONDS });
          const server = await next();
          if (said !== '') server.write(said);
          assert.equal(await spawned, undefined);
          await server.closed();
        }));
    }
  });
}
