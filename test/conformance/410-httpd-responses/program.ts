import { HTTPD, HttpRequest, HttpResponse } from 'poe-kernel/wheels';

const show = (s: unknown) =>
  String(s)
    .replaceAll('\r\n', '<CRLF>\n')
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');

const f = new HTTPD();

let r = new HttpResponse(200, 'OK');
r.header('Content-Type', 'text/plain');
r.header('Content-Length', 12);
r.content = 'body line\nx\n';
console.log(`plain:\n${show(f.put([r])[0])}`);

r = new HttpResponse(404, 'No such page');
r.protocol = 'HTTP/1.1';
r.header('Server', 'test');
r.pushHeader('X-Many', 'one');
r.pushHeader('X-Many', 'two');
console.log(`own message:\n${show(f.put([r])[0])}`);

r = new HttpResponse(302);
r.header('Location', '/elsewhere');
console.log(`no message:\n${show(f.put([r])[0])}`);

const out = f.put([new HttpResponse(200, 'OK'), new HttpResponse(500, 'Internal Server Error')]);
console.log(`two responses: ${out.length} chunks`);

const [bad] = f.get([Buffer.from('nonsense\r\n\r\n')]) as [HttpResponse];
const bytes = String(f.put([bad])[0]);
const begin = /^(HTTP\S+ \d+ [^\r]*)\r\n/.exec(bytes)?.[1] ?? 'something else';
console.log(`error response on the wire begins with ${begin}`);
const length = /Content-Length: (\d+)/i.exec(bytes)?.[1];
const body = /\r\n\r\n(.*)/s.exec(bytes)?.[1] ?? '';
console.log(`its Content-Length is right: ${Number(length) === body.length ? 'yes' : 'no'}`);

const s = new HTTPD({ streaming: true, maxContent: 10 });
const got: string[] = [];
for (const piece of [
  'POST /big HTTP/1.1\r\nContent-Length: 25\r\n\r\nfirst ',
  'second ',
  'third piece.GET /next HTTP/1.1',
  '\r\n\r\n',
]) {
  got.push(...s.get([Buffer.from(piece)]).map((r) => (r instanceof HttpRequest ? `${r.method} ${r.uri}` : `'${r}'`)));
}
console.log(`streaming: ${got.join(' + ')}`);
