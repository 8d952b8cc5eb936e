import { kernel, Session } from 'poe-kernel';
import { ClientTCP, ServerTCP } from 'poe-kernel/components';
import { Line, Reference, Stream } from 'poe-kernel/wheels';

// Servers of many parts: states of three kinds, arguments, filters for either direction, who is let in, errors that do not end a connection, and messages from other sessions.

class Commands {
  told = 0;
  cmd_count({ heap }: any) {
    this.told++;
    heap.client.put(`count ${this.told}`);
  }
  cmd_state({ state, heap, object }: any, ...args: any[]) {
    heap.client.put(`${state}(${args.join(' ')}) of ${object.constructor.name}`);
  }
}
// biome-ignore lint/complexity/noStaticOnlyClass: it stands for a package of Perl
class Helpers {
  static cmd_who({ heap, object }: any) {
    heap.client.put(`${object.name}: ${heap.args.map((arg: any) => arg ?? 'undef').join(', ')}`);
  }
  static renamed({ heap }: any) {
    heap.client.put('by another name');
  }
}

const port: Record<string, any> = {};
const told: string[] = [];
const connections: number[] = [];
let refuse = 0;
const commands = new Commands();

ServerTCP.create({
  alias: 'parts',
  address: '127.0.0.1',
  port: 0,
  concurrency: 1,
  listenerArgs: ['listener', 1],
  started({ kernel, session, heap }: any, ...args: any[]) {
    port.parts = heap.listener.getsockname()?.port;
    console.log(`started (${args.join(' ')}), alias ${kernel.aliasResolve('parts') === session ? 'set' : 'unset'}`);
  },
  stopped() {
    console.log('listener stopped');
  },
  clientArgs: ['a', undefined, 3],
  clientPreConnect({ heap }: any, socket: any, args: any) {
    console.log(
      `preconnect ${socket ? 'socket' : 'none'}, ${Array.isArray(args) ? 'ARRAY' : typeof args} of ${args.length}, client ${heap.client ? 'there' : 'not there'}`,
    );
    heap.args = args;
    return refuse-- > 0 ? undefined : socket;
  },
  clientConnected({ heap }: any, ...args: any[]) {
    console.log(`connected ${args.length}, from ${heap.remoteIp}, port ${heap.remotePort > 0 ? 'known' : 'unknown'}`);
  },
  clientInputFilter: new Line({ literal: ';' }),
  clientOutputFilter: [Line, { outputLiteral: '!\n', inputLiteral: 'x' }],
  clientInput({ kernel, session, heap }: any, line: any) {
    console.log(`input ${line}`);
    const [name, ...args] = line.split(' ');
    if (name === 'bye') {
      heap.client.put('bye');
      kernel.yield('shutdown');
      heap.client.put('more');
    } else if (name === 'later') kernel.delay('tick', 0.05, 2);
    else kernel.call(session, `cmd_${name}`, ...args);
  },
  clientFlushed({ heap }: any) {
    heap.flushed = (heap.flushed ?? 0) + 1;
  },
  clientDisconnected({ kernel, heap }: any) {
    console.log(
      `disconnected, client ${heap.client ? 'there' : 'gone'}, shutdown ${heap.shutdown ? 1 : 0}, error ${heap.gotAnError ? 1 : 0}`,
    );
    kernel.post('conductor', 'next');
  },
  clientError(_: any, operation: any, errno: any) {
    console.log(`error ${operation} ${errno}`);
  },
  inlineStates: {
    tick({ kernel, heap }: any, n: any) {
      heap.client.put(`tick ${n}`);
      if (n > 1) kernel.delay('tick', 0.05, n - 1);
    },
    cmd_flushed({ heap }: any) {
      heap.client.put(heap.flushed ? 'flushed before' : 'never flushed');
    },
  },
  objectStates: [
    [commands, { cmd_count: 'cmd_count', cmd_first: 'cmd_state' }],
    [commands, ['cmd_state']],
  ],
  packageStates: [
    [Helpers, ['cmd_who']],
    [Helpers, { cmd_other: 'renamed' }],
  ],
  sessionParams: { options: { default: 1 } },
});
ServerTCP.create({
  alias: 'mild',
  address: '127.0.0.1',
  port: 0,
  clientShutdownOnError: 0,
  clientFilter: Reference,
  started({ heap }: any) {
    port.mild = heap.listener.getsockname()?.port;
  },
  clientConnected({ session }: any) {
    connections.push(session.id);
  },
  clientInput({ heap }: any, data: any) {
    console.log(`data ${data.join(' ')}`);
    heap.client.put(data.map((n: number) => n * 2));
  },
  clientError({ kernel, heap }: any, operation: any, errno: any) {
    console.log(
      `mild error ${operation} ${errno}, client ${heap.client ? 'there' : 'gone'}, shutdown ${heap.shutdown || 0}, on error ${heap.shutdownOnError}`,
    );
    kernel.delay('say_goodbye', 0.05);
  },
  clientDisconnected({ kernel }: any) {
    console.log('mild disconnected');
    kernel.post('conductor', 'next');
  },
  inlineStates: {
    say_goodbye({ kernel, heap }: any) {
      console.log(`still there: ${heap.client ? 'yes' : 'no'}`);
      kernel.yield('shutdown');
    },
    tell({ heap }: any, ...args: any[]) {
      heap.client.put(args);
    },
  },
});

