import { constants } from 'node:os';
import { type HandlerContext, kernel, Session } from 'poe-kernel';
import { ClientTCP, ServerTCP } from 'poe-kernel/components';
import { HTTPD, HttpRequest, HttpResponse, Stream } from 'poe-kernel/wheels';

const port: Record<string, number | undefined> = {};
const log: string[] = [];
let count = 0;
const started =
  (name: string) =>
  ({ heap }: HandlerContext): void => {
    port[name] = heap.listener.getsockname()?.port;
  };
ServerTCP.create({
  alias: 'pre',
  address: '127.0.0.1',
  port: 0,
  started: started('pre'),
  clientArgs: ['pa'],
  clientPreConnect({ heap }, socket, args) {
    log.push(`pre ${Array.isArray(args) ? 'ARRAY' : ''} ${heap.client ? 'client' : 'no client'} ${heap.remoteIp}`);
    if (++count === 1) return;
    return socket;
  },
  clientConnected({ heap }) {
    log.push('pre connected');
    heap.client.put('in');
  },
  clientDisconnected() {
    log.push('pre disconnected');
  },
  clientInput() {},
  clientError(_, op, e) {
    log.push(`pre error ${op} ${e}`);
  },
});
ServerTCP.create({
  alias: 'stay',
  address: '127.0.0.1',
  port: 0,
  started: started('stay'),
  clientShutdownOnError: 0,
  clientInput({ kernel }, l) {
    log.push(`stay got ${l}`);
    kernel.delay('answer', 0.1);
  },
  clientError({ heap }, op, e) {
    log.push(`stay error ${op} ${e} got=${heap.gotAnError ? 1 : 0}`);
  },
  inlineStates: {
    answer({ kernel, heap }) {
      log.push('stay answers');
      heap.client.put('late answer');
      kernel.yield('shutdown');
    },
  },
  clientDisconnected() {
    log.push('stay disconnected');
  },
});
ServerTCP.create({
  alias: 'http',
  address: '127.0.0.1',
  port: 0,
  started: started('http'),
  clientFilter: HTTPD,
  sessionParams: { options: { debug: 0 } },
  clientInput({ kernel, heap }, r) {
    if (r instanceof HttpResponse) {
      log.push(`http bad ${r.code}`);
      heap.client.put(new HttpResponse(400, 'Bad', [], 'sorry\n'));
      kernel.yield('shutdown');
      return;
    }
    if (!(r instanceof HttpRequest)) return;
    log.push(`http ${r.method} ${r.path} [${r.content}]`);
    heap.client.put(new HttpResponse(200, 'OK', { 'Content-Type': 'text/plain' }, `you asked ${r.path}\n`));
    if ((r.header('Connection') || '') === 'close') kernel.yield('shutdown');
  },
});
ServerTCP.create({
  alias: 'dup',
  address: '127.0.0.1',
  port: port.pre,
  clientInput() {},
  error({ kernel, heap }, op, e) {
    log.push(
      `dup ${op} ${e === constants.errno.EADDRINUSE ? 'EADDRINUSE' : e} ${heap.listener ? 'listener' : 'none'} alias ${kernel.aliasList()?.join(',')}`,
    );
    kernel.yield('shutdown');
  },
  stopped() {
    log.push('dup stopped');
  },
});
for (let n = 1; n <= 2; n++) {
  ClientTCP.create({
    remoteAddress: '127.0.0.1',
    remotePort: port.pre,
    connected() {
      log.push('client connected');
    },
    serverInput({ kernel }, l) {
      log.push(`client got ${l}`);
      kernel.yield('shutdown');
    },
    serverError(_, op, e) {
      log.push(`client error ${op} ${e}`);
    },
    disconnected() {
      log.push('client disconnected');
    },
  });
}
ClientTCP.create({
  remoteAddress: '127.0.0.1',
  remotePort: port.stay,
  connected({ heap }) {
    heap.server.put('q');
    heap.server.flush();
    heap.server.shutdownOutput();
  },
  serverInput(_, l) {
    log.push(`half got ${l}`);
  },
  serverError(_, op, e) {
    log.push(`half error ${op} ${e}`);
  },
});
const web = (name: string, ...req: string[]) =>
  ClientTCP.create({
    remoteAddress: '127.0.0.1',
    remotePort: port.http,
    filter: Stream,
    connected({ heap }) {
      for (const r of req) heap.server.put(r);
    },
    serverInput({ heap }, d) {
      heap.all = (heap.all ?? '') + d;
    },
    serverError() {},
    disconnected({ heap }) {
      log.push(
        `${name}: ${heap.all
          .trimEnd()
          .split(/\r?\n/)
          .filter((l: string) => !/^(Date|Server)/.test(l))
          .join('|')}`,
      );
    },
  });
web(
  'two',
  'GET /one?x HTTP/1.1\r\nHost: h\r\n\r\n',
  'POST /two HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc',
);
web('bad', 'rubbish\r\n\r\n');
Session.create({
  inlineStates: {
    _start({ kernel }) {
      kernel.delay('end', 0.8);
    },
    end({ kernel }) {
      for (const n of ['pre', 'stay', 'http']) kernel.post(n, 'shutdown');
    },
  },
});
await kernel.run();
for (const l of log.sort()) console.log(l);
