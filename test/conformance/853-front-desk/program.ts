import { kernel } from 'poe-kernel';
import { ClientTCP, ServerTCP } from 'poe-kernel/components';

// A server whose connections send to each other by the IDs of their sessions; clients that come one after the other, and end in different ways.

let port: number | undefined;
const sessions = new Map<string, number>();
const visits: string[] = [];
const log = new Map<string, string[]>();
function note(who: string, words: string) {
  log.set(who, [...(log.get(who) ?? []), words]);
}

ServerTCP.create({
  alias: 'desk',
  address: '127.0.0.1',
  port: 0,
  listenerArgs: ['open', 'now'],
  started({ kernel, heap }, ...args) {
    port = heap.listener.getsockname()?.port;
    note('desk', `${args.join(' ')}, called ${kernel.aliasList()?.join(' ')}`);
  },
  stopped() {
    note('desk', 'closed');
  },
  clientArgs: [{ motto: 'be brief' }],
  clientConnected({ heap }, args) {
    heap.name = 'nobody';
    heap.client.put(`welcome, ${args.motto}`);
  },
  clientInput({ kernel, session, heap }, line) {
    const [, word, rest] = /^(\S+) ?(.*)$/.exec(line) ?? [];
    if (!kernel.call(session, `cmd_${word}`, rest)) heap.client.put(`what is ${word}?`);
  },
  inlineStates: {
    cmd_name({ session, heap }, name) {
      heap.name = name;
      sessions.set(name, session.id);
      heap.client.put(`hello ${name}`);
      return 1;
    },
    cmd_whisper({ kernel, heap }, rest) {
      const [, to = '', text] = /^(\S+) (.*)$/.exec(rest) ?? [];
      const told = kernel.post(sessions.get(to) ?? 'nobody', 'hear', heap.name, text);
      heap.client.put(told ? `told ${to}` : `${to} is not here`);
      return 1;
    },
    hear({ heap }, from, text) {
      heap.client?.put(`${from} says ${text}`);
    },
    cmd_bye({ kernel, heap }) {
      heap.client.put('bye');
      kernel.yield('shutdown');
      kernel.yield('shutdown');
      return 1;
    },
  },
  clientFlushed({ heap }) {
    heap.flushed = true;
  },
  clientError({ heap }, operation, errno) {
    note('desk', `${operation} error ${errno} of ${heap.name}`);
  },
  clientDisconnected({ kernel, heap }) {
    visits.push(heap.name);
    const served = heap.flushed ? 'was' : 'was not';
    const wheel = heap.client ? 'there' : 'gone';
    note('desk', `${heap.name} leaves, ${served} served, wheel is ${wheel}, error ${heap.gotAnError ? 'yes' : 'no'}`);
    if (visits.length === 3) kernel.post('desk', 'shutdown');
  },
});

function visitor(name: string, next: () => void, ...lines: string[]) {
  let then: (() => void) | undefined = next;
  ClientTCP.create({
    alias: name,
    remoteAddress: '127.0.0.1',
    remotePort: port as number,
    started({ heap }) {
      heap.lines = lines;
    },
    connected({ heap }) {
      note(name, `connected, ${heap.connected ? 'sure' : 'unsure'}`);
    },
    serverInput({ heap }, line) {
      note(name, `hears ${line}`);
      if (/ says /.test(line)) return;
      const say = heap.lines.shift();
      if (say !== undefined) {
        heap.server.put(say);
        return;
      }
      const go = then;
      then = undefined;
      go?.();
    },
    serverError(_, operation, errno) {
      note(name, `${operation} error ${errno}`);
    },
    disconnected({ kernel, heap }) {
      note(name, `is out, ${heap.server ? 'with' : 'without'} a wheel`);
      kernel.yield('shutdown');
    },
    inlineStates: {
      say({ heap }, text) {
        heap.server.put(text);
      },
    },
  });
}

function end() {
  kernel.post('Cid', 'shutdown');
  kernel.post('Ann', 'say', 'bye');
}
const cid = () => visitor('Cid', end, 'name Cid', 'whisper Ann me too', 'whisper Dan are you there');
const bob = () => visitor('Bob', cid, 'name Bob', 'whisper Ann hi there', 'bye');
visitor('Ann', bob, 'name Ann', 'dance');
await kernel.run();
for (const [who, lines] of [...log].sort(([a], [b]) => (a < b ? -1 : 1)))
  for (const line of lines) console.log(`${who}: ${line}`);
console.log(`visits: ${visits.join(' ')}`);
