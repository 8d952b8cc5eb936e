import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { constants } from 'node:os';
import { kernel, Session } from 'poe-kernel';
import { Client, type OnError, Responder, Server } from 'poe-kernel/ikc';

// Trouble with sockets goes to onError, or to those who monitor everything.
const NAMES = ['EADDRINUSE', 'ECONNREFUSED', 'ENOENT', 'EACCES'] as const;
const symbol = (errno: number): string =>
  NAMES.find((name) => constants.errno[name] === errno) ?? (errno ? 'another' : 'none');

// A port that is taken, and one where nobody listens.
async function listening(): Promise<{ port: number; close: () => void }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}
const taken = await listening();
const free = await listening();
free.close();

Responder.spawn();
Session.create({
  inlineStates: {
    _start({ kernel }) {
      kernel.aliasSet('watch');
      kernel.call('IKC', 'monitor', '*', { error: 'error', data: 'monitor' });
      kernel.yield('step', 1);
    },
    step({ kernel }, n) {
      console.log(`-- step ${n}`);
      const ip = '127.0.0.1';
      const onError: OnError = (op, errno, text) =>
        console.log(`on_error: ${op} ${symbol(errno)}, a text: ${text ? 'yes' : 'no'}`);
      const onConnect = (): void => console.log('connected');
      if (n === 1) {
        const id = Client.spawn({ ip, port: free.port, name: 'C1', onError, onConnect });
        console.log(`a number: ${Number.isInteger(id) ? 'yes' : 'no'}`);
      } else if (n === 2) {
        Client.spawn({ ip, port: free.port, name: 'C2', onConnect });
      } else if (n === 3) {
        Client.spawn({ unix: `/tmp/there-is-no-such-${process.pid}/socket`, name: 'C3', onError, onConnect });
      } else if (n === 4) {
        const port = Server.spawn({ ip, port: taken.port, name: 'S4', onError });
        console.log(`spawn gave ${port === undefined ? 'undef' : 'a port'}`);
      } else if (n === 5) {
        Server.spawn({ ip, port: taken.port, name: 'S5' });
      } else {
        kernel.aliasRemove('watch');
        kernel.post('IKC', 'shutdown');
        taken.close();
        return;
      }
      kernel.delay('step', 0.2, n + 1);
    },
    error(_, name, who, _real, data, op, text) {
      const shown = text.replace(/^\[(\d+)\] .*/, (_: string, errno: string) => `[${symbol(Number(errno))}]`);
      console.log(`${data}: ${name} ${who} ${op} ${shown}`);
    },
  },
});
await kernel.run();
console.log('run returned');
