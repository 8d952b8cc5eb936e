import { kernel } from 'poe-kernel';
import { ClientTCP, ServerTCP } from 'poe-kernel/components';
import { HTTPD, HttpResponse, Stream, statusMessage } from 'poe-kernel/wheels';

let port: number | undefined;
const log: string[] = [];
const hits: Record<string, number> = {};
ServerTCP.create({
  alias: 'web',
  address: '127.0.0.1',
  port: 0,
  started({ heap }) {
    port = heap.listener.getsockname()?.port;
  },
  clientFilter: HTTPD,
  clientInput({ kernel, heap }, request) {
    if (request instanceof HttpResponse) {
      log.push(`bad request: ${request.statusLine()}`);
      heap.client.put(request);
      kernel.yield('shutdown');
      return;
    }
    const path = request.path;
    hits[path] = (hits[path] ?? 0) + 1;
    log.push(
      [
        request.method,
        path,
        request.query || '-',
        request.header('Host') || 'no host',
        request.protocol,
        request.content.length,
      ].join(' '),
    );
    let response: HttpResponse;
    if (path === '/hello') {
      const q = new URLSearchParams(request.query);
      response = new HttpResponse(200, 'OK', { 'Content-Type': 'text/plain' });
      response.content = `Hello, ${q.get('name')}!\n`;
    } else if (path === '/echo') {
      response = new HttpResponse(200);
      response.contentType = request.contentType;
      response.content = String(request.content).toUpperCase();
      for (const v of request.headerValues('X-Many')) response.pushHeader('X-Seen', v);
    } else if (path === '/moved') {
      response = new HttpResponse(302);
      response.header('Location', '/hello?name=again');
    } else {
      response = new HttpResponse(404, 'Nothing here');
      response.content = '?';
    }
    response.protocol = request.protocol;
    response.contentLength = response.content.length;
    response.header('Connection', 'close');
    heap.client.put(response);
    kernel.yield('shutdown');
  },
  clientError() {},
});
const requests = [
  'GET /hello?name=World&x=1 HTTP/1.0\r\nHost: one\r\n\r\n',
  'POST /echo HTTP/1.1\r\nHost: two\r\nContent-Type: text/x-thing\r\nX-Many: a\r\nX-Many: b\r\nContent-Length: 9\r\n\r\nsome text',
  'GET /moved HTTP/1.1\nHost: three\n\n',
  'HEAD /none HTTP/1.0\r\n\r\n',
  'nonsense\r\n\r\n',
  'POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: lots\r\n\r\n',
  'GET http://proxy.example/hello?name=P HTTP/1.0\r\n\r\n',
];
let current = -1;
function nextClient() {
  current++;
  if (current === requests.length) {
    kernel.post('web', 'shutdown');
    return;
  }
  let got = '';
  ClientTCP.create({
    remoteAddress: '127.0.0.1',
    remotePort: port,
    filter: Stream,
    connected({ heap }) {
      heap.server.put(requests[current]);
    },
    serverInput(_, x) {
      got += x;
    },
    serverError({ kernel }) {
      kernel.yield('shutdown');
    },
    disconnected() {
      const at = got.indexOf('\r\n\r\n');
      const [head, body] = [got.slice(0, at), got.slice(at + 4)];
      console.log(`--- request ${current}`);
      const [status, ...headers] = head.split('\r\n');
      console.log([status, ...headers.sort()].join('\n'));
      console.log(`[${body.replace(/\n$/, '')}]`);
      nextClient();
    },
  });
}
nextClient();
await kernel.run();
for (const l of log) console.log(l);
console.log(
  Object.keys(hits)
    .sort()
    .map((k) => `${k} ${hits[k]}`)
    .join(', '),
);
console.log(statusMessage(418) || 'none');
