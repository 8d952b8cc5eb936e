import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { kernel, Session } from 'poe-kernel';
import { ListenAccept, ReadWrite } from 'poe-kernel/wheels';

const listen = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1');
await once(listen, 'listening');
const clients: Socket[] = [];
function connectOne(): Socket {
  const client = connect((listen.address() as AddressInfo).port, '127.0.0.1');
  clients.push(client);
  return client;
}

Session.create({
  inlineStates: {
    _start({ heap }) {
      heap.n = 0;
      heap.acceptor = new ListenAccept({ handle: listen, acceptEvent: 'accepted', errorEvent: 'failed' });
      const c = connectOne();
      c.write('hello\n');
    },
    accepted({ heap }, socket, peer, id, ...more) {
      const { port, address } = peer;
      console.log(
        `accepted: ${address}, port matches: ${port === clients.at(-1)?.localPort ? 'yes' : 'no'}, ` +
          `id ${id === heap.acceptor.id ? 'mine' : 'other'}, more args ${more.length}`,
      );
      heap.rw = new ReadWrite({ handle: socket, inputEvent: 'line', errorEvent: 'closed' });
    },
    line(_, line) {
      console.log(`line: ${line}`);
      clients.at(-1)?.destroy();
    },
    closed({ heap }, op, errno) {
      console.log(`closed: ${op} ${errno}`);
      heap.rw.destroy();
      const n = ++heap.n;
      if (n === 1) {
        heap.acceptor.event({ acceptEvent: 'acceptedAgain' });
        const c = connectOne();
        c.write('second\n');
      } else if (n === 2) {
        heap.acceptor.destroy();
        console.log(`listening socket still open: ${listen.listening ? 'yes' : 'no'}`);
        heap.acceptor = new ListenAccept({ handle: listen, acceptEvent: 'accepted' });
        const c = connectOne();
        c.write('third\n');
      } else heap.acceptor.destroy();
    },
    acceptedAgain({ kernel, session }, ...args) {
      console.log('accepted_again');
      kernel.call(session, 'accepted', ...args);
    },
    failed(_, operation) {
      console.log(`failed: ${operation}`);
    },
    _stop() {
      console.log('stop');
    },
  },
});
await kernel.run();
// In Perl it closes with the program.
listen.close();
