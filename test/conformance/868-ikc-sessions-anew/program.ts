import { kernel, Session } from 'poe-kernel';
import { Client, Server } from 'poe-kernel/ikc';
import { startSecond, words } from '../../helpers/second-process.ts';

process.on('warning', () => {});

// What is published when sessions end and others take their names: by name, by session, by number, and of several names.
function worker(name: string, by: string, n: number): Session {
  return Session.create({
    inlineStates: {
      _start({ kernel, session }) {
        kernel.aliasSet(name);
        kernel.aliasSet(`also ${name}`);
        const whom = { name, session, number: session.id, sender: undefined }[by];
        const result = by === 'none' ? 'nothing' : (kernel.call('IKC', 'publish', whom, ['who']) ?? 'undef');
        console.log(`${name} ${n}, published by ${by}: ${result}`);
      },
      who: (_, whom) => `${name} ${n}, asked for ${whom}`,
      leave({ kernel }) {
        for (const alias of kernel.aliasList() ?? []) kernel.aliasRemove(alias);
      },
      _stop: () => console.log(`${name} ${n} stops`),
    },
  });
}

function runServer(): number {
  const port = Server.spawn({ ip: '127.0.0.1', port: 0, name: 'Server' }) as number;
  Session.create({
    inlineStates: {
      _start({ kernel }) {
        kernel.aliasSet('desk');
        kernel.call('IKC', 'publish', 'desk', ['start', 'stop', 'published', 'close']);
      },
      start: (_, args: [string, string, number]) => worker(...args).id,
      stop({ kernel }, name) {
        kernel.call(name, 'leave');
        return 'stopped';
      },
      published({ kernel }, name) {
        const result = kernel.call('IKC', 'published', name);
        if (Array.isArray(result)) return `${name}: ${result.sort().join(' ')}`;
        if (result) return `${Object.keys(result).length} sessions`;
        return `${name}: ${result ?? 'undef'}`;
      },
      close({ kernel }) {
        kernel.aliasRemove('desk');
        kernel.post('IKC', 'shutdown');
      },
    },
  });
  return port;
}

type Todo = [what: string, whom: string | [string, string, number]];

function todo(): Todo[] {
  let n = 0;
  const all: Todo[] = [];
  for (const by of ['name', 'session', 'number', 'sender']) {
    const w = `w ${by}`;
    const published: Todo[] = by === 'number' ? [] : [['published', w]];
    all.push(['start', [w, by, ++n]], ['who', w], ['who', `also ${w}`], ...published, ['stop', w], ['who', w]);
    all.push(...published, ['start', [w, 'none', ++n]], ['who', w], ...published, ['stop', w]);
    all.push(['start', [w, 'name', ++n]], ['who', w], ['who', `also ${w}`], ['stop', w]);
  }
  all.push(['start', ['late', 'sender', ++n]], ['who', 'late'], ['who', 'number'], ['stop', 'late']);
  all.push(['published', 'desk']);
  return all;
}

function runClient(port: number): void {
  const steps = todo();
  let id = 0;
  Client.spawn({
    ip: '127.0.0.1',
    port,
    name: 'Client',
    onConnect() {
      Session.create({
        inlineStates: {
          _start({ kernel }) {
            kernel.aliasSet('me');
            kernel.call('IKC', 'monitor', '*', { error: 'error' });
            kernel.yield('step');
          },
          step({ kernel }) {
            const next = steps.shift();
            if (!next) {
              kernel.post('IKC', 'post', 'poe://Server/desk/close');
              kernel.aliasRemove('me');
              return;
            }
            const [what, given] = next;
            console.log(`${what} ${Array.isArray(given) ? given[0] : given}`);
            const whom = given === 'number' ? id : given;
            const to = what === 'who' ? `${whom}/who` : `desk/${what}`;
            kernel.call('IKC', 'call', `poe://Server/${to}`, whom, { state: 'answer', args: what });
          },
          answer({ kernel }, answer, what) {
            kernel.yield('step');
            if (what === 'start') id = answer;
            else console.log(`  ${answer.replace(/for \d+$/, 'for its number')}`);
          },
          error({ kernel }, _asked, _name, _real, _data, operation, text) {
            if (operation.startsWith('channel')) return;
            kernel.yield('step');
            const clean = text
              .replace(/\s+Request.*/s, '')
              .replace(/^\d+: /, '')
              .replace(/( at \S+ line.*|\.)$/, '')
              .replace(/'\d+'/, 'NUMBER');
            console.log(`  error: ${operation} ${clean}`);
          },
        },
      });
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
  console.log('over');
}
