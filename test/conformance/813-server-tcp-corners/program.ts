import { kernel, Session } from 'poe-kernel';
import { ClientTCP, ServerTCP } from 'poe-kernel/components';

const port: Record<string, any> = {};
const log: string[] = [];
const note = (...x: unknown[]) => log.push(x.join(' '));
Session.create({
  inlineStates: {
    _start({ kernel }) {
      kernel.aliasSet('main');
      const id = ServerTCP.create({
        alias: 'numbers',
        address: '127.0.0.1',
        port: 0,
        listenerArgs: ['x', 'y'],
        started({ heap }, ...args) {
          port.numbers = heap.listener.getsockname()?.port;
          console.log(
            `started with ${args.join(' ')}, alias ${heap.alias}, connections ${heap.connections}, concurrency ${heap.concurrency}`,
          );
          return 'value of Started';
        },
        stopped({ heap }) {
          note(`server stopped, alias left: ${heap.alias || 'none'}`);
          return 'nobody sees this';
        },
        clientArgs: [10, [1, 2]],
        clientConnected({ kernel, heap, session, sender, state }, base, pair) {
          heap.base = base;
          note(
            `connected, args ${base} ${pair.join(' ')}, heap: ` +
              Object.keys(heap)
                .map((k) => k.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`))
                .sort()
                .map((k) => {
                  const c = k.replace(/_(.)/g, (_, x) => x.toUpperCase());
                  return `${k}=${k === 'client' ? 'POE::Wheel::ReadWrite' : k === 'remote_port' ? 'N' : heap[c]}`;
                })
                .join(' '),
          );
          note(`sender is ${sender === session ? 'itself' : sender === kernel ? 'kernel' : 'another'}, state ${state}`);
          heap.client.put(base);
          kernel.aliasSet(`connection ${session.id}`);
          kernel.post('main', 'child_here', session.id);
        },
        clientInput({ kernel, heap, state }, input, wid) {
          note(`input ${input} in state ${state}, wheel ${wid === heap.client.id ? 'ok' : 'wrong'}`);
          if (input === 'half') {
            heap.client.put('one');
            kernel.yield('shutdown');
            heap.client.put('two');
            return;
          }
          heap.client.put(Number(input) + heap.base);
          heap.client.put(Number(input) * 1.5);
        },
        clientFlushed({ heap }) {
          note(`flushed, shutdown ${heap.shutdown}`);
        },
        clientDisconnected({ heap, state }) {
          note(`disconnected in state ${state}, client still there: ${heap.client !== undefined ? 'yes' : 'no'}`);
        },
        clientError(_, op, errno) {
          note(`client error ${op} ${errno}`);
        },
        inlineStates: {
          from_outside({ heap }, text) {
            note(`from outside: ${text}`);
            heap.client.put(text);
          },
          _default(_, event, args) {
            if (!/^_/.test(event)) note(`default ${event} ${args.join(' ')}`);
          },
        },
      });
      console.log(
        `new returned ${kernel.aliasResolve('numbers')?.id === id ? 'the ID of the server' : 'something else'}`,
      );
    },
    _child({ kernel }, what, _session, value) {
      console.log(`_child ${what} ${value ?? 'undef'}`);
      if (what === 'create' && value === 'value of Started') kernel.yield('client');
    },
    child_here({ kernel }, id) {
      note(`connection has alias: ${kernel.aliasResolve(`connection ${id}`) ? 'yes' : 'no'}`);
      kernel.post(id, 'from_outside', 'hello from main');
      kernel.post(id, 'no_such_event', 1, 2);
    },
    client() {
      ClientTCP.create({
        alias: 'client',
        remoteAddress: '127.0.0.1',
        remotePort: port.numbers,
        args: ['a', 'b'],
        started(_, ...args) {
          return note(`client started with ${args.join(' ')}`);
        },
        connected(_, _socket, addr, p) {
          note(`client connected to ${addr}, port ${p === port.numbers ? 'ok' : 'wrong'}`);
        },
        serverInput({ heap }, l) {
          note(`client got ${l}`);
          if (l === 'hello from main') heap.server.put(4);
          else if (l === '6') heap.server.put('half');
        },
        disconnected({ heap }) {
          note(`client disconnected, connected ${heap.connected}, server ${heap.server ? 'there' : 'gone'}`);
        },
        serverError({ kernel }, op, errno) {
          note(`server error ${op} ${errno}`);
          kernel.post('main', 'finish');
        },
      });
    },
    finish({ kernel }) {
      kernel.delay('finish2', 0.2);
    },
    finish2({ kernel }) {
      kernel.call('numbers', 'shutdown');
      console.log(`alias of the server: ${kernel.aliasResolve('numbers') ? 'there' : 'gone'}`);
      kernel.aliasRemove('main');
    },
    _stop() {
      console.log('main stops');
    },
  },
});
await kernel.run();
for (const l of log.sort()) console.log(l);
