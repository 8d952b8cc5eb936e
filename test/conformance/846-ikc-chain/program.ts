import { kernel, Session } from 'poe-kernel';
import { Client, Server } from 'poe-kernel/ikc';
import { startSecond, words } from '../../helpers/second-process.ts';

// Three kernels in a row. The one at the end is called as the one at the beginning, and the one between them knows both.
function runTop(): number {
  const port = Server.spawn({ ip: '127.0.0.1', port: 0, name: 'Top' }) as number;
  Session.create({
    inlineStates: {
      _start({ kernel }) {
        kernel.aliasSet('desk');
        kernel.call('IKC', 'publish', 'desk', ['who', 'close']);
      },
      who(_, what) {
        console.log(`asked by ${what}`);
        return `the first one, to ${what}`;
      },
      close({ kernel }) {
        console.log('closes');
        kernel.aliasRemove('desk');
        kernel.post('IKC', 'shutdown');
      },
    },
  });
  return port;
}

function runMiddle(top: number): void {
  const port = Server.spawn({ ip: '127.0.0.1', port: 0, name: 'Middle' }) as number;
  Session.create({
    heap: { leaf: '', isOver: false },
    inlineStates: {
      _start({ kernel }) {
        kernel.aliasSet('desk');
        kernel.call('IKC', 'publish', 'desk', ['ask', 'tell', 'back', 'close']);
        kernel.call('IKC', 'monitor', '*', { error: 'error', unregister: 'gone' });
      },
      // What is asked for travels with the rsvp, and the answer goes where it says.
      ask({ kernel }, [what, rsvp]) {
        console.log(`passes on: ${what}`);
        kernel.post('IKC', 'call', 'poe://Top/desk/who', what, { state: 'back', args: rsvp });
      },
      back({ kernel }, answer, rsvp) {
        console.log(`passes back to ${kernel.call('IKC', 'post', rsvp, answer)}: ${answer}`);
      },
      tell({ kernel }, what) {
        console.log(`tells ${kernel.call('IKC', 'post', 'poe://*/guest/hear', what)}`);
      },
      close({ kernel, heap }, id) {
        heap.leaf = id;
        console.log(`has Top close: ${kernel.call('IKC', 'post', 'poe://Top/desk/close')}`);
      },
      error(_, _name, _kernel, _real, _data, operation, text) {
        if (operation.startsWith('channel')) return;
        console.log(`${operation}: ${text.replace(/\s+Request.*/, '').replace(/^\d+/, 'PID')}`);
      },
      gone({ kernel, heap }, _asked, name) {
        if (heap.isOver || name !== 'Top') return;
        heap.isOver = true;
        kernel.delay('left', 0.1);
      },
      left({ kernel, heap }) {
        console.log(`without the first: ${kernel.call('IKC', 'post', 'poe://Top/guest/hear', 'anybody?')}`);
        console.log(`by its ID: ${kernel.call('IKC', 'post', `poe://${heap.leaf}/guest/bye`, 'bye')}`);
        kernel.aliasRemove('desk');
        kernel.delay('end', 0.2);
      },
      end({ kernel }) {
        kernel.post('IKC', 'shutdown');
      },
    },
  });
  const leaf = new Promise<ReturnType<typeof startSecond>>((resolve) => {
    const onConnect = (): void => resolve(startSecond('leaf', port));
    Client.spawn({ ip: '127.0.0.1', port: top, name: 'Middle', onConnect });
  });
  void kernel.run().then(async () => {
    console.log('middle: over');
    await (await leaf).print('leaf: ');
  });
}

function runLeaf(port: number): void {
  const onConnect = (): void => {
    const own = kernel.id;
    const steps: [event: string, params: unknown][] = [
      // By its name the answer would come to the other kernel of that name.
      ['ask', ['one', { kernel: 'Top', session: 'guest', state: 'hear' }]],
      ['ask', ['two', { kernel: own, session: 'guest', state: 'hear' }]],
      ['tell', 'everybody'],
      ['close', own],
    ];
    Session.create({
      inlineStates: {
        _start({ kernel }) {
          kernel.aliasSet('guest');
          kernel.call('IKC', 'publish', 'guest', ['hear', 'bye']);
          // The own name means the own kernel, whoever else has it.
          console.log(`to itself: ${kernel.call('IKC', 'post', 'poe://Top/guest/hear', 'myself')}`);
          kernel.yield('step');
        },
        step({ kernel }) {
          const next = steps.shift();
          if (next === undefined) return;
          kernel.post('IKC', 'post', `poe://Middle/desk/${next[0]}`, next[1]);
          kernel.delay('step', 0.6);
        },
        hear(_, what) {
          console.log(`hears: ${what}`);
        },
        bye({ kernel }, what) {
          console.log(what);
          kernel.aliasRemove('guest');
          kernel.post('IKC', 'shutdown');
        },
      },
    });
  };
  Client.spawn({ ip: '127.0.0.1', port, name: 'Top', onConnect });
}

const [role, port] = words;
if (role === undefined) {
  const middle = startSecond('middle', runTop());
  await kernel.run();
  await middle.print('');
} else if (role === 'middle') runMiddle(Number(port));
else {
  runLeaf(Number(port));
  await kernel.run();
  console.log('over');
}
