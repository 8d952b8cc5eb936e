import { HTTPD, type HttpdOptions, HttpRequest, type HttpResponse } from 'poe-kernel/wheels';

function describe(r: HttpRequest | HttpResponse): string {
  if (r instanceof HttpRequest) {
    const c = String(r.content).replaceAll('\n', '\\n');
    const fields = r
      .headerFieldNames()
      .sort()
      .filter((name) => !/^Content-Length$/i.test(name))
      .map((name) => `${name}=${r.header(name)}`);
    return ['request', r.method, r.uri, r.protocol, ...fields, ...(c === '' ? [] : [`body '${c}'`])].join(' ');
  }
  const [, title = ''] = /<title>(.*?)<\/title>/.exec(String(r.content)) ?? [];
  const request = r.request ? 'with its request' : 'without request';
  return ['response', r.code, r.message, r.header('Content-Type'), `'${title}'`, request].join(' ');
}
function feed(label: string, size: number, text: string, options: HttpdOptions<false> = {}): void {
  const f = new HTTPD(options);
  const records: (HttpRequest | HttpResponse)[] = [];
  for (let at = 0; at < text.length; at += size) records.push(...f.get([Buffer.from(text.slice(at, at + size))]));
  console.log(`${label}: ${records.map(describe).join(' / ') || 'nothing'}`);
  const p = f.getPending();
  if (p) console.log(`  pending: ${p[0]?.length} bytes`);
}

const get = 'GET /index.html?a=1 HTTP/1.1\r\nHost: example.test\r\nX-Long: one\r\n two\r\n\r\n';
feed('get', 1000, get);
feed('get by 3 bytes', 3, get);
feed('bare newlines', 1000, 'GET / HTTP/1.0\nHost: h\n\n');
feed('blank lines first', 1000, '\r\n\r\nGET /x HTTP/1.0\r\n\r\n');
feed('no version', 1000, 'GET /old\r\n\r\n');
feed('post', 7, 'POST /form HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\n\r\nhello\nworld');
feed('two in one', 1000, 'GET /1 HTTP/1.1\r\nHost: h\r\n\r\nGET /2 HTTP/1.1\r\nHost: h\r\n\r\n');
feed('post then get', 1000, 'POST /p HTTP/1.1\r\nContent-Length: 3\r\n\r\nabcGET /2 HTTP/1.1\r\n\r\n');
feed('double slash', 1000, 'GET //path HTTP/1.1\r\n\r\n');
feed('odd method', 1000, 'BREW /pot HTTP/1.1\r\n\r\n');
feed('garbage', 1000, 'this is not http\r\n\r\n');
feed('missing path', 1000, 'GET\r\n\r\n');
feed('bad length', 1000, 'POST / HTTP/1.1\r\nContent-Length: abc\r\n\r\nxx');
feed('too large', 1000, 'POST / HTTP/1.1\r\nContent-Length: 50\r\n\r\n', { maxContent: 20 });
feed('encoded without length', 1000, 'POST / HTTP/1.1\r\nContent-Encoding: gzip\r\n\r\nzzz');
feed('zero length', 1000, 'POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n');
feed('unfinished', 1000, 'GET / HTTP/1.1\r\nHost: h\r\n');
feed('after an error', 1000, 'bad line here !\r\n\r\nGET /ok HTTP/1.1\r\n\r\n');
