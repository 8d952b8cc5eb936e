import { kernel } from 'poe-kernel';
import { ClientTCP, type FilterSource, ServerTCP, type ServerTCPOptions } from 'poe-kernel/components';
import { Block, Line, Reference, Stream } from 'poe-kernel/wheels';

const port: Record<string, number | undefined> = {};
const text = (record: unknown): string => (Array.isArray(record) ? record.join(',') : String(record));

function server(name: string, filter: Partial<ServerTCPOptions> = {}): void {
  ServerTCP.create({
    alias: name,
    address: '127.0.0.1',
    port: 0,
    ...filter,
    started({ heap }) {
      port[name] = heap.listener.getsockname()?.port;
    },
    clientInput({ heap }, record: unknown) {
      console.log(`${name} server: '${text(record)}'`);
      if (record === 'upgrade') {
        heap.client.put('upgrading');
        heap.client.setFilter(new Block({ blockSize: 3 }));
      } else heap.client.put(Array.isArray(record) ? record.reverse() : [...text(record)].reverse().join(''));
    },
    clientDisconnected({ kernel }) {
      kernel.post(name, 'shutdown');
    },
  });
}

function client(name: string, then: () => void, filter: FilterSource | undefined, ...say: unknown[]): void {
  ClientTCP.create({
    remoteAddress: '127.0.0.1',
    remotePort: port[name],
    filter,
    connected({ heap }) {
      heap.server.put(say.shift());
    },
    serverInput({ kernel, heap }, record: unknown) {
      console.log(`${name} client: '${text(record)}'`);
      if (record === 'upgrading') heap.server.setFilter(new Block({ blockSize: 3 }));
      if (say.length > 0) heap.server.put(say.shift());
      else kernel.yield('shutdown');
    },
    disconnected() {
      then();
    },
  });
}

server('line');
server('semi', { clientFilter: [Line, { literal: ';' }] });
server('ref', { clientFilter: Reference });
server('object', { clientFilter: new Line({ literal: '!' }) });
server('split', { clientInputFilter: [Block, { blockSize: 2 }], clientOutputFilter: Stream });

const split = () => client('split', () => {}, Stream, 'abcd');
const object = () => client('object', split, new Line({ literal: '!' }), 'shout', 'again');
const ref = () => client('ref', object, Reference, [1, 2, 3]);
const semi = () => client('semi', ref, [Line, { literal: ';' }], 'two words');
client('line', semi, undefined, 'plain', 'upgrade', 'abc', 'xyz');

const bad: Record<string, unknown>[] = [{ clientInputFilter: Line }, { clientFlushed: 'x' }, { highMark: 5 }];
for (const options of bad) {
  // POE writes its parameters with a capital letter.
  const name = String(Object.keys(options)[0]).replace(/^./, (first) => first.toUpperCase());
  let outcome = 'accepted';
  try {
    ServerTCP.create({ port: 0, clientInput() {}, ...options });
  } catch {
    outcome = 'died';
  }
  console.log(`${name} alone: ${outcome}`);
}
await kernel.run();
