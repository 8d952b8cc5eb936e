import { type HandlerContext, kernel } from 'poe-kernel';
import { ClientTCP, ServerTCP } from 'poe-kernel/components';

class Commands {
  served = 0;

  cmd_time({ heap }: HandlerContext): void {
    this.served++;
    heap.client.put('time: teatime');
  }
  cmd_count({ heap }: HandlerContext): void {
    heap.client.put(`count: ${++this.served}`);
  }
}

// biome-ignore lint/complexity/noStaticOnlyClass: it stands for a package
class Helpers {
  static cmd_help({ object, heap }: HandlerContext): void {
    heap.client.put(`help from ${object.name}`);
  }
}

let port: number | undefined;
const connections: number[] = [];
const commands = new Commands();
ServerTCP.create({
  alias: 'server',
  address: '127.0.0.1',
  port: 0,
  started({ heap }) {
    port = heap.listener.getsockname()?.port;
  },
  clientConnected({ session }) {
    connections.push(session.id);
  },
  clientInput({ kernel, session }, line) {
    console.log(`server: ${line}`);
    kernel.call(session, `cmd_${line}`);
    if (line === 'slow') kernel.delay('slow_done', 0.1, 'result');
  },
  clientDisconnected({ kernel }) {
    console.log('server: gone');
    kernel.post('server', 'shutdown');
  },
  inlineStates: {
    slow_done({ heap }, result) {
      heap.client.put(`slow: ${result}`);
    },
    announce({ heap }, what) {
      heap.client.put(`announcement: ${what}`);
    },
    _default(_, event) {
      if (event.startsWith('cmd')) console.log(`server: no handler for ${event}`);
      return 0;
    },
  },
  objectStates: [[commands, ['cmd_time', 'cmd_count']]],
  packageStates: [[Helpers, { cmd_help: 'cmd_help' }]],
});

const say = ['time', 'help', 'count', 'slow', 'announce', 'odd', 'end'];
ClientTCP.create({
  remoteAddress: '127.0.0.1',
  remotePort: port,
  args: ['client arg'],
  started(_, arg) {
    console.log(`client: started with ${arg}`);
  },
  connected({ kernel }) {
    kernel.yield('next');
  },
  serverInput({ kernel }, line) {
    console.log(`client: ${line}`);
    kernel.yield('next');
  },
  inlineStates: {
    next({ kernel, heap }) {
      const word = say.shift();
      if (word === 'announce') {
        for (const connection of connections) kernel.post(connection, 'announce', 'to all');
      } else if (word === 'odd') {
        heap.server.put('odd');
        kernel.delay('next', 0.2);
      } else if (word === 'end') kernel.yield('shutdown');
      else heap.server.put(word);
    },
  },
});
await kernel.run();
console.log(`served ${commands.served}`);
