import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { constants } from 'node:os';
import { kernel } from 'poe-kernel';
import { ClientTCP, ServerTCP } from 'poe-kernel/components';

const probe = net.createServer().listen(0, '127.0.0.1');
await once(probe, 'listening');
const { port } = probe.address() as AddressInfo;
await once(probe.close(), 'close');
let otherPort: number | undefined;

function startServer(name: string, p: number): void {
  ServerTCP.create({
    alias: name,
    address: '127.0.0.1',
    port: p,
    started({ heap }) {
      if (name === 'other') otherPort = heap.listener.getsockname()?.port;
      console.log(`${name}: up`);
    },
    clientInput({ kernel, heap }, line) {
      console.log(`${name}: got ${line}`);
      heap.client.put(`${name} heard ${line}`);
      if (line === 'hang up') kernel.yield('shutdown');
    },
    clientDisconnected() {
      console.log(`${name}: client gone`);
    },
  });
}

const sessionId: number = ClientTCP.create({
  alias: 'client',
  remoteAddress: '127.0.0.1',
  remotePort: port,
  connectError({ kernel, heap }, op, errno) {
    console.log(`client: ${op} ${errno === constants.errno.ECONNREFUSED ? 'ECONNREFUSED' : errno}`);
    heap.errors = (heap.errors ?? 0) + 1;
    if (heap.errors === 2) startServer('main', port);
    kernel.delay('reconnect', 0.1);
  },
  connected({ kernel, heap, session }) {
    heap.connects = (heap.connects ?? 0) + 1;
    const n = heap.connects;
    console.log(
      `client: connected, time ${n}, same session: ${session.id === sessionId ? 'yes' : 'no'}, ` +
        `alias: ${kernel.aliasList()?.join(',')}`,
    );
    heap.server.put(n === 1 ? 'hang up' : `hello ${n}`);
  },
  serverInput({ kernel }, line) {
    console.log(`client: ${line}`);
    if (line === 'main heard hello 2') {
      startServer('other', 0);
      kernel.yield('connect', '127.0.0.1', otherPort);
    } else if (line.startsWith('other')) {
      kernel.yield('shutdown');
      for (const name of ['main', 'other']) kernel.post(name, 'shutdown');
    }
  },
  serverError(_, op, errno) {
    console.log(`client: error ${op} ${errno}`);
  },
  disconnected({ kernel, heap }) {
    console.log('client: disconnected');
    if (heap.connects === 1) kernel.delay('reconnect', 0.1);
  },
});
await kernel.run();
console.log('run returned');
