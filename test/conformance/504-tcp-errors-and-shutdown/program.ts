import { constants } from 'node:os';
import { kernel } from 'poe-kernel';
import { ClientTCP, ServerTCP } from 'poe-kernel/components';

let port: number | undefined;
function errname(n: number): string | number {
  return n === 0 ? 0 : n === constants.errno.ECONNREFUSED ? 'ECONNREFUSED' : 'other';
}

ServerTCP.create({
  alias: 'server',
  address: '127.0.0.1',
  port: 0,
  started({ heap }) {
    port = heap.listener.getsockname()?.port;
  },
  stopped() {
    console.log('server: stopped');
  },
  clientInput({ kernel, heap }, line) {
    console.log(`server: ${line}`);
    if (line === 'bye') {
      for (const n of [1, 2, 3]) heap.client.put(`line ${n}`);
      kernel.yield('shutdown');
    } else if (line === 'close the shop') {
      kernel.post('server', 'shutdown');
      kernel.delay('after', 0.2);
    }
  },
  clientError(_, op, errno) {
    console.log(`server: client error ${op} ${errname(errno)}`);
  },
  clientDisconnected() {
    console.log('server: client disconnected');
  },
  inlineStates: {
    after({ kernel, heap }) {
      console.log(`server: alias gone: ${kernel.aliasResolve('server') ? 'no' : 'yes'}`);
      heap.client.put('still talking');
    },
  },
});

function first(): void {
  ClientTCP.create({
    remoteAddress: '127.0.0.1',
    remotePort: port,
    connected({ heap }) {
      heap.server.put('bye');
    },
    serverInput(_, line) {
      console.log(`first: ${line}`);
    },
    serverError(_, op, errno) {
      console.log(`first: server error ${op} ${errname(errno)}`);
    },
    disconnected({ kernel }) {
      console.log('first: disconnected');
      kernel.delay('go_on', 0.1);
    },
    inlineStates: {
      go_on() {
        second();
      },
    },
  });
}

function second(): void {
  ClientTCP.create({
    remoteAddress: '127.0.0.1',
    remotePort: port,
    connected({ heap }) {
      heap.server.put('close the shop');
    },
    serverInput({ kernel, heap }, line) {
      console.log(`second: ${line}`);
      heap.server.put('last words');
      kernel.yield('shutdown');
    },
    disconnected({ kernel }) {
      console.log('second: disconnected');
      kernel.delay('go_on', 0.2);
    },
    inlineStates: {
      go_on() {
        third();
      },
    },
  });
}

function third(): void {
  ClientTCP.create({
    remoteAddress: '127.0.0.1',
    remotePort: port,
    serverInput() {},
    connected() {
      console.log('third: connected?');
    },
    connectError(_, op, errno) {
      console.log(`third: connect error ${op} ${errname(errno)}`);
    },
    disconnected() {
      console.log('third: disconnected?');
    },
  });
}
first();
await kernel.run();
console.log('run returned');
