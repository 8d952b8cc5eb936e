import { type KernelView, kernel, Session } from 'poe-kernel';
import { ClientTCP, ServerTCP } from 'poe-kernel/components';

interface Entry {
  value: string | number;
  timer?: number | undefined;
}

let port: number | undefined;
const store = new Map<string, Entry>();
const subscriber = new Set<number>();

function createStore(): void {
  Session.create({
    inlineStates: {
      _start({ kernel }) {
        kernel.aliasSet('store');
      },
      set({ kernel }, key, value, ttl) {
        const old = store.get(key);
        let timer = old?.timer;
        if (timer && ttl !== undefined) kernel.delayAdjust(timer, ttl);
        else if (timer) {
          kernel.alarmRemove(timer);
          timer = undefined;
        } else if (ttl !== undefined) timer = kernel.delaySet('expire', ttl, key);
        store.set(key, { value, timer });
        return old ? 'REPLACED' : 'STORED';
      },
      get(_, key) {
        return store.get(key)?.value;
      },
      incr(_, key, by) {
        const entry = store.get(key) ?? { value: 0 };
        store.set(key, entry);
        if (!/^-?\d+$/.test(String(entry.value))) return undefined;
        entry.value = Number(entry.value) + by;
        return entry.value;
      },
      extend({ kernel }, key, ttl) {
        const e = store.get(key);
        if (!e) return 0;
        if (e.timer) return kernel.delayAdjust(e.timer, ttl) ? 1 : 0;
        e.timer = kernel.delaySet('expire', ttl, key);
        return 1;
      },
      del({ kernel }, ...keys) {
        let n = 0;
        for (const key of keys) {
          const e = store.get(key);
          if (!e) continue;
          store.delete(key);
          if (e.timer) kernel.alarmRemove(e.timer);
          n++;
        }
        return n;
      },
      keys(_, pattern) {
        const re = new RegExp(`^${pattern.replace(/[.+?^$()|[\]\\{}]/g, '\\$&').replaceAll('*', '.*')}$`);
        return [...store.keys()].filter((key) => re.test(key)).sort();
      },
      expire({ kernel }, key) {
        store.delete(key);
        for (const id of [...subscriber].sort((a, b) => a - b)) kernel.post(id, 'notice', `EXPIRED ${key}`);
      },
      close({ kernel }) {
        const left = kernel.alarmRemoveAll();
        console.log(`store: closing with ${left.length} timer(s) and keys ${[...store.keys()].sort().join(' ')}`);
        kernel.aliasRemove('store');
      },
    },
  });
}

const command: Record<string, (k: KernelView, ...args: string[]) => unknown> = {
  SET: (k, key, value, ttl) =>
    value === undefined ? 'ERROR usage' : k.call('store', 'set', key, value, ttl === undefined ? ttl : Number(ttl)),
  GET(k, key) {
    const v = k.call('store', 'get', key);
    return v === undefined ? 'NONE' : `VALUE ${v}`;
  },
  INCR(k, key, by) {
    const v = k.call('store', 'incr', key, by === undefined ? 1 : Number(by));
    return v === undefined ? 'ERROR not a number' : `VALUE ${v}`;
  },
  EXTEND: (k, key, ttl) => (k.call('store', 'extend', key, Number(ttl)) ? 'OK' : 'NONE'),
  DEL: (k, ...keys) => `DELETED ${k.call('store', 'del', ...keys)}`,
  KEYS: (k, pattern) => `KEYS ${k.call('store', 'keys', pattern).join(' ')}`,
};

ServerTCP.create({
  alias: 'kv',
  address: '127.0.0.1',
  port: 0,
  started({ heap }) {
    port = heap.listener.getsockname()?.port;
    createStore();
  },
  clientInput({ kernel, session, heap }, line) {
    const [first = '', ...args] = line.split(' ').filter((each) => each !== '');
    const word = first.toUpperCase();
    if (word === 'SUBSCRIBE') {
      subscriber.add(session.id);
      heap.client.put('OK');
    } else if (word === 'QUIT') {
      heap.client.put('BYE');
      kernel.yield('shutdown');
    } else heap.client.put(command[word]?.(kernel, ...args) ?? 'ERROR unknown command');
  },
  clientDisconnected({ session }) {
    subscriber.delete(session.id);
  },
  inlineStates: {
    notice({ heap }, text) {
      if (heap.client) heap.client.put(text);
    },
  },
});

let heard: string[] = [];
function client(name: string): void {
  ClientTCP.create({
    alias: name,
    remoteAddress: '127.0.0.1',
    remotePort: port,
    serverInput(_, line) {
      heard.push(`${name} < ${line}`);
    },
    serverError() {
      heard.push(`${name} closed`);
    },
    inlineStates: {
      say({ heap }, line) {
        heap.server.put(line);
      },
    },
  });
}
client('one');
client('two');

const script: [who: string, line: string, wait?: number][] = [
  ['one', 'SET color blue'],
  ['two', 'GET color'],
  ['one', 'set color green'],
  ['two', 'get color'],
  ['two', 'GET nothing'],
  ['two', 'SUBSCRIBE'],
  ['one', 'SET session abc 0.5'],
  ['one', 'SET lease xyz 0.4'],
  ['one', 'EXTEND session 1.5'],
  ['one', 'SET lease longer'],
  ['one', 'KEYS *'],
  ['one', 'INCR hits'],
  ['one', 'INCR hits 41'],
  ['one', 'INCR color'],
  ['one', 'SET'],
  ['one', 'FLY'],
  ['one', 'SET short x 0.1', 0.3],
  ['one', 'GET short'],
  ['one', 'KEYS *s*'],
  ['one', 'DEL color nope lease'],
  ['one', 'GET session', 1.2],
  ['one', 'GET session'],
  ['one', 'EXTEND session 9'],
  ['one', 'SET long value 60'],
  ['two', 'QUIT'],
  ['one', 'KEYS *'],
  ['one', 'QUIT'],
];
Session.create({
  inlineStates: {
    _start({ kernel }) {
      kernel.delay('step', 0.2);
    },
    step({ kernel }) {
      for (const line of heard.sort()) console.log(`  ${line}`);
      heard = [];
      const step = script.shift();
      if (!step) {
        kernel.post('kv', 'shutdown');
        kernel.post('store', 'close');
        return;
      }
      const [who, line, wait] = step;
      console.log(`${who} > ${line}`);
      kernel.post(who, 'say', line);
      kernel.delay('step', wait || 0.08);
    },
  },
});
await kernel.run();
console.log('run returned');
