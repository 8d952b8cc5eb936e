import { kernel, Session, type UdpHandle } from 'poe-kernel';
import { SocketFactory } from 'poe-kernel/wheels';

Session.create({
  inlineStates: {
    _start({ heap }) {
      heap.factory = new SocketFactory({
        socketProtocol: 'udp',
        bindAddress: '127.0.0.1',
        bindPort: 0,
        successEvent: 'server_ready',
        failureEvent: 'failed',
      });
      console.log('constructed');
    },
    server_ready({ kernel, heap }, socket: UdpHandle, addr, port, id) {
      console.log(
        `server ready: address ${addr !== undefined ? 'defined' : 'undef'}, ` +
          `port ${port !== undefined ? 'defined' : 'undef'}, id ${id === heap.factory.id ? 'mine' : 'other'}`,
      );
      heap.factory.destroy();
      heap.server = socket;
      heap.port = socket.getsockname()?.port;
      kernel.selectRead(socket, 'request');
      heap.client_factory = new SocketFactory({
        socketProtocol: 'udp',
        remoteAddress: '127.0.0.1',
        remotePort: heap.port,
        successEvent: 'client_ready',
        failureEvent: 'failed',
      });
    },
    client_ready({ kernel, heap }, socket: UdpHandle, addr, port) {
      console.log(
        `client ready: address ${addr ?? 'undef'}, port ${port !== undefined && port === heap.port ? "the server's" : 'other'}`,
      );
      heap.client_factory.destroy();
      heap.client = socket;
      kernel.selectRead(socket, 'reply');
      socket.send('ping 1');
    },
    request(_, socket: UdpHandle) {
      const from = socket.recv(1024);
      if (!from) return;
      const message = String(from.data);
      console.log(`request '${message}' from ${from.address}`);
      socket.send(message.replace('ping', 'pong'), from);
    },
    reply({ kernel, heap }, socket: UdpHandle) {
      const message = String(socket.recv(1024)?.data);
      console.log(`reply '${message}'`);
      const n = Number(/(\d+)/.exec(message)?.[1]);
      if (n < 3) {
        socket.send(`ping ${n + 1}`);
        return;
      }
      for (const each of [heap.client, heap.server]) {
        kernel.selectRead(each);
        each.close();
      }
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
