import { kernel, Session } from 'poe-kernel';
import { Client, Server } from 'poe-kernel/ikc';
import { type SecondProcess, startSecond, words } from '../../helpers/second-process.ts';

let client: SecondProcess | undefined;

function runServer(): number {
  const port = Server.spawn({ ip: '127.0.0.1', port: 0, name: 'Server' }) as number;
  Session.create({
    heap: { register: {} as Record<string, string>, channel: {} as Record<string, number> },
    inlineStates: {
      _start({ kernel }) {
        kernel.aliasSet('watch');
        const events = ['register', 'unregister', 'channel', 'shutdown'];
        kernel.post('IKC', 'monitor', '*', Object.fromEntries(events.map((event) => [event, `on_${event}`])));
        kernel.post('IKC', 'monitor', 'Client', {
          register: 'client_register',
          unregister: 'client_unregister',
          data: 'my data',
        });
        kernel.call('IKC', 'publish', 'watch', ['hello']);
      },
      hello(_, from) {
        console.log(`hello ${from}`);
      },
      on_register({ heap }, name, kernelName, real, data, pid) {
        const who = real ? 'real' : /^127/.test(kernelName) ? 'address' : kernelName;
        heap.register[who] =
          `name ${name}, data ${data === undefined ? 'none' : 'given'}, ` +
          `pid is the client's: ${pid && pid === client?.pid ? 'yes' : 'no'}`;
      },
      client_register(_, name, kernelName, real, data) {
        console.log(`client_register: ${name}, ${kernelName}, real ${real ? 1 : 0}, ${data}`);
      },
      on_channel({ heap }, _name, _kernelName, real, _data, op, id) {
        if (real) heap.channel[op] ||= id;
      },
      client_unregister(_, _name, kernelName, _real, data) {
        console.log(`client_unregister: ${kernelName}, ${data}`);
      },
      on_unregister({ kernel }, _name, _kernelName, real) {
        if (real) kernel.delay('report', 0.3);
      },
      report({ kernel, heap }) {
        for (const who of Object.keys(heap.register).sort()) console.log(`register of ${who}: ${heap.register[who]}`);
        const one = heap.channel.ready === heap.channel.close;
        console.log(
          `channel events: ${Object.keys(heap.channel).sort().join(' ')}, one session: ${one ? 'yes' : 'no'}`,
        );
        kernel.post('IKC', 'shutdown');
      },
      on_shutdown({ kernel }, name, kernelName) {
        console.log(`on_shutdown: ${name} ${kernelName}`);
        kernel.aliasRemove('watch');
      },
    },
  });
  return port;
}

function runClient(port: number): void {
  Client.spawn({
    ip: '127.0.0.1',
    port,
    name: 'Client',
    aliases: ['Nickname'],
    onConnect() {
      Session.create({
        inlineStates: {
          _start({ kernel }) {
            kernel.post('IKC', 'post', 'poe://Server/watch/hello', 'from client');
            kernel.delay('leave', 0.3);
          },
          leave({ kernel }) {
            console.log('leaving');
            kernel.post('IKC', 'shutdown');
          },
        },
      });
    },
  });
}

const [port] = words;
if (port === undefined) {
  client = startSecond(runServer());
  await kernel.run();
  await client.print('client: ');
} else {
  runClient(Number(port));
  await kernel.run();
  console.log('client run returned');
}
