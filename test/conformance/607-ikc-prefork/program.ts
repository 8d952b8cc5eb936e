import { setTimeout as sleep } from 'node:timers/promises';
import { kernel, Session } from 'poe-kernel';
import { ClientLite, Server } from 'poe-kernel/ikc';
import { type SecondProcess, startSecond, words } from '../../helpers/second-process.ts';

async function runServer(): Promise<void> {
  const port = Server.spawn({ ip: '127.0.0.1', port: 0, name: 'Pool', processes: 3, connections: 2 }) as number;
  let client: SecondProcess | undefined;
  Session.create({
    inlineStates: {
      _start({ kernel }) {
        kernel.aliasSet('who');
        kernel.call('IKC', 'publish', 'who', ['pid']);
        // In Perl what stands outside of handlers runs once; here each child runs it again.
        kernel.sig('__parent', 'parent');
      },
      parent() {
        client = startSecond(port, process.pid);
      },
      pid: () => process.pid,
    },
  });
  const limit = setTimeout(() => interrupt(process.pid), 25_000).unref();
  await kernel.run();
  clearTimeout(limit);
  if (client === undefined) return;
  await client.print('client: ');
  console.log('parent run returned');
}

async function runClient(port: number, parent: number): Promise<void> {
  const count = new Map<unknown, number>();
  for (let n = 1; n <= 8; n++) {
    let lite: ClientLite | undefined;
    for (let tries = 1; tries <= 50; tries++) {
      lite = await ClientLite.spawn({ ip: '127.0.0.1', port, name: `Lite${n}`, timeout: 5 });
      if (lite !== undefined) break;
      await sleep(100);
    }
    const servedBy = (await lite?.call('who/pid')) ?? 'nobody';
    count.set(servedBy, (count.get(servedBy) ?? 0) + 1);
    lite?.disconnect();
    await sleep(300);
  }
  console.log(`served by the parent: ${count.has(parent) ? 'yes' : 'no'}, unanswered: ${count.get('nobody') ?? 0}`);
  console.log(`processes: ${count.size >= 4 ? 'at least 4' : count.size}`);
  console.log(`more than two by one: ${[...count.values()].some((served) => served > 2) ? 'yes' : 'no'}`);
  // This process is of the same group here.
  process.on('SIGINT', () => {});
  interrupt(parent);
}

function interrupt(group: number): void {
  process.kill(-group, 'SIGINT');
}

const [port, parent] = words;
if (port === undefined) await runServer();
else await runClient(Number(port), Number(parent));
