import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kernel, Session } from 'poe-kernel';
import { Client, Server } from 'poe-kernel/ikc';
import { startSecond, words } from '../../helpers/second-process.ts';

function runServer(path: string): void {
  Server.spawn({ unix: path, name: 'Server', aliases: ['Hall'] });
  Session.create({
    heap: { names: {} as Record<string, 1> },
    inlineStates: {
      _start({ kernel }) {
        kernel.aliasSet('book');
        kernel.call('IKC', 'publish', 'book', ['sign']);
        kernel.yield('await_path');
      },
      // Whether somebody answers on the path takes a turn to find out; in Perl it is overwritten at once.
      await_path({ kernel }) {
        const server = (kernel.aliasResolve(`IKC Server unix:${path}`) as Session).getHeap() as Server;
        if (server.getsockname() === undefined) {
          kernel.delay('await_path', 0.01);
          return;
        }
        console.log(`path is a socket now: ${statSync(path).isSocket() ? 'yes' : 'no'}`);
        clients = ['First', 'Second'].map((name) => ({ name, client: startSecond(path, name) }));
      },
      sign({ kernel, heap }, name) {
        heap.names[name] = 1;
        if (Object.keys(heap.names).length === 2) kernel.delay('full', 0.3);
        return `welcome ${name}`;
      },
      full({ kernel, heap }) {
        console.log(`signed: ${Object.keys(heap.names).sort().join(' ')}`);
        kernel.aliasRemove('book');
        kernel.post('IKC', 'shutdown');
      },
    },
  });
}

function runClient(path: string, name: string): void {
  Client.spawn({
    unix: path,
    name,
    onConnect() {
      Session.create({
        inlineStates: {
          _start({ kernel }) {
            kernel.aliasSet('me');
            const to = name === 'First' ? 'poe://Server/book/sign' : 'poe://Hall/book/sign';
            kernel.post('IKC', 'call', to, name, 'poe:signed');
          },
          signed({ kernel }, answer) {
            console.log(answer);
            kernel.aliasRemove('me');
          },
        },
      });
    },
  });
}

let clients: { name: string; client: ReturnType<typeof startSecond> }[] = [];
const [given, name] = words;
if (given !== undefined && name !== undefined) {
  runClient(given, name);
  await kernel.run();
  console.log('run returned');
} else {
  const dir = mkdtempSync(join(tmpdir(), 'poe-kernel-608-'));
  const path = join(dir, 'ikc');
  // What is left of a process that was killed; any other file than a socket is left alone here.
  spawnSync(process.execPath, [
    '-e',
    `require('node:net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`,
  ]);
  runServer(path);
  await kernel.run();
  console.log(`path after run: ${existsSync(path) ? 'still there' : 'gone'}`);
  for (const { name, client } of clients) await client.print(`${name}: `);
  rmSync(dir, { recursive: true });
}
