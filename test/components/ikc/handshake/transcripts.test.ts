import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  ClientHandshake,
  type HandshakeDone,
  type HandshakeLimits,
  HandshakeStream,
  ServerHandshake,
} from '../../../../components/ikc/handshake/index.ts';
import { type Freezer, Reference } from '../../../../wheels/filters/index.ts';
import { type RecordedConnection, recordedConnections } from '../../../helpers/transcript.ts';

const ALL_FREEZERS = ['Storable', 'FreezeThaw', 'POE::Component::IKC::Freezer'];

/** Aliases that the servers of these recordings had. */
const ALIASES: { [recording: string]: string[] } = {
  'monitor-star-whole-life': ['InteropAlias'],
  'names-aliases-IKC': ['InteropAlias', 'Second'],
  'probe-phases-IKC': ['A1', 'A2'],
};

/** Scripted clients that make more mistakes than we stand. */
const PATIENT: Partial<HandshakeLimits> = { maxErrors: Number.POSITIVE_INFINITY };
const NEED_PATIENCE = ['probe-phases-IKC', 'probe-greetings-IKC'];

/** Names that a genuine server takes, and we refuse: they cannot be the kernel of a specifier. */
const REFUSED_HERE = ['probe-setup-grammar (connection 2)', 'probe-setup-grammar (connection 13)'];

/** Clients that do not send what a frame has to begin with. */
const NO_FRAMES = ['probe-frame-header-garbage'];

/** Handshakes of genuine clients that come to nothing. */
const FRUITLESS = ['freezer-refused-lite-IKC', 'names-space-refused-IKC'];

const connections = recordedConnections().filter(({ client }) => client.length > 0);

/** The same octets in other pieces. */
const cuts: { [name: string]: (pieces: Buffer[]) => Buffer[] } = {
  'as recorded': (pieces) => pieces,
  whole: (pieces) => [Buffer.concat(pieces)],
  'one octet at a time': (pieces) => [...Buffer.concat(pieces)].map((octet) => Buffer.of(octet)),
};

/** Feeds a handshake until it is done, and returns what it wrote, what was agreed upon, and what was left over. */
function run(stream: HandshakeStream, pieces: Buffer[]) {
  const written: Buffer[] = [];
  let done: HandshakeDone | undefined;
  let rest: Buffer[] = [];
  const take = (output: ReturnType<HandshakeStream['start']>) => {
    assert.equal(output.failed, undefined);
    if (output.write) written.push(output.write);
    done = output.done;
    if (output.rest) rest = [output.rest];
  };
  take(stream.start());
  const waiting = [...pieces];
  while (!done && waiting.length > 0) take(stream.receive(waiting.shift() as Buffer));
  return { written: Buffer.concat(written).toString('latin1'), done, rest: [...rest, ...waiting] };
}

/** What a side has sent, and ended its handshake with exactly this. */
function assertSaid(said: string, recorded: Buffer[], done: boolean): void {
  const all = Buffer.concat(recorded).toString('latin1');
  assert.equal(all.slice(0, said.length), said);
  assert.match(all.slice(said.length), done ? /^(?:\d+\0|$)/ : /^$/);
}

function serverOf({ name, server }: RecordedConnection): ServerHandshake {
  const address = server.address === 'unix' ? `unix:run_${name}.sock` : server.address;
  return new ServerHandshake({
    protocol: name.endsWith('IKC') ? 'IKC' : 'IKC0',
    names: [server.id, 'Interop', ...(ALIASES[name] ?? []), address],
    freezers: ALL_FREEZERS,
    pid: server.pid,
    limits: NEED_PATIENCE.includes(name) ? PATIENT : {},
  });
}

