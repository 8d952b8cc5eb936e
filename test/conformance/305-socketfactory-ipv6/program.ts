import { constants } from 'node:os';
import { kernel, Session } from 'poe-kernel';
import { ReadWrite, SocketFactory } from 'poe-kernel/wheels';

const connector = (port: number) =>
  new SocketFactory({
    socketDomain: 'inet6',
    remoteAddress: '::1',
    remotePort: port,
    successEvent: 'connected',
    failureEvent: 'failed',
  });

/** Addresses are texts here and octets in Perl, where an IPv6 one has 16. */
const octets = (address: string) => (address.includes(':') ? 16 : 4);

Session.create({
  inlineStates: {
    _start({ heap }) {
      heap.report = {};
      heap.listener = new SocketFactory({
        socketDomain: 'inet6',
        bindAddress: '::1',
        bindPort: 0,
        reuse: 1,
        successEvent: 'accepted',
        failureEvent: 'failed',
      });
      const { port, address } = heap.listener.getsockname();
      console.log(`listening on ${address}`);
      heap.port = port;
      heap.connector = connector(port);
    },
    accepted({ heap }, socket, addr, port) {
      heap.report.accepted = `${octets(addr)} bytes, ${addr}, port ${port ? 'number' : 'none'}`;
      heap.server = new ReadWrite({ handle: socket, inputEvent: 'request', errorEvent: 'closed' });
      heap.listener.destroy();
    },
    connected({ heap }, socket, addr, port) {
      heap.report.connected = `${octets(addr)} bytes, ${addr}, port ${port === heap.port ? 'right' : 'wrong'}`;
      heap.connector.destroy();
      heap.client = new ReadWrite({ handle: socket, inputEvent: 'reply' });
      heap.client.put('hello six');
    },
    request({ heap }, line) {
      heap.server.put(line.toUpperCase());
    },
    reply({ heap }, line) {
      for (const who of Object.keys(heap.report).sort()) console.log(`${who}: ${heap.report[who]}`);
      console.log(`reply: ${line}`);
      heap.client.destroy();
    },
    closed({ heap }, op, errno) {
      console.log(`server side: ${op} ${errno}`);
      heap.server.destroy();
      heap.connector = connector(heap.port);
    },
    failed({ heap }, op, errno) {
      console.log(`failed: ${op} ${errno === constants.errno.ECONNREFUSED ? 'ECONNREFUSED' : errno}`);
      heap.connector.destroy();
    },
    _stop() {
      console.log('stop');
    },
  },
});
await kernel.run();
