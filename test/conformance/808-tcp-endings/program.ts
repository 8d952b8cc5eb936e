import { kernel, Session } from 'poe-kernel';
import { ClientTCP, ServerTCP } from 'poe-kernel/components';

let port: number | undefined;
const id = ServerTCP.create({
  address: '127.0.0.1',
  port: 0,
  concurrency: 1,
  started({ session: s, heap: h }) {
    port = h.listener.getsockname()?.port;
    console.log(`server session ${s.id} wheel ${h.listener.id} alias ${h.alias !== undefined ? 'def' : 'undef'}`);
  },
  clientConnected({ heap }) {
    console.log('server: connected');
    heap.client.put('welcome');
  },
  clientInput({ kernel: k, heap: h, session }, l, w) {
    console.log(`server: input ${l} ${w === h.client.id ? 1 : 0}`);
    if (l === 'kill') k.signal(session, 'KILL');
    else if (l === 'drop') {
      h.client.destroy();
    } else if (l === 'yield') {
      k.yield('unknown', 1);
      h.client.put('ok');
    } else h.client.put(`echo ${l}`);
  },
  clientError(_, ...a) {
    console.log(`server: error ${a[0]} ${a[1]} ${a.length}`);
  },
  clientFlushed() {
    console.log('server: flushed');
  },
  clientDisconnected(_, ...a) {
    console.log(`server: disconnected args ${a.length}`);
  },
});
console.log(`server id ${id}`);
const run: [name: string, ...lines: string[]][] = [
  ['plain', 'a', 'b'],
  ['kill', 'kill'],
  ['drop', 'drop'],
  ['yield', 'yield'],
];
function nextRun(): void {
  const r = run.shift();
  if (!r) {
    kernel.post(id, 'shutdown');
    return;
  }
  const [name, ...lines] = r;
  console.log(`-- ${name}`);
  const cid = ClientTCP.create({
    remoteAddress: '127.0.0.1',
    remotePort: port,
    started(_, ...a) {
      console.log(`client: started ${a.length}`);
    },
    connected(_, ...a) {
      console.log(`client: connected ${a.length}`);
    },
    serverInput({ kernel: k }, l) {
      console.log(`client: ${l}`);
      const n = lines.shift();
      if (n !== undefined) k.delay('say', 0.1, n);
      else k.delay('shutdown', 0.1);
    },
    serverError(_, op, e) {
      console.log(`client: error ${op} ${e}`);
    },
    serverFlushed() {
      console.log('client: flushed');
    },
    disconnected({ kernel }) {
      console.log('client: disconnected');
      kernel.delay('shutdown');
      kernel.delay('say');
      kernel.delay('again', 0.2);
    },
    inlineStates: {
      say({ kernel, heap }, l) {
        heap.server.put(l);
        if (l === 'drop') kernel.delay('shutdown', 0.3);
      },
      again() {
        console.log('client: again');
        nextRun();
      },
      _default() {},
    },
  });
  console.log(`client id ${cid}`);
}
Session.create({
  inlineStates: {
    _start() {
      nextRun();
    },
  },
});
await kernel.run();
console.log('done');
