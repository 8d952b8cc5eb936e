import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { kernel, Session } from 'poe-kernel';
import { SocketFactory } from 'poe-kernel/wheels';

const clients: Socket[] = [];

/** Runs `code` and says whether it warned with that text. */
async function warned(text: RegExp, code: () => void): Promise<string> {
  const warning = once(process, 'warning');
  code();
  const [{ message }] = await warning;
  return text.test(message) ? 'warned' : 'no warning';
}

Session.create({
  inlineStates: {
    _start({ kernel, heap }) {
      heap.who = {};
      heap.listener = new SocketFactory({
        bindAddress: '127.0.0.1',
        bindPort: 0,
        reuse: 'on',
        successEvent: 'gotClient',
        failureEvent: 'failed',
      });
      heap.port = heap.listener.getsockname().port;
      kernel.yield('step', 1);
    },
    async connect({ heap }, n) {
      const s = connect(heap.port, '127.0.0.1');
      clients.push(s);
      // Accepting may be quicker than this side, which has to know its port before anybody asks whose it is.
      heap.connected = once(s, 'connect').then(() => {
        heap.who[Number(s.localPort)] = n;
      });
      await heap.connected;
    },
    async step({ kernel, session, heap }, n) {
      console.log(`-- step ${n}`);
      const l = heap.listener;
      if (n === 1) await kernel.call(session, 'connect', 'c1');
      else if (n === 2) {
        l.pauseAccept();
        for (const name of ['c2', 'c3']) await kernel.call(session, 'connect', name);
      } else if (n === 3) {
        console.log('nothing accepted while paused');
        l.resumeAccept();
      } else if (n === 4) {
        l.event({ successEvent: 'otherClient' });
        await kernel.call(session, 'connect', 'c4');
      } else if (n === 5) {
        console.log(await warned(/successEvent requires an event name/, () => l.event({ successEvent: undefined })));
        console.log(await warned(/unknown SocketFactory parameter 'colour'/, () => l.event({ colour: 'x' })));
        await kernel.call(session, 'connect', 'c5');
      } else {
        l.destroy();
        for (const s of clients) s.destroy();
        return;
      }
      kernel.delay('step', 0.15, n + 1);
    },
    async gotClient({ heap }, _socket, _address, port) {
      await heap.connected;
      console.log(`got_client ${heap.who[port]}`);
    },
    async otherClient({ heap }, _socket, _address, port) {
      await heap.connected;
      console.log(`other_client ${heap.who[port]}`);
    },
    failed(_, operation) {
      console.log(`failed ${operation}`);
    },
    _stop() {
      console.log('stop');
    },
  },
});
await kernel.run();
