import { kernel, Session } from 'poe-kernel';
import { Client, Server } from 'poe-kernel/ikc';
import { startSecond, words } from '../../helpers/second-process.ts';

process.on('warning', () => {});

// What has been posted before everything is shut down: does it arrive, from both sides, and who is told?
function runServer(): number {
  const port = Server.spawn({ ip: '127.0.0.1', port: 0, name: 'Server' }) as number;
  Session.create({
    heap: { n: 0, octets: 0, isAlone: 0 },
    inlineStates: {
      _start({ kernel }) {
        kernel.aliasSet('desk');
        kernel.call('IKC', 'publish', 'desk', ['count', 'report', 'is_alone', 'flood']);
        kernel.call('IKC', 'monitor', '*', { shutdown: 'down', unregister: 'went', channel: 'channel' });
      },
      count({ heap }, x) {
        heap.n++;
        heap.octets += x.length;
      },
      report({ heap }) {
        console.log(`${heap.n} came, ${heap.octets} octets`);
        heap.n = 0;
        heap.octets = 0;
        return 'reported';
      },
      flood({ kernel }, n) {
        for (let k = 0; k < n; k++) kernel.post('IKC', 'post', 'poe://Client/me/count', 'x'.repeat(1000));
        kernel.post('IKC', 'post', 'poe://Client/me/last', 'the last one');
        kernel.post('IKC', 'shutdown');
      },
      channel(_, _asked, name, _real, _data, what) {
        if (name === 'Second') console.log(`channel of ${name}: ${what}`);
      },
      went({ heap }, _asked, name) {
        if (name !== 'Second') return;
        console.log(`went: ${name}`);
        heap.isAlone = 1;
      },
      // Whether the second one has gone.
      is_alone: ({ heap }) => heap.isAlone,
      down({ kernel }, ...args) {
        console.log(
          `down: ${args
            .slice(0, 3)
            .map((one) => one ?? 'undef')
            .join(' ')}`,
        );
        kernel.aliasRemove('desk');
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
    onConnect() {
      Session.create({
        heap: { n: 0 },
        inlineStates: {
          _start({ kernel }) {
            kernel.aliasSet('me');
            kernel.call('IKC', 'publish', 'me', ['count', 'last']);
            kernel.call('IKC', 'monitor', '*', { shutdown: 'down', unregister: 'gone', channel: 'channel' });
            kernel.yield('ask');
          },
          ask: ({ kernel }) => kernel.call('IKC', 'call', 'poe://Server/desk/is_alone', 1, 'poe:alone'),
          alone({ kernel }, isAlone) {
            if (isAlone) kernel.call('IKC', 'call', 'poe://Server/desk/report', 1, 'poe:reported');
            else kernel.delay('ask', 0.1);
          },
          reported({ kernel }, what) {
            console.log(what);
            kernel.post('IKC', 'post', 'poe://Server/desk/flood', 500);
          },
          count({ heap }) {
            heap.n++;
          },
          last: ({ heap }, what) => console.log(`${heap.n} came, and ${what}`),
          channel(_, _asked, name, _real, _data, what) {
            if (name === 'Server') console.log(`channel of ${name}: ${what}`);
          },
          gone({ kernel }, _asked, name) {
            if (name !== 'Server') return;
            console.log(`gone: ${name}`);
            kernel.post('IKC', 'shutdown');
          },
          down({ kernel }) {
            console.log('down');
            kernel.aliasRemove('me');
          },
          _stop: () => console.log('stops'),
        },
      });
    },
  });
}

// Posts much and shuts down at once.
function runSecond(port: number): void {
  Client.spawn({
    ip: '127.0.0.1',
    port,
    name: 'Second',
    onConnect() {
      Session.create({
        inlineStates: {
          _start({ kernel }) {
            kernel.call('IKC', 'monitor', '*', { shutdown: 'down', unregister: 'gone' });
            let sent = 0;
            for (let n = 0; n < 400; n++) {
              sent += kernel.call('IKC', 'post', 'poe://Server/desk/count', 'y'.repeat(2000));
            }
            console.log(`sent ${sent}`);
            kernel.call('IKC', 'call', 'poe://Server/desk/report', 1, 'poe:reported');
            kernel.call('IKC', 'shutdown');
            console.log('shut down');
            console.log(`after that: ${kernel.call('IKC', 'post', 'poe://Server/desk/count', 'z') ?? 'undef'}`);
          },
          reported: (_, what) => console.log(what),
          gone(_, _asked, name) {
            if (name === 'Server') console.log(`gone: ${name}`);
          },
          down: () => console.log('down'),
          _stop: () => console.log('stops'),
        },
      });
    },
  });
}

const [who, port] = words;
if (who === undefined) {
  const client = startSecond('client', runServer());
  await kernel.run();
  console.log('over');
  await client.print('client: ');
} else if (who === 'client') {
  await startSecond('second', Number(port)).print('second: ');
  runClient(Number(port));
  await kernel.run();
  console.log('over');
} else {
  runSecond(Number(port));
  await kernel.run();
  console.log('over');
}
