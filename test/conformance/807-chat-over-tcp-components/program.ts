import { type Kernel, kernel, Session } from 'poe-kernel';
import { ClientTCP, ServerTCP } from 'poe-kernel/components';
import { Line } from 'poe-kernel/wheels';

let port: number | undefined;
const nick: Record<string, string> = {};
const room: Record<string, string> = {};
const sayRoom = (kernel: Pick<Kernel, 'post'>, r: string | undefined, text: string, except?: number) => {
  for (const id of Object.keys(nick).sort((a, b) => (String(nick[a]) < String(nick[b]) ? -1 : 1))) {
    if (room[id] !== r || (except !== undefined && Number(id) === except)) continue;
    kernel.post(Number(id), 'say', text);
  }
};
ServerTCP.create({
  alias: 'chat',
  address: '127.0.0.1',
  port: 0,
  clientFilter: [Line, { literal: '\n' }],
  concurrency: 2,
  started({ heap }) {
    port = heap.listener.getsockname()?.port;
    console.log(`concurrency ${heap.concurrency} connections ${heap.connections}`);
  },
  inlineStates: {
    say({ heap }, t) {
      if (heap.client) heap.client.put(t);
    },
  },
  clientConnected({ heap }) {
    heap.client.put('nick?');
  },
  clientInput({ kernel, session, heap }, line) {
    const id = session.id;
    if (nick[id] === undefined) {
      nick[id] = line;
      room[id] = 'hall';
      sayRoom(kernel, 'hall', `+${line}`);
      return;
    }
    const [, to] = /^\/join (\w+)/.exec(line) ?? [];
    if (to !== undefined) {
      sayRoom(kernel, room[id], `-${nick[id]}`, id);
      room[id] = to;
      sayRoom(kernel, to, `+${nick[id]}`);
    } else if (line === '/quit') {
      heap.client.put('bye');
      kernel.yield('shutdown');
    } else sayRoom(kernel, room[id], `<${nick[id]}> ${line}`);
  },
  clientDisconnected({ kernel, session }) {
    const id = session.id;
    const n = nick[id];
    delete nick[id];
    const r = room[id];
    delete room[id];
    if (n !== undefined) sayRoom(kernel, r, `-${n} (gone)`);
  },
});
let heard: string[] = [];
const client = (name: string) =>
  ClientTCP.create({
    alias: name,
    remoteAddress: '127.0.0.1',
    remotePort: port,
    filter: [Line, { literal: '\n' }],
    serverInput(_, l) {
      heard.push(`${name}: ${l}`);
    },
    serverError(_, _op, e) {
      heard.push(`${name}: error ${e}`);
    },
    disconnected() {
      heard.push(`${name}: disconnected`);
    },
    inlineStates: {
      send({ heap }, t) {
        if (heap.connected) heap.server.put(t);
        else heard.push(`${name}: not connected`);
      },
    },
  });
const script: ((() => void) | [who: string, text: string])[] = [
  () => {
    for (const n of ['ann', 'bob', 'cid']) client(n);
  },
  ['ann', 'ann'],
  ['bob', 'bob'],
  ['cid', 'cid'],
  ['ann', 'hello'],
  ['bob', '/join den'],
  ['bob', 'alone'],
  ['ann', '/join den'],
  ['ann', '/quit'],
  () => {},
  ['cid', '/join den'],
  ['bob', 'hi cid'],
  () => kernel.post('bob', 'shutdown'),
  () => kernel.post('chat', 'shutdown'),
  ['cid', 'still'],
  ['cid', '/quit'],
];
Session.create({
  inlineStates: {
    _start({ kernel }) {
      kernel.yield('step');
    },
    step({ kernel }) {
      for (const l of heard.sort()) console.log(`  ${l}`);
      heard = [];
      const s = script.shift();
      if (!s) return;
      if (typeof s === 'function') {
        console.log('step');
        s();
      } else {
        console.log(s.join(' '));
        kernel.post(s[0], 'send', s[1]);
      }
      kernel.delay('step', 0.25);
    },
  },
});
await kernel.run();
for (const l of heard.sort()) console.log(`  ${l}`);
