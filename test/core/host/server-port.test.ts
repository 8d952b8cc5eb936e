import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import net, { type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { ServerPort } from '../../../core/host/server-port.ts';
import { warningsOf } from '../../helpers/sessions.ts';

test('4,095 and 4,096 connections may wait; the next one is closed, counted and told of, until one is taken', async () => {
  const server = new EventEmitter();
  const port = new ServerPort(server as Server, () => {});
  let closed = 0;
  const arrive = (): boolean => server.emit('connection', { _handle: { fd: 5 }, destroy: () => closed++ });
  const warnings = await warningsOf(() => {
    for (let n = 0; n < 4095; n++) arrive();
    assert.equal(closed, 0);
    arrive();
    assert.deepEqual([closed, port.dropped], [0, 0]);
    arrive();
    arrive();
    assert.deepEqual([closed, port.dropped], [2, 2]);
    port.take();
    arrive();
    assert.deepEqual([closed, port.dropped], [2, 2]);
  });
  assert.deepEqual(warnings, ['The process closed a connection for want of room: 4096 wait to be accepted']);
});

const SERVER = `
  import { ServerTCP } from ${JSON.stringify(import.meta.resolve('poe-kernel/components'))};
  import { kernel } from ${JSON.stringify(import.meta.resolve('poe-kernel'))};
  const id = ServerTCP.create({
    maxConnectionsPerAddress: Infinity,
    started({ heap }) { console.log(heap.listener.getsockname().port); },
    clientConnected({ heap }) { heap.client.put('welcome'); },
    clientInput({ heap }) { heap.client.put(String(kernel.idIdToSession(id).getHeap().listener.dropped)); },
  });
  await kernel.run();
`;

test('a listener that runs out of descriptors drops and counts whom it cannot serve, says so once, and recovers', {
  skip: process.platform !== 'linux',
}, async (t) => {
  // Node opens many modules at once: with much fewer it does not come so far.
  const command = `ulimit -n 400; exec '${process.execPath}' --input-type=module -e "$0"`;
  const child = spawn('sh', ['-c', command, SERVER], { stdio: ['ignore', 'pipe', 'pipe'] });
  t.after(() => child.kill('SIGKILL'));
  let told = '';
  child.stderr.on('data', (data) => {
    told += data;
  });
  const port = Number((await once(createInterface(child.stdout), 'line'))[0]);

  const clients: Socket[] = [];
  let welcomed = 0;
  let closed = 0;
  for (let n = 0; n < 600; n++) {
    const client = net.connect(port, '127.0.0.1');
    client.once('data', () => welcomed++);
    client.on('error', () => {});
    client.on('close', () => closed++);
    clients.push(client);
  }
  while (welcomed + closed < 600) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.ok(welcomed > 200 && welcomed < 380, `${welcomed} were served`);

  // Who is served stays so, and hears how many were not.
  const lucky = clients.find((client) => !client.destroyed) as Socket;
  lucky.write('dropped?\n');
  assert.equal(Number((await once(lucky, 'data'))[0]), closed);
  assert.equal(told.match(/POE_WARN_CONNECTIONS_DROPPED/g)?.length, 1);

  // As soon as there is room again.
  for (const client of clients) client.destroy();
  for (;;) {
    const late = net.connect(port, '127.0.0.1');
    late.on('error', () => {});
    const answer = await Promise.race([once(late, 'data'), once(late, 'close')]);
    late.destroy();
    if (String(answer[0]) === 'welcome\r\n') return;
  }
});

const OWN_SERVER = `
  import net from 'node:net';
  import { once } from 'node:events';
  import { ListenAccept } from ${JSON.stringify(import.meta.resolve('poe-kernel/wheels'))};
  import { kernel, Session } from ${JSON.stringify(import.meta.resolve('poe-kernel'))};
  const listening = net.createServer().listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const client = net.connect(listening.address().port, '127.0.0.1').unref();
  Session.create({
    inlineStates: {
      _start({ heap }) { heap.wheel = new ListenAccept({ handle: listening, acceptEvent: 'accepted' }); },
      accepted({ heap }, socket) { heap.socket = socket; heap.wheel.destroy(); console.log('accepted'); },
    },
  });
  await kernel.run();
`;

test('a server that sessions have watched does not keep the process alive, nor does what it accepted', async (t) => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', OWN_SERVER], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  const [line] = await once(createInterface(child.stdout), 'line');
  assert.equal(line, 'accepted');
  const [code] = await once(child, 'exit', { signal: AbortSignal.timeout(10_000) });
  assert.equal(code, 0);
});
