import { setTimeout as sleep } from 'node:timers/promises';
import { kernel, list, Session } from 'poe-kernel';
import { ClientLite, Server } from 'poe-kernel/ikc';
import { startSecond, words } from '../../helpers/second-process.ts';

process.on('warning', () => {});

// ClientLite where nobody answers, where the answer comes late, where it is refused, and where the connection goes.
function runServer(): number {
  const port = Server.spawn({ ip: '127.0.0.1', port: 0, name: 'Server' }) as number;
  Session.create({
    heap: { channel: 0 },
    inlineStates: {
      _start({ kernel }) {
        kernel.aliasSet('desk');
        kernel.call('IKC', 'publish', 'desk', ['never', 'late', 'echo', 'tell', 'context', 'cut', 'close']);
        kernel.call('IKC', 'monitor', '*', { channel: 'channel' });
      },
      channel({ heap }, _asked, name, _real, _data, what, id) {
        if (what === 'ready' && name === 'Lite') heap.channel = id;
      },
      never: () => list(),
      echo: (_, value) => value,
      context: ({ wantarray }) =>
        wantarray ? list(1, undefined, 'list') : wantarray === undefined ? 'void' : 'scalar',
      late({ kernel }, args: unknown[]) {
        kernel.delaySet('is_late', 0.4, ...args);
        return list();
      },
      is_late({ kernel }, what, rsvp) {
        kernel.post('IKC', 'post', rsvp, `late ${what}`);
      },
      tell({ kernel, sender }, [event, ...args]) {
        kernel.post(sender, event, ...args);
      },
      cut({ kernel, heap }) {
        kernel.call(heap.channel, 'shutdown');
        return 'cut';
      },
      close({ kernel }) {
        kernel.aliasRemove('desk');
        kernel.post('IKC', 'shutdown');
      },
    },
  });
  return port;
}

function shown(value: unknown): string {
  if (value === undefined || value === null) return 'undef';
  if (!Array.isArray(value)) return `'${value}'`;
  return `[${value.map((one) => (one === null ? 'undef' : Array.isArray(one) ? `[${one.join(' ')}]` : one)).join(',')}]`;
}

async function runClient(port: number): Promise<void> {
  const spawned = await ClientLite.spawn({ ip: '127.0.0.1', port, name: 'Lite', timeout: 1, protocol: 'IKC' });
  if (!spawned) throw new Error(ClientLite.error());
  const lite = spawned;
  const said = (what: string, ...got: unknown[]): void =>
    console.log(`${what}: ${got.length} ${got.map(shown).join(' | ')}`);
  function failed(what: string, ...got: unknown[]): void {
    said(what, ...got);
    const error = lite.error();
    const kind = /^Timed out waiting for response/.exec(error)?.[0] ?? (error === '' ? 'no error' : 'an error');
    console.log(`  ${kind}, for all clients: ${error === ClientLite.error() ? 'the same' : 'another'}`);
  }
  const pong = async (): Promise<string> => ((await lite.ping()) ? 'yes' : 'no');
  said('fine', await lite.call('desk/echo', 'one'));
  said('context, scalar', await lite.call('desk/context'));
  said('context, list', ...((await lite.callList('desk/context')) ?? []));
  said('an array, scalar', await lite.call('desk/echo', [1, 2]));
  said('an array, list', ...((await lite.callList('desk/echo', [1, 2])) ?? []));
  said('zero', await lite.call('desk/echo', 0));
  said('empty', await lite.call('desk/echo', ''));
  said('undef, list', ...((await lite.callList('desk/echo', undefined)) ?? []));
  failed('nothing, list', ...((await lite.callList('desk/never', undefined)) ?? []));
  failed('nothing', await lite.call('desk/never', 1));
  said('fine again', await lite.call('desk/echo', 'two'));
  failed('not published', await lite.call('desk/secret', 1));
  failed('no such session', await lite.call('nowhere/secret', 1));
  said('no such kernel', await lite.call('poe://Nobody/desk/echo', 1));
  failed('no answer', await lite.postRespond('desk/never', 'turn'));
  failed('post_respond that is not published', await lite.postRespond('desk/secret', 'turn'));
  said('late, but in time', await lite.postRespond('desk/late', 'parcel'));
  const responded = async (): Promise<unknown[]> => ((await lite.responded('done')) ?? []) as unknown[];
  await lite.post('desk/tell', ['done', 2, 3]);
  said('responded', ...(await responded()));
  await lite.post('desk/tell', ['done', 4, [5]]);
  said('responded, scalar', await lite.responded('done'));
  await lite.post('desk/tell', ['done']);
  said('responded with nothing', ...(await responded()));
  await lite.post('desk/tell', ['done', undefined]);
  said('responded with undef', ...(await responded()));
  failed('responded by nobody', ...(await responded()));
  said('after that', await lite.call('desk/echo', 'five'));
  said('cut', await lite.call('desk/cut', 1));
  said('ping', await pong());
  said('comes back', await lite.call('desk/echo', 'six'));
  said('ping', await pong());
  said('connect again', (await lite.connect()) ? 1 : undefined);
  said('post with nothing', await lite.post('desk/never'));
  said('close', await lite.post('desk/close'));
  await sleep(1000);
  said('ping', await pong());
  failed('call', await lite.call('desk/echo', 'seven'));
  console.log(`post: ${(await lite.post('desk/echo', 'eight')) ? 'went' : 'lost'}`);
}

const [port] = words;
if (port === undefined) {
  const client = startSecond(runServer());
  await kernel.run();
  await client.print('client: ');
} else {
  await runClient(Number(port));
}
