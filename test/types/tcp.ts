import { events } from 'poe-kernel';
import { ClientTCP, type FilterSource, ServerTCP, type ServerTCPOptions } from 'poe-kernel/components';
import { HTTPD, type HttpRequest, type HttpResponse, Line, type ReadWrite, Reference, Stream } from 'poe-kernel/wheels';
import { type Equal, expect, same } from './equal.ts';

interface Events {
  announce: [text: string];
}

const id = ServerTCP.create({
  port: 0,
  clientArgs: ['a', 2],
  listenerArgs: [1],
  events: events<Events>(),
  started({ heap }, ...args) {
    expect<Equal<typeof args, any[]>>();
    same<number | undefined>()(heap.listener.getsockname()?.port);
  },
  clientInput({ kernel, heap }, line, wheelId) {
    expect<Equal<typeof line, string>>();
    expect<Equal<typeof wheelId, number>>();
    same<ReadWrite>()(heap.client);
    same<string>()(heap.remoteIp);
    heap.anything = heap.remotePort;
    kernel.yield('announce', line);
    // @ts-expect-error: it takes a text
    kernel.yield('announce', 5);
  },
  clientConnected(_, letter, count) {
    expect<Equal<typeof letter, 'a'>>();
    expect<Equal<typeof count, 2>>();
  },
  clientPreConnect(_, socket, [letter]) {
    expect<Equal<typeof letter, 'a'>>();
    return letter === 'a' ? socket : undefined;
  },
  clientError(_, operation, errno, message) {
    expect<Equal<typeof operation, 'read' | 'write'>>();
    same<number>()(errno);
    same<string>()(message);
  },
  inlineStates: {
    announce({ heap }, text) {
      heap.client.put(text.toUpperCase());
    },
  },
});
same<number>()(id);

// The filter says what a record is.
ServerTCP.create({ clientFilter: Stream, clientInput: (_, octets) => same<Buffer>()(octets) });
ServerTCP.create({ clientFilter: [Line, { literal: ';' }], clientInput: (_, line) => same<string>()(line) });
ServerTCP.create({ clientFilter: HTTPD, clientInput: (_, record) => same<HttpRequest | HttpResponse>()(record) });
ServerTCP.create({ clientFilter: new Reference(), clientInput: (_, value) => same<unknown>()(value) });
ServerTCP.create({
  clientInputFilter: Stream,
  clientOutputFilter: Line,
  clientInput: (_, octets) => same<Buffer>()(octets),
});
// @ts-expect-error: the name of a class is none
ServerTCP.create({ clientFilter: 'POE::Filter::Line', clientInput() {} });
// @ts-expect-error: it is made by create
new ServerTCP({ clientInput() {} });

// What is put together elsewhere stays loose.
const sources: FilterSource[] = [Line, [Line, { literal: ';' }], new Stream()];
const more: Partial<ServerTCPOptions> = { clientFilter: sources[0], clientConnected() {} };
ServerTCP.create({ clientInput() {}, ...more });

let port: number | undefined;
ClientTCP.create({
  remoteAddress: '127.0.0.1',
  remotePort: port,
  args: [5],
  started: (_, five) => same<5>()(five),
  filter: Stream,
  serverInput({ heap }, octets) {
    expect<Equal<typeof octets, Buffer>>();
    same<ReadWrite>()(heap.server);
    same<0 | 1>()(heap.connected);
  },
  connectError(_, operation, errno, message, wheelId) {
    same<string>()(operation);
    same<number | undefined>()(wheelId);
    same<number>()(errno);
    same<string>()(message);
  },
});
// @ts-expect-error: it has to say where to
ClientTCP.create({ serverInput() {} });
// @ts-expect-error: it has to say what comes
ClientTCP.create({ remoteAddress: 'a', remotePort: 1 });
