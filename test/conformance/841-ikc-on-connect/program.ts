import { kernel, Session } from 'poe-kernel';
import { Client, Server } from 'poe-kernel/ikc';
import { startSecond, words } from '../../helpers/second-process.ts';

const yesNo = (holds: unknown): string => (holds ? 'yes' : 'no');

// Whose child is a session that is made in onConnect?
function runServer(): number {
  const port = Server.spawn({ ip: '127.0.0.1', port: 0, name: 'Server' }) as number;
  Session.create({
    inlineStates: {
      _start({ kernel }) {
        kernel.aliasSet('desk');
        kernel.call('IKC', 'publish', 'desk', ['close']);
      },
      close({ kernel }) {
        kernel.aliasRemove('desk');
        kernel.post('IKC', 'shutdown');
      },
    },
  });
  return port;
}

interface Heap {
  client?: number;
  channel?: Session;
}

function runClient(port: number): void {
  Session.create({
    heap: {} as Heap,
    inlineStates: {
      _start({ kernel: mine, session, heap }) {
        mine.aliasSet('main');
        heap.client = Client.spawn({
          ip: '127.0.0.1',
          port,
          name: 'Client',
          onConnect() {
            const active = kernel.getActiveSession() as Session;
            const own = active !== session && active.id !== heap.client;
            console.log(`on_connect in a session of its own: ${yesNo(own)}`);
            heap.channel = active;
            Session.create({
              inlineStates: {
                _start({ kernel, sender }) {
                  kernel.aliasSet('child');
                  console.log(`child of the channel: ${yesNo(sender === heap.channel)}`);
                },
                _parent(_, old) {
                  console.log(`a new parent: from the channel ${yesNo(old === heap.channel)}`);
                },
                over({ kernel }) {
                  kernel.aliasRemove('child');
                },
                _stop() {
                  console.log('child stops');
                },
              },
            });
            kernel.post('main', 'connected');
          },
        });
        console.log(`a number: ${yesNo(Number.isInteger(heap.client))}`);
      },
      connected({ kernel }) {
        console.log(`the client has a name: ${yesNo(kernel.aliasResolve('IKC Client Client'))}`);
        kernel.delay('leave', 0.2);
      },
      leave({ kernel }) {
        kernel.post('IKC', 'post', 'poe://Server/desk/close', 1);
        kernel.post('child', 'over');
        kernel.delay('over', 0.3);
      },
      over({ kernel, heap }) {
        console.log(`the channel is still there: ${yesNo(kernel.idIdToSession(heap.channel?.id as number))}`);
        kernel.aliasRemove('main');
        kernel.post('IKC', 'shutdown');
      },
    },
  });
}

const [port] = words;
if (port === undefined) {
  const client = startSecond(runServer());
  await kernel.run();
  await client.print('client: ');
} else {
  runClient(Number(port));
  await kernel.run();
  console.log('client run returned');
}
