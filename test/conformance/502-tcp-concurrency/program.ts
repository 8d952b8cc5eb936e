import net, { type Socket } from 'node:net';
import { kernel, Session } from 'poe-kernel';
import { ServerTCP } from 'poe-kernel/components';

let port: number | undefined;
const sock: Record<string, Socket> = {};
let heard: string[] = [];
let now = 0;

ServerTCP.create({
  alias: 'server',
  address: '127.0.0.1',
  port: 0,
  concurrency: 2,
  started({ heap }) {
    port = heap.listener.getsockname()?.port;
  },
  clientConnected() {
    now++;
  },
  clientInput(_, line) {
    heard.push(line);
  },
  clientDisconnected() {
    now--;
  },
});

function dial(name: string): void {
  sock[name] = net.connect(Number(port), '127.0.0.1');
  sock[name].write(`${name}\n`);
}
function close(...names: string[]): void {
  for (const name of names) sock[name]?.destroy();
}

Session.create({
  inlineStates: {
    _start({ kernel }) {
      kernel.yield('step', 1);
    },
    step({ kernel }, n) {
      if (n > 1) {
        console.log(`  open ${now}, heard from: ${heard.sort().join(' ') || 'nobody'}`);
        heard = [];
      }
      const steps: [string, () => void][] = [
        ['a and b dial', () => ['a', 'b'].forEach(dial)],
        ['c and d dial', () => ['c', 'd'].forEach(dial)],
        ['a hangs up', () => close('a')],
        ['limit 4', () => kernel.post('server', 'set_concurrency', 4)],
        ['e dials', () => dial('e')],
        [
          'limit 1, f dials',
          () => {
            kernel.post('server', 'set_concurrency', 1);
            dial('f');
          },
        ],
        ['b and c hang up', () => close('b', 'c')],
        ['d and e hang up', () => close('d', 'e')],
        [
          'unlimited, g h i dial',
          () => {
            kernel.post('server', 'set_concurrency', -1);
            ['g', 'h', 'i'].forEach(dial);
          },
        ],
        [
          'shutdown',
          () => {
            kernel.post('server', 'shutdown');
            close(...Object.keys(sock));
          },
        ],
      ];
      const [what, act] = steps[n - 1] ?? ['nothing left', () => {}];
      console.log(what);
      act();
      if (n < 10) kernel.delay('step', 0.25, n + 1);
    },
  },
});
await kernel.run();
console.log(`run returned, open ${now}`);
