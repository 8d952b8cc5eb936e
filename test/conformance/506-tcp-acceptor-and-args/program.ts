import { once } from 'node:events';
import net, { type Socket } from 'node:net';
import { kernel, Session } from 'poe-kernel';
import { ServerTCP, type ServerTCPOptions } from 'poe-kernel/components';

const port: Record<string, number | undefined> = {};
ServerTCP.create({
  alias: 'raw',
  address: '127.0.0.1',
  port: 0,
  listenerArgs: ['l1', 'l2'],
  started({ heap }, ...args) {
    console.log(`raw: started with ${args.join(' ')}`);
    port.raw = heap.listener.getsockname()?.port;
  },
  acceptor({ heap }, socket, addr, _peerPort, wheel) {
    console.log(`raw: accepted from ${addr} in the server's session: ${heap.listener.id === wheel ? 'yes' : 'no'}`);
    (socket as Socket).end('handled by hand\n');
  },
});

let count = 0;
ServerTCP.create({
  alias: 'picky',
  address: '127.0.0.1',
  port: 0,
  clientArgs: ['c1', { k: 'v' }],
  started({ heap }, ...args) {
    console.log(`picky: started with ${args.length} args`);
    port.picky = heap.listener.getsockname()?.port;
  },
  clientPreConnect({ heap }, socket, args) {
    count++;
    console.log(`picky: preconnect ${count}, args ${args[0]} ${args[1].k}, ip ${heap.remoteIp}`);
    if (count === 1) return;
    return socket;
  },
  clientConnected({ heap }, ...args) {
    console.log(`picky: connected with ${args[0]} ${args[1].k} (${args.length})`);
    heap.client.put('come in');
  },
  clientInput({ kernel }, line) {
    console.log(`picky: ${line}`);
    kernel.yield('shutdown');
  },
  clientDisconnected() {
    console.log('picky: disconnected');
  },
});

const keep: Socket[] = [];
const said: string[] = [];
Session.create({
  inlineStates: {
    _start({ kernel }) {
      kernel.delay('step', 0.1, 1);
    },
    async step({ kernel }, n) {
      console.log(`-- step ${n}`);
      if (n <= 3) {
        const name = n === 1 ? 'raw' : 'picky';
        const socket = net.connect(Number(port[name]), '127.0.0.1');
        socket.on('data', (data) => {
          said[n - 1] = String(data);
        });
        keep.push(socket);
        await once(socket, 'connect');
        if (n === 3) socket.write(`client ${n}\n`);
      } else if (n === 4) {
        for (const i of [0, 1, 2]) console.log(`client ${i + 1}: ${(said[i] ?? 'closed').trimEnd()}`);
      } else {
        for (const name of ['raw', 'picky']) kernel.post(name, 'shutdown');
        return;
      }
      kernel.delay('step', 0.2, n + 1);
    },
  },
});
await kernel.run();

const bad: [string, Partial<ServerTCPOptions>][] = [
  ['nothing', {}],
  ['both', { acceptor() {}, clientInput() {} }],
  ['stray', { acceptor() {}, clientConnected() {} }],
];
for (const [label, options] of bad) {
  let outcome = 'accepted';
  try {
    ServerTCP.create({ port: 0, ...options });
  } catch {
    outcome = 'died';
  }
  console.log(`${label}: ${outcome}`);
}