// A client that sends one text after the other, each when what it waits for has come, and tells what it has got at the end.
function converse(to: number, ...script: [string, RegExp][]) {
  ClientTCP.create({
    remoteAddress: '127.0.0.1',
    remotePort: to,
    filter: Stream,
    connected({ heap }: any) {
      heap.got = '';
      const first = script.shift();
      if (first) heap.server.put(first[0]);
      heap.until = first?.[1];
    },
    serverInput({ kernel, heap }: any, octets: any) {
      heap.got += String(octets);
      while (heap.until?.test(heap.got)) {
        const next = script.shift();
        if (!next) {
          delete heap.until;
          kernel.yield('shutdown');
          break;
        }
        heap.until = next[1];
        heap.server.put(next[0]);
      }
    },
    serverError() {},
    disconnected({ kernel, heap }: any) {
      told.push(`client got ${heap.got.replaceAll('\n', '|')}`);
      kernel.post('conductor', 'next');
    },
  });
}

const plan: [string, number, () => void][] = [
  [
    'states',
    2,
    () =>
      converse(
        port.parts,
        ['state x y;first;other', /first/],
        [';who;count;', /count 1/],
        ['flushed;later;', /tick 1/],
        ['bye;ignored;', /never/],
      ),
  ],
  [
    'refused',
    1,
    () => {
      refuse = 1;
      converse(port.parts, ['count;', /never/]);
    },
  ],
  ['a client that goes', 2, () => converse(port.parts, ['count;nothing', /count/])],
  [
    'one at a time',
    4,
    () => {
      for (let n = 1; n <= 2; n++) converse(port.parts, ['who;count;', /count/], ['bye;', /never/]);
    },
  ],
  [
    'a mild one',
    2,
    () => {
      ClientTCP.create({
        remoteAddress: '127.0.0.1',
        remotePort: port.mild,
        filter: Reference,
        alias: 'asker',
        connected({ heap }: any) {
          heap.server.put([1, 2], [3]);
        },
        serverInput({ kernel }: any, data: any) {
          console.log(`answer ${data.join(' ')}`);
          if (data[0] === 6) kernel.post(connections[0], 'tell', 'from', 'afar');
          if (data[0] === 'from') kernel.yield('shutdown');
        },
        disconnected({ kernel }: any) {
          console.log('asker disconnected');
          kernel.post('conductor', 'next');
        },
      });
    },
  ],
  [
    'the end',
    0,
    () => {
      for (const alias of ['parts', 'mild']) kernel.post(alias, 'shutdown');
      kernel.delay('check', 0.1);
    },
  ],
];
Session.create({
  inlineStates: {
    _start({ kernel }) {
      kernel.aliasSet('conductor');
      kernel.yield('next');
    },
    next({ heap }) {
      if (heap.ends && --heap.ends) return;
      for (const text of told.splice(0).sort()) console.log(text);
      const step = plan.shift();
      if (!step) return;
      heap.ends = step[1];
      console.log(`-- ${step[0]}`);
      step[2]();
    },
    check({ kernel }) {
      console.log(
        `parts ${kernel.aliasResolve('parts') ? 'there' : 'gone'}, mild ${kernel.aliasResolve('mild') ? 'there' : 'gone'}`,
      );
    },
    _child() {},
  },
});
await kernel.run();
