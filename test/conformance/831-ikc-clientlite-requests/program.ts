import { kernel, list, Session } from 'poe-kernel';
import { ClientLite, Server } from 'poe-kernel/ikc';
import { startSecond, words } from '../../helpers/second-process.ts';

function runServer(): number {
  const port = Server.spawn({ ip: '127.0.0.1', port: 0, name: 'Shop' }) as number;
  Session.create({
    heap: { count: 0, came: {} as Record<string, number>, went: {} as Record<string, number> },
    inlineStates: {
      _start({ kernel }) {
        kernel.aliasSet('till');
        kernel.call('IKC', 'publish', 'till', ['price', 'basket', 'later', 'twice', 'who', 'fail', 'count', 'close']);
        kernel.post('IKC', 'monitor', '*', { register: 'came', unregister: 'went' });
      },
      price: (_, what: 'tea' | 'cake') => ({ tea: 3, cake: 4 })[what],
      basket: (_, what: string[]) => list(...what.map((_, n) => `${n + 1} of ${what.join(',')}`)),
      // postRespond hands over [data, rsvp].
      later({ kernel }, args: unknown[]) {
        kernel.delaySet('is_later', 0.05, ...args);
      },
      is_later({ kernel }, what, rsvp) {
        kernel.post('IKC', 'post', rsvp, `later: ${what}`);
      },
      twice({ kernel, sender }, what) {
        kernel.post(sender, 'done', what, what);
      },
      count: ({ heap }) => ++heap.count,
      went({ heap }, _, name, real) {
        if (real) heap.went[name] = (heap.went[name] ?? 0) + 1;
      },
      came({ heap }, _, name, real) {
        if (real) heap.came[name] = (heap.came[name] ?? 0) + 1;
      },
      who: ({ heap }) => counts(heap.came, ' came '),
      close({ kernel }) {
        kernel.aliasRemove('till');
        kernel.delay('over', 0.3);
      },
      over({ kernel, heap }) {
        console.log(`went: ${counts(heap.went, ' ')}`);
        kernel.post('IKC', 'shutdown');
      },
    },
  });
  return port;
}

function counts(of: Record<string, number>, word: string): string {
  return Object.keys(of)
    .sort()
    .map((name) => `${name}${word}${of[name]}`)
    .join(' ');
}

async function runClient(port: number): Promise<void> {
  const shop = await ClientLite.spawn({ ip: '127.0.0.1', port, name: 'Buyer', timeout: 5 });
  if (!shop) throw new Error(ClientLite.error());
  console.log(`I am ${shop.name}`);
  console.log(`tea: ${await shop.call('till/price', 'tea')}`);
  console.log(`cake, by the whole specifier: ${await shop.call('poe://Shop/till/price', 'cake')}`);
  console.log(`in a list: ${(await shop.callList('till/basket', ['tea', 'cake']))?.join(' | ')}`);
  console.log(`post returns ${await shop.post('till/count', 1)}`);
  console.log(`and then the count is ${await shop.call('till/count')}`);
  console.log(await shop.postRespond('till/later', 'parcel'));
  await shop.post('till/twice', 'two');
  const came = (await shop.responded('done')) as unknown[];
  console.log(`responded: ${came.join(' ')}`);
  console.log(`hash: ${await shop.call({ kernel: 'Shop', session: 'till', state: 'price' }, 'tea')}`);
  console.log(await shop.call('till/who'));
  const second = await ClientLite.spawn({
    ip: '127.0.0.1',
    port,
    name: 'Second',
    timeout: 5,
    serialiser: 'FreezeThaw',
    protocol: 'IKC',
  });
  if (!second) throw new Error(ClientLite.error());
  const price = await second.call('till/price', 'tea');
  console.log(`another serialiser and handshake: ${price}, ping ${(await second.ping()) ? 'pong' : 'none'}`);
  second.disconnect();
  const none = await ClientLite.spawn({ ip: '127.0.0.1', port: 1, name: 'None', connectTimeout: 1 });
  console.log(
    `nobody listens: ${none === undefined ? 'undef' : 'a client'}, an error: ${ClientLite.error() ? 'yes' : 'no'}`,
  );
  await shop.post('till/close');
  shop.disconnect();
}

const [port] = words;
if (port === undefined) {
  const client = startSecond(runServer());
  await kernel.run();
  await client.print('client: ');
} else {
  await runClient(Number(port));
}
