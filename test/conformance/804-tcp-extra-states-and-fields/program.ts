import { type HandlerContext, kernel } from 'poe-kernel';
import { ClientTCP, ServerTCP } from 'poe-kernel/components';

class Helper {
  n = 0;
  count({ object: self, heap }: HandlerContext, n: string): void {
    self.n += Number(n);
    heap.client.put(`count ${self.n}`);
  }
  static on_help({ heap, object }: HandlerContext): void {
    heap.client.put(`help from ${object.name}`);
  }
}
const log: string[] = [];
const helper = new Helper();
let port: number | undefined;
ServerTCP.create({
  alias: 'srv',
  address: '127.0.0.1',
  port: 0,
  listenerArgs: ['la', 2],
  clientArgs: [{ name: 'shared' }, 'x'],
  started({ heap }, ...a) {
    console.log(`started ${a.join(' ')} alias ${heap.alias}`);
    port = heap.listener.getsockname()?.port;
    heap.mine = 1;
  },
  stopped() {
    console.log('stopped');
  },
  inlineStates: {
    later({ heap }, x) {
      heap.client.put(`later ${x}`);
    },
  },
  objectStates: [[helper, ['count']]],
  packageStates: [[Helper, { help: 'on_help' }]],
  clientConnected({ heap }, ...a) {
    heap.client.put(`hi ${a[0].name} ${a[1]} ${a.length} ${heap.remoteIp} ${Number(heap.remotePort) > 0 ? 1 : 0}`);
  },
  clientInput({ kernel, heap }, line) {
    const [, n] = /^count (\d+)/.exec(line) ?? [];
    if (n !== undefined) kernel.yield('count', n);
    else if (line === 'help') kernel.yield('help');
    else if (line === 'later') kernel.delaySet('later', 0.1, 'arg');
    else if (line === 'quit') {
      heap.client.put('bye');
      kernel.yield('shutdown');
      heap.client.put('really');
    } else heap.client.put(`what? ${line} shutdown=${heap.shutdown ? 1 : 0} on_error=${heap.shutdownOnError ? 1 : 0}`);
  },
  clientFlushed() {
    log.push('server flushed');
  },
  clientDisconnected({ heap }) {
    log.push(
      `server disconnected ${heap.client ? 'client there' : 'client gone'} ${heap.gotAnError ? 'error' : 'no error'}`,
    );
  },
});
const say = ['count 2', 'help', 'nonsense', 'later', 'count 5', 'quit'];
ClientTCP.create({
  remoteAddress: '127.0.0.1',
  remotePort: port,
  args: ['ca', 'cb'],
  alias: 'cli',
  started({ heap }, ...a) {
    console.log(`client started ${a.join(' ')} connected=${heap.connected ? 1 : 0}`);
  },
  connected({ heap }, _socket, addr, p) {
    console.log(
      `connected ${addr} ${p === port ? 1 : 0} POE::Wheel::${heap.server.constructor.name} ${heap.connected}`,
    );
  },
  serverInput({ heap }, line) {
    console.log(`got: ${line}`);
    const next = say.shift();
    if (next) heap.server.put(next);
  },
  serverError(_, op, e) {
    console.log(`client error ${op} ${e}`);
  },
  disconnected({ kernel, heap }) {
    console.log(`disconnected ${heap.server ? 'there' : 'gone'} connected=${heap.connected}`);
    kernel.post('srv', 'shutdown');
    kernel.delay('fin', 0.1);
  },
  inlineStates: {
    fin({ kernel }) {
      console.log(`fin alias ${kernel.aliasList()?.join(',') || 'none'}`);
    },
  },
});
await kernel.run();
for (const l of log) console.log(l);
