import { kernel, Session } from 'poe-kernel';
import { Client, Server } from 'poe-kernel/ikc';
import { startSecond, words } from '../../helpers/second-process.ts';

// A room with two guests, each a process of its own.
function runRoom(): number {
  const port = Server.spawn({ ip: '127.0.0.1', port: 0, name: 'Room' }) as number;
  Session.create({
    heap: { here: new Set<string>() },
    inlineStates: {
      _start({ kernel }) {
        kernel.aliasSet('room');
        kernel.call('IKC', 'publish', 'room', ['enter', 'say', 'whisper', 'leave']);
        kernel.call('IKC', 'monitor', '*', { unregister: 'gone' });
      },
      enter({ kernel, heap }, name) {
        heap.here.add(name);
        if (heap.here.size < 2) return;
        console.log('both are here');
        kernel.post('IKC', 'post', 'poe://Ann/guest/begin', 'Ann');
      },
      // To everybody, and to the own kernel, which has published nothing of the kind.
      say({ kernel }, what) {
        const sent = kernel.call('IKC', 'post', 'poe://*/guest/hear', what);
        console.log(`said to ${sent}: ${what}`);
        return sent;
      },
      // One guest calls another one through the room: what was asked for travels with the rsvp.
      whisper({ kernel }, [whom, what, rsvp]) {
        console.log(`whispered to ${whom}`);
        kernel.post('IKC', 'call', `poe://${whom}/guest/ear`, what, { state: 'echo', args: rsvp });
      },
      echo({ kernel }, answer, rsvp) {
        kernel.post('IKC', 'post', rsvp, answer);
      },
      leave({ kernel }, name) {
        kernel.post('IKC', 'post', `poe://${name}/guest/bye`, 'see you');
      },
      gone({ kernel, heap }, _asked, name) {
        if (!heap.here.delete(name)) return;
        console.log(`${name} has gone`);
        if (name === 'Ann') {
          kernel.post('IKC', 'post', 'poe://Bob/guest/begin', 'Bob');
          return;
        }
        kernel.aliasRemove('room');
        kernel.post('IKC', 'shutdown');
      },
    },
  });
  return port;
}

function runGuest(name: string, port: number): void {
  const other = name === 'Ann' ? 'Bob' : 'Ann';
  Client.spawn({
    ip: '127.0.0.1',
    port,
    name,
    onConnect() {
      Session.create({
        inlineStates: {
          _start({ kernel }) {
            kernel.aliasSet('guest');
            kernel.call('IKC', 'publish', 'guest', ['begin', 'hear', 'ear', 'echo', 'bye']);
            kernel.post('IKC', 'post', 'poe://Room/room/enter', name);
          },
          begin({ kernel }) {
            kernel.post('IKC', 'call', 'poe://Room/room/say', `hello, I am ${name}`, 'poe:heard');
          },
          hear(_, what) {
            console.log(`heard: ${what}`);
          },
          heard({ kernel }, sent) {
            console.log(`went to ${sent}`);
            if (name === 'Bob') {
              kernel.post('IKC', 'post', 'poe://Room/room/leave', name);
              return;
            }
            const rsvp = { kernel: name, session: 'guest', state: 'echo' };
            kernel.post('IKC', 'post', 'poe://Room/room/whisper', [other, 'psst', rsvp]);
          },
          ear(_, what) {
            console.log(`somebody whispers: ${what}`);
            return `${name} got ${what}`;
          },
          echo({ kernel }, echo) {
            console.log(`echo: ${echo}`);
            kernel.post('IKC', 'post', 'poe://Room/room/leave', name);
          },
          bye({ kernel }, what) {
            console.log(what);
            kernel.aliasRemove('guest');
            kernel.post('IKC', 'shutdown');
          },
        },
      });
    },
  });
}

const [name, port] = words;
if (name === undefined) {
  const room = runRoom();
  const guests = ['Ann', 'Bob'].map((guest) => [guest, startSecond(guest, room)] as const);
  await kernel.run();
  for (const [guest, process] of guests) await process.print(`${guest}: `);
} else {
  runGuest(name, Number(port));
  await kernel.run();
  console.log('run returned');
}
