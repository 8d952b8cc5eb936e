import { once } from 'node:events';
import { kernel, Session } from 'poe-kernel';
import { SocketFactory } from 'poe-kernel/wheels';

Session.create({
  inlineStates: {
    _start({ kernel, heap }) {
      heap.listener = new SocketFactory({
        bindAddress: '127.0.0.1',
        bindPort: 0,
        reuse: 'yes',
        successEvent: 'accepted',
        failureEvent: 'failed',
      });
      const { address, port } = heap.listener.getsockname();
      console.log(`listening on ${address} port ${port > 0 ? 'given' : 'none'}`);
      heap.port = port;
      kernel.yield('connect');
    },
    connect({ heap }) {
      heap.connector = new SocketFactory({
        remoteAddress: '127.0.0.1',
        remotePort: heap.port,
        successEvent: 'connected',
        failureEvent: 'failed',
      });
      console.log(`wheel ids differ: ${heap.connector.id !== heap.listener.id ? 'yes' : 'no'}`);
    },
    connected({ kernel, heap }, socket, addr, port, id, ...more) {
      heap.c =
        `connected: address ${addr}, port is the listener's ${port === heap.port ? 'yes' : 'no'}, ` +
        `id mine ${id === heap.connector.id ? 'yes' : 'no'}, more args ${more.length}`;
      heap.near = socket;
      if (heap.far) kernel.yield('both');
    },
    accepted({ kernel, heap }, socket, addr, port, id, ...more) {
      heap.a =
        `accepted: address of ${addr.split('.').length} bytes ${addr}, ` +
        `id mine ${id === heap.listener.id ? 'yes' : 'no'}, more args ${more.length}`;
      heap.peerPort = port;
      heap.far = socket;
      if (heap.near) kernel.yield('both');
    },
    async both({ heap }) {
      console.log(`${heap.a}\n${heap.c}`);
      console.log(`peer port is the connector's: ${heap.near.localPort === heap.peerPort ? 'yes' : 'no'}`);
      heap.near.write('over the wire');
      await once(heap.far, 'readable');
      console.log(`far side read '${heap.far.read()}'`);
      heap.connector.destroy();
      heap.listener.destroy();
      console.log('wheels dropped');
    },
    failed(_, operation, _errno, text) {
      console.log(`failed: ${operation} ${text}`);
    },
    _stop() {
      console.log('stop');
    },
  },
});
await kernel.run();
