import { kernel } from 'poe-kernel';
import { ClientTCP, ServerTCP } from 'poe-kernel/components';
import { HTTPD, HttpResponse, Line, Stream } from 'poe-kernel/wheels';

// A web server with separate filters for both directions, and clients that send odd requests one after the other; at the end a protocol is switched.

let port: number | undefined;
let toldOnce = false;
const dialogue: [string, string][] = [
  ['lower case', 'GET /a%20b?x=1&y HTTP/1.1\r\nhost: h\r\nx-two: 1\r\nx-two: 2\r\nuser-agent: me\r\n\r\n'],
  ['pipelined', 'GET /1 HTTP/1.1\r\nHost: h\r\n\r\nHEAD /2 HTTP/1.1\r\nHost: h\r\n\r\nDELETE /3 HTTP/1.0\r\n\r\n'],
  ['body', 'PUT /doc HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\nContent-Length: 12\r\n\r\nline\r\n\r\n1234'],
  ['bodies', 'POST /p HTTP/1.1\r\nContent-Length: 2\r\n\r\nabPOST /q HTTP/1.1\r\nContent-Length: 3\r\n\r\ncde'],
  ['bare', 'GET /bare\r\n\r\n'],
  ['old', 'GET / HTTP/0.9\r\n\r\n'],
  ['newer', 'GET / HTTP/2.0\r\n\r\n'],
  ['lower verb', 'get /low HTTP/1.1\r\n\r\n'],
  ['odd verb', 'M-SEARCH * HTTP/1.1\r\nHost: h\r\n\r\n'],
  ['whole URI', 'GET http://example.test:81/x#f HTTP/1.1\r\n\r\n'],
  ['blanks', 'GET   /spaced   HTTP/1.1\r\n\r\n'],
  ['no protocol', 'GET /a b c\r\n\r\n'],
  ['garbage', '@@@\r\n\r\n'],
  ['too much', 'POST / HTTP/1.1\r\nContent-Length: 101\r\n\r\n'],
  ['bad length', 'POST / HTTP/1.1\r\nContent-Length: -5\r\n\r\n'],
  ['no length', 'POST /none HTTP/1.1\r\nHost: h\r\n\r\n'],
  ['options', 'OPTIONS * HTTP/1.1\r\n\r\n'],
  ['encoded', 'PUT /e HTTP/1.1\r\nContent-Encoding: x\r\n\r\n'],
  ['switch', 'GET /switch HTTP/1.1\r\nUpgrade: lines\r\n\r\n'],
];

const told = (text: any): string => String(text).replaceAll('\r', '\\r').replaceAll('\n', '\\n');

ServerTCP.create({
  alias: 'web',
  address: '127.0.0.1',
  port: 0,
  started({ heap }) {
    port = heap.listener.getsockname()?.port;
  },
  clientInputFilter: new HTTPD({ maxContent: 100 }),
  clientOutputFilter: HTTPD,
  clientConnected({ heap }) {
    if (toldOnce) return;
    toldOnce = true;
    const filter = heap.client.getInputFilter();
    console.log(
      `  server: POE::Filter::${filter.constructor.name}, ${filter === heap.client.getOutputFilter() ? 'one filter' : 'two filters'}`,
    );
  },
  clientInput({ kernel, heap }, r: any) {
    if (typeof r === 'string') {
      console.log(`  line: ${r}`);
      heap.client.put(r.toUpperCase());
      if (r === 'bye') kernel.yield('shutdown');
      return;
    }
    if (r instanceof HttpResponse) {
      console.log(
        `  refused: ${r.statusLine()}, ${r.header('Content-Type')}${r.request ? `, ${r.request.method}` : ''}`,
      );
      heap.client.put(r);
      return kernel.yield('shutdown');
    }
    const headers = r
      .headerFieldNames()
      .sort()
      .map((name: string) => `${name}=${r.headerValues(name).join('+')}`);
    console.log(`  ${[r.method, r.uri, r.protocol, ...headers].join(' ')} body ${told(r.content)}`);
    let answer = new HttpResponse(200, 'Fine', { 'X-Path': r.path, 'Content-Type': 'text/x' }, `you sent ${r.method}`);
    for (const n of [1, 2]) answer.pushHeader('X-Many', n);
    answer.contentLength = answer.content.length;
    if (r.path === '/switch') {
      answer = new HttpResponse(101);
      answer.header('Upgrade', 'lines');
      heap.client.put(answer);
      heap.client.setFilter(new Line({ literal: '\n' }));
      return;
    }
    heap.client.put(answer);
  },
  clientDisconnected() {
    console.log('  server: gone');
    nextClient();
  },
});

let ends = 0;
function nextClient() {
  if (ends++ % 2) return;
  const next = dialogue.shift();
  if (!next) {
    kernel.post('web', 'shutdown');
    return;
  }
  const [label, request] = next;
  const expected = (request.match(/ HTTP\/|\/bare|^@@@|a b c/g) ?? []).length;
  console.log(label);
  ClientTCP.create({
    remoteAddress: '127.0.0.1',
    remotePort: port,
    filter: Stream,
    connected({ heap }) {
      heap.server.put(request);
    },
    serverInput({ kernel, heap }, octets) {
      heap.got = (heap.got ?? '') + String(octets);
      const answers = (heap.got.match(/you sent/g) ?? []).length;
      if (answers === expected) kernel.yield('shutdown');
      if (/\r\n\r\n$/.test(heap.got) && / 101 /.test(heap.got)) heap.server.put('hello\nmore\nbye\n');
    },
    serverError() {},
    disconnected({ heap }) {
      console.log(
        `  client: ${told(heap.got.replace(/<html>.*/s, '').replace(/\r\n(?:Date|Server|Content-Length): [^\r]*/g, ''))}`,
      );
      nextClient();
    },
  });
}
nextClient();
await kernel.run();
console.log('over');
