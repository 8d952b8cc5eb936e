import { kernel, list, Session } from 'poe-kernel';
import { ClientLite, Server } from 'poe-kernel/ikc';
import { startSecond, words } from '../../helpers/second-process.ts';

function runServer(): number {
  const port = Server.spawn({ ip: '127.0.0.1', port: 0, name: 'Server' }) as number;
  Session.create({
    heap: { db: {} as Record<string, unknown> },
    inlineStates: {
      _start({ kernel }) {
        kernel.aliasSet('db');
        kernel.call('IKC', 'publish', 'db', ['get', 'put', 'list', 'hash', 'nothing', 'later', 'close']);
      },
      put({ heap }, [key, value]) {
        heap.db[key] = value;
        console.log(`put ${key}`);
        return 1;
      },
      get: ({ heap }, key) => heap.db[key],
      list: ({ wantarray }) => (wantarray ? list(1, 2, 3) : 'scalar context'),
      hash: ({ heap }) => ({ ...heap.db }),
      nothing() {},
      later({ kernel }, [what, rsvp]) {
        kernel.delay('answer', 0.2, what, rsvp);
      },
      answer({ kernel }, what, rsvp) {
        kernel.post('IKC', 'post', rsvp, what.toUpperCase());
      },
      close({ kernel }) {
        kernel.aliasRemove('db');
        kernel.delay('bye', 0.2);
        return 'closing';
      },
      bye({ kernel }) {
        kernel.post('IKC', 'shutdown');
      },
    },
  });
  return port;
}

async function runClient(port: number): Promise<void> {
  const lite = await ClientLite.spawn({ ip: '127.0.0.1', port, name: 'Lite', timeout: 2 });
  if (!lite) throw new Error(ClientLite.error());
  console.log(`name: ${lite.name}`);
  console.log(`post: ${await lite.post('db/put', ['color', 'blue'])}`);
  console.log(`call put: ${await lite.call('db/put', ['size', 7])}`);
  console.log(`call get: ${await lite.call('db/get', 'color')}`);
  console.log(`full specifier: ${await lite.call('poe://Server/db/get', 'size')}`);
  const hash = (await lite.call('db/hash')) as Record<string, unknown>;
  console.log(
    `hash: ${Object.keys(hash)
      .sort()
      .map((key) => `${key}=${hash[key]}`)
      .join(' ')}`,
  );
  console.log(`list in scalar context: ${await lite.call('db/list')}`);
  console.log(`list in list context: ${(await lite.callList('db/list'))?.join(' ')}`);
  console.log(`post_respond: ${await lite.postRespond('db/later', 'whisper')}`);
  const r = await lite.call('db/secret');
  console.log(`unpublished: ${r ?? 'undef'}, error ${lite.error() ? 'set' : 'empty'}`);
  console.log(`after an error: ${await lite.call('db/get', 'color')}`);
  const none = await ClientLite.spawn({ ip: '127.0.0.1', port: 1, name: 'Lost', connectTimeout: 2 });
  const why = /Unable to connect/.test(ClientLite.error()) ? 'says so' : 'odd';
  console.log(`nobody there: ${none ? 'object' : 'undef'}, error ${why}`);
  console.log(`close: ${await lite.call('db/close')}`);
  lite.disconnect();
}

const [port] = words;
if (port === undefined) {
  const client = startSecond(runServer());
  await kernel.run();
  await client.print('client: ');
} else {
  await runClient(Number(port));
}
