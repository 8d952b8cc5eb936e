import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { kernel, type SocketAddress } from 'poe-kernel';
import { MODE_READ } from '../../../core/host/handles.ts';
import type { HeldSockets } from '../../../core/host/sockets.ts';
import { whyNoIpv6 } from '../../helpers/ipv6.ts';

const { sockets } = kernel.host;
const held = sockets.held as HeldSockets;
const CLIENTS = 5;

async function client(address: SocketAddress): Promise<Socket> {
  const socket = address.family === 'unix' ? connect(address.path) : connect(address.port, address.address);
  await once(socket, 'connect');
  return socket;
}

for (const family of ['unix', 4, 6] as const) {
  describe(`a held socket, ${family === 'unix' ? family : `TCP over IPv${family}`}`, {
    skip: (family === 6 && whyNoIpv6()) || false,
  }, () => {
    test('takes connections that nobody accepts, and keeps them until somebody does', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'poe-held-'));
      const wanted: SocketAddress =
        family === 'unix'
          ? { family, path: join(folder, 'socket') }
          : { family, address: family === 4 ? '127.0.0.1' : '::1', port: 0 };
      const result = held.hold(wanted, {});
      assert.ok('ok' in result, JSON.stringify(result));
      const { address, descriptor } = result.ok;
      const clients = await Promise.all(Array.from({ length: CLIENTS }, () => client(address)));
      let closed = 0;
      for (const one of clients) one.on('close', () => closed++);
      await sleep(50);
      assert.equal(closed, 0);

      const listener = held.share(address, {});
      const port = listener as unknown as { watch(mode: number): void; close(): void };
      let accepted = 0;
      listener.onAccepted = () => accepted++;
      port.watch(MODE_READ);
      assert.equal(listener.open({ fd: descriptor }), undefined);
      for (let waits = 0; accepted < CLIENTS && waits < 200; waits++) await sleep(10);
      assert.equal(accepted, CLIENTS);
      for (const one of clients) one.destroy();
      port.close();
      sockets.releasePath(family === 'unix' ? join(folder, 'socket') : '');
      rmSync(folder, { recursive: true });
    });

    test('an address in use is a failure of bind', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'poe-held-'));
      const path = join(folder, 'socket');
      const server = createServer();
      if (family === 'unix') server.listen(path);
      else server.listen(0, family === 4 ? '127.0.0.1' : '::1');
      await once(server, 'listening');
      const own = server.address();
      const wanted: SocketAddress =
        typeof own === 'string' || own === null
          ? { family: 'unix', path }
          : { family: own.family === 'IPv6' ? 6 : 4, address: own.address, port: own.port };
      const result = held.hold(wanted, {});
      assert.ok('failed' in result);
      assert.deepEqual([result.failed.operation, result.failed.message], ['bind', 'Address already in use']);
      server.close();
      await once(server, 'close');
      rmSync(folder, { recursive: true });
    });
  });
}
