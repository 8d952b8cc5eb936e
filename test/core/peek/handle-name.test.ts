import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { SimulatedHandle } from 'poe-kernel/testing';
import { handleName } from '../../../core/peek/handle-name.ts';

describe('handleName()', () => {
  for (const [host, shown] of [
    ['127.0.0.1', '127.0.0.1'],
    ['::1', '[::1]'],
  ] as const) {
    it(`shows the addresses of servers and sockets: ${host}`, async (t) => {
      const server = createServer();
      assert.equal(handleName(server), 'Server');
      server.listen(0, host);
      const listening = await Promise.race([once(server, 'listening'), once(server, 'error')]);
      if (listening.length > 0) return t.skip(`cannot listen on ${host}`);
      const { port } = server.address() as AddressInfo;
      assert.equal(handleName(server), `Server ${shown}:${port}`);
      const client = connect(port, host);
      assert.match(handleName(client), /^Socket/);
      const [accepted] = (await once(server, 'connection')) as [Socket];
      assert.equal(handleName(accepted), `Socket ${shown}:${port} to ${shown}:${accepted.remotePort}`);
      client.destroy();
      accepted.destroy();
      server.close();
      await once(server, 'close');
    });
  }

  it('shows the path of a unix socket', async () => {
    const path = join(tmpdir(), `handle-name-${process.pid}`);
    const server = createServer().listen(path);
    await once(server, 'listening');
    assert.equal(handleName(server), `Server ${path}`);
    server.close();
  });

  it('shows descriptors, and otherwise the class', () => {
    assert.equal(handleName({ fd: 5 }), 'Object fd 5');
    assert.equal(handleName(new SimulatedHandle()), 'SimulatedHandle');
    assert.equal(handleName(Object.create(null)), 'object');
  });
});
