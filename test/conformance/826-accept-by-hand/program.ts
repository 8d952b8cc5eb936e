import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { kernel, Session } from 'poe-kernel';

// A counting service with nothing but selectRead and selectWrite: it accepts, reads and writes by itself.

const listener = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1');
await once(listener, 'listening');
const { port } = listener.address() as AddressInfo;

Session.create({
  inlineStates: {
    _start({ kernel, heap }) {
      heap.served = 0;
      heap.out = new Map();
      kernel.selectRead(listener, 'knock', 'at the door');
    },
    knock({ kernel, heap }, handle, mode, where) {
      const socket = kernel.host.sockets.accept(handle)?.socket as Socket | undefined;
      if (socket === undefined) return console.log('nobody there');
      heap.served++;
      console.log(`visitor ${heap.served} ${where}, mode ${mode}, of ${socket.remoteAddress}`);
      kernel.selectRead(socket, 'said', heap.served);
    },
    said({ kernel, heap }, socket, _mode, number) {
      const octets = socket.read();
      if (octets === null) {
        console.log(`visitor ${number} has gone`);
        kernel.select(socket);
        socket.destroy();
        if (number === 2) {
          kernel.selectRead(listener);
          console.log('closed for today');
        }
        return;
      }
      const text = String(octets).trimEnd();
      console.log(`visitor ${number} says ${text}`);
      const lines = Array.from({ length: Number(text) }, (_, index) => `${number}.${index + 1}\n`);
      heap.out.set(socket, lines.join(''));
      kernel.selectWrite(socket, 'answer');
    },
    answer({ kernel, heap }, socket, mode) {
      const text = heap.out.get(socket);
      heap.out.delete(socket);
      if (text === undefined) {
        console.log('nothing left to write');
        kernel.selectWrite(socket);
        socket.end();
        return;
      }
      console.log(`writing ${text.length} octets, mode ${mode}`);
      socket.write(text);
    },
    _stop() {
      console.log('service ends');
    },
  },
});

function visitor(name: string, count: number, next?: () => void) {
  Session.create({
    inlineStates: {
      _start({ kernel, heap }) {
        const socket = connect(port, '127.0.0.1');
        heap.got = '';
        kernel.selectRead(socket, 'heard');
        socket.write(`${count}\n`);
      },
      heard({ kernel, heap }, socket) {
        const text = socket.read();
        if (text !== null) {
          heap.got += text;
          return;
        }
        console.log(`${name} heard ${heap.got.trimEnd().split('\n').join(' ')}`);
        kernel.selectRead(socket);
        socket.destroy();
        next?.();
      },
      _stop() {
        console.log(`${name} leaves`);
      },
    },
  });
}

visitor('Ann', 3, () => visitor('Bob', 1));
await kernel.run();
listener.close();
console.log('done');