/** Reads from the recording what the client was set to. */
function clientOf({ client }: RecordedConnection): { handshake: ClientHandshake; freezer: string } {
  const lines = Buffer.concat(client).toString('latin1').split('\r\n');
  const setup = /^SETUP KERNEL=(.*);FREEZER=(.*);PID=(\d+)$/.exec(lines[0] ?? '');
  const said = (word: string) =>
    lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
  const [first, ...others] = said('IAM');
  const freezers = setup ? (setup[2] as string).split(',') : said('FREEZER');
  const names = setup ? (setup[1] as string).split(',') : [first as string, ...others.reverse()];
  if (freezers.length === 0) freezers.push('Storable');
  const handshake = new ClientHandshake({
    protocol: setup ? 'IKC0' : 'IKC',
    names,
    freezers,
    pid: Number(setup?.[3] ?? 1),
    strict: names.length === 1,
  });
  return { handshake, freezer: freezers.at(-1) as string };
}

/** Takes frames as they are. */
const asTheyAre: Freezer = { name: 'none', freeze: () => Buffer.alloc(0), thaw: (octets) => octets };

describe('recorded handshakes', () => {
  for (const connection of connections) {
    for (const [cut, recut] of Object.entries(cuts)) {
      it(`ServerHandshake says what the genuine server said: ${connection.label}, ${cut}`, () => {
        const { written, done, rest } = run(new HandshakeStream(serverOf(connection)), recut(connection.client));
        if (REFUSED_HERE.includes(connection.label)) {
          assert.equal(written, 'NOT\r\n');
          return;
        }
        assertSaid(written, connection.serverSent, done !== undefined);
        if (!done || NO_FRAMES.includes(connection.name)) return;
        const frames = new Reference({ freezer: asTheyAre, afterLines: true });
        const read = rest.flatMap((piece) => frames.get([piece]));
        assert.equal(read.length, connection.name === 'probe-newline-split' ? 1 : connection.clientFrames);
      });
    }
  }

  const genuine = connections.filter(({ probe, name }) => !probe && !FRUITLESS.includes(name));
  for (const connection of genuine) {
    for (const [cut, recut] of Object.entries(cuts)) {
      it(`ClientHandshake says what the genuine client said: ${connection.label}, ${cut}`, () => {
        const { handshake, freezer } = clientOf(connection);
        const { written, done, rest } = run(new HandshakeStream(handshake), recut(connection.serverSent));
        assertSaid(written, connection.client, true);
        assert.equal(done?.peerNames[0], connection.server.id);
        assert.ok(done?.peerNames.includes('Interop'));
        assert.equal(done?.pid, done?.protocol === 'IKC0' ? connection.server.pid : undefined);
        assert.ok(done?.freezer === 'Storable' || done?.freezer === freezer);
        const frames = new Reference({ freezer: asTheyAre, afterLines: true });
        for (const piece of rest) frames.get([piece]);
      });
    }
  }

  it('ClientHandshake gives up where the genuine ClientLite did: freezer-refused-lite-IKC', () => {
    const [connection] = connections.filter(({ name }) => name === 'freezer-refused-lite-IKC') as [RecordedConnection];
    const stream = new HandshakeStream(clientOf(connection).handshake);
    const outputs = [stream.start(), ...connection.serverSent.map((piece) => stream.receive(piece))];
    const { failed } = outputs.pop() as (typeof outputs)[number];
    assert.equal(failed?.message, 'Cannot shake hands: the server refuses My::Freezer');
    assert.deepEqual(Buffer.concat(outputs.map(({ write }) => write as Buffer)), Buffer.concat(connection.client));
  });

  it('ClientHandshake does not begin what the genuine client could not end: names-space-refused-IKC', () => {
    const [connection] = connections.filter(({ name }) => name === 'names-space-refused-IKC') as [RecordedConnection];
    assert.throws(() => clientOf(connection), { name: 'PoeUsageError', code: 'POE_ERR_IKC_NAME' });
  });

  it('there are as many of them as there should be', () => {
    assert.ok(connections.length > 80);
    assert.ok(genuine.length > 40);
  });
});
