/** Our client program works through its script, against a genuine server and against ours. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { describe, test } from 'node:test';
import { ClientLite } from 'poe-kernel/ikc';
import {
  addressWords,
  MEETINGS,
  results,
  type ServerProgram,
  startOurServer,
  startOurs,
  startPerlServer,
  whyNoIkc,
} from '../helpers/interop.ts';
import { ERRORS, PLAYED, REPORTED, withoutIds } from './contract.ts';

/** Runs the client program; both sides are to say nothing on standard error. */
async function runClient(server: ServerProgram, protocol: string): Promise<void> {
  const client = startOurs('client', [...addressWords(server.address), '--protocol', protocol]);
  assert.equal(await client.ended(), 0, client.stderr);
  assert.equal(client.stderr, '');
}

for (const meeting of MEETINGS) {
  const { transport, protocol } = meeting;
  // Every pair of protocols over TCP, equal ones over unix.
  for (const clientProtocol of transport === 'TCP' ? (['IKC0', 'IKC'] as const) : [protocol]) {
    const how = `${transport}, client ${clientProtocol}, server ${protocol}`;

    test(`client program, genuine server, ${how}: every label`, { skip: whyNoIkc() ?? false }, async () => {
      const server = await startPerlServer(meeting);
      try {
        await runClient(server, clientProtocol);
        await server.program.ended();
        const { reported, played, errors, seen } = withoutIds(results(server.program)) as Record<string, unknown[][]>;
        assert.deepEqual(reported, REPORTED);
        assert.deepEqual(played, PLAYED);
        assert.deepEqual(
          errors?.map(([, , , operation, text]) => [operation, text]),
          ERRORS,
        );
        // Everything was delivered before the client left, and it left properly.
        assert.deepEqual(
          seen
            ?.filter(([, name]) => name === 'InteropClient')
            .filter(([, , , operation]) => !/^remote/.test(String(operation))),
          [
            ['register', 'InteropClient', 0],
            ['channel', 'InteropClient', 0, 'ready'],
            ['error', 'InteropClient', 0, 'channel-read', '[0] '],
            ['channel', 'InteropClient', 0, 'close'],
            ['unregister', 'InteropClient', 0],
          ],
        );
      } finally {
        await server.stop();
      }
    });

    test(`client program, our server, ${how}: every label`, async () => {
      const server = await startOurServer(meeting);
      const { address } = server;
      try {
        await runClient(server, clientProtocol);
        const lite = await ClientLite.spawn(address.unix === undefined ? { ip: '127.0.0.1', ...address } : address);
        assert.ok(lite, ClientLite.error());
        const seen = withoutIds(await lite.call('interop/seen')) as unknown[][];
        lite.disconnect();
        const { reported, played } = withoutIds(results(server.program)) as Record<string, unknown[][]>;
        assert.deepEqual(reported, REPORTED);
        assert.deepEqual(played, PLAYED);
        assert.deepEqual(
          seen
            .filter(([event, , , operation]) => event === 'error' && /^remote/.test(String(operation)))
            .map(([, , , ...error]) => error),
          ERRORS,
        );
      } finally {
        assert.equal(await server.stop(), 0);
      }
      assert.equal(server.program.stderr, '');
    });
  }
}

test('client program ends with status 1 and a reason if the server goes, or is none', async () => {
  const server = await startOurServer({ transport: 'TCP', protocol: 'IKC0' });
  const client = startOurs('client', addressWords(server.address));
  const lite = await ClientLite.spawn({ ip: '127.0.0.1', port: server.address.port as number });
  while (!JSON.stringify(await lite?.call('interop/seen')).includes('InteropClient')) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  server.program.kill();
  lite?.disconnect();
  assert.equal(await client.ended(), 1);
  assert.match(client.stderr, /the connection has ended|: disconnect|the link .* lost/i);
  await server.stop();
  const late = startOurs('client', addressWords(server.address));
  assert.equal(await late.ended(), 1);
  assert.match(late.stderr, /^connect error \d+: Connection refused\n$/);
});

describe('server program', () => {
  test('says where it listens on a port, and ends with status 0 on SIGTERM', async () => {
    const server = await startOurServer({ transport: 'TCP', protocol: 'IKC0' });
    assert.match(server.greeting, /^# listening 127\.0\.0\.1:\d+$/);
    assert.equal(await server.stop(), 0);
  });

  test('says where it listens on a path, and takes the path away on SIGTERM', async () => {
    const server = await startOurServer({ transport: 'unix', protocol: 'IKC0' });
    const path = server.address.unix as string;
    assert.equal(server.greeting, `# listening ${path}`);
    assert.equal(existsSync(path), true);
    assert.equal(await server.program.terminate(), 0);
    assert.equal(existsSync(path), false);
    await server.stop();
  });

  test('ends with status 0 on SIGTERM while clients are connected', async () => {
    const server = await startOurServer({ transport: 'TCP', protocol: 'IKC0' });
    const lite = await ClientLite.spawn({ ip: '127.0.0.1', port: server.address.port as number });
    assert.equal(await lite?.call('interop/echo', 'x'), 'x');
    assert.equal(await server.stop(), 0);
    assert.equal(await lite?.call('interop/echo', 'x'), undefined);
    lite?.disconnect();
  });
});
