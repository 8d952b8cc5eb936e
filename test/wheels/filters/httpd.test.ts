import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HTTPParser } from 'http-parser-js';
import { cut, filterContract } from 'poe-kernel/testing';
import { HTTPD, type HttpdOptions, HttpRequest, HttpResponse } from 'poe-kernel/wheels';
import { processorMs } from '../../helpers/processor-time.ts';
import { runContract } from '../../helpers/run-contract.ts';
import { warningsOf } from '../../helpers/sessions.ts';

const octets = (...texts: string[]) => texts.map((text) => Buffer.from(text, 'latin1'));

/** A record in a few words. */
function brief(record: HttpRequest | HttpResponse | Buffer): string {
  if (record instanceof HttpRequest)
    return `${record.method} ${record.uri} ${record.content.toString('latin1')}`.trim();
  return record instanceof HttpResponse
    ? `${record.code}${record.request ? ` to ${record.request.uri}` : ''}`
    : `'${record}'`;
}

/** What is read of pieces, each given to a get() of its own. */
function read(pieces: readonly string[], options: HttpdOptions = {}): string[] {
  const filter = new HTTPD(options);
  return octets(...pieces).flatMap((piece) => filter.get([piece]).map(brief));
}

/** Requests, and what puts them on a wire, so that the contract can send them through the filter. */
class Client extends HTTPD {
  override put(requests: readonly unknown[]): Buffer[] {
    return octets(...(requests as string[]));
  }
  override clone(): Client {
    return new Client();
  }
}
const post = (body: string) => `POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
runContract(
  'HTTPD, as a filter',
  filterContract<HttpRequest | HttpResponse, unknown>({
    make: () => new Client() as never,
    records: [
      'GET /1 HTTP/1.1\r\nHost: h\r\n\r\n',
      'GET / HTTP/1.0\n\n',
      post(''),
      post('a\r\n\r\nb'),
      post('x'.repeat(200)),
      'GET\r\n\r\n',
    ],
    expected: (sent) => (sent as string[]).map((text) => brief(new HTTPD().get(octets(text))[0] as HttpRequest)),
    seen: (got) => got.map(brief),
    unfinished: Buffer.from('GET / HTTP/1.1\r\nHost'),
    noHandOver: 'the headers of a body that is being read are gone',
  }),
);

describe('HTTPD, reading', () => {
  it('get() takes two words for a request, without a version for HTTP/0.9', () => {
    const [request] = new HTTPD().get(octets('this is not http\r\n\r\n')) as [HttpRequest];
    assert.deepEqual([request.method, request.uri, request.protocol], ['this', 'is', 'HTTP/0.9']);
  });

  it('get() joins headers that go on in the next line, and ends them at a line that is none', () => {
    const [request] = new HTTPD().get(
      octets('GET / HTTP/1.1\r\n lost\r\nX-Long: one\r\n two\r\n\tthree\r\nno header\r\nHost: h\r\n\r\n'),
    ) as [HttpRequest];
    assert.deepEqual([request.header('X-Long'), request.header('Host')], ['one two three', undefined]);
  });

  it('get() keeps the octets of headers and bodies, U+0080 to U+00FF too', () => {
    const [request] = new HTTPD().get(octets('POST / HTTP/1.1\r\nX: \xe9\r\nContent-Length: 2\r\n\r\n\xff\0')) as [
      HttpRequest,
    ];
    assert.equal(request.header('X'), '\xe9');
    assert.deepEqual(request.content, Buffer.of(0xff, 0));
  });

  it('get() takes the LF of the last line end for no part of the body, however late it comes', () => {
    const [head, body] = ['POST / HTTP/1.1\r\nContent-Length: 5\r\n\r', '\nhello'];
    assert.deepEqual(read([head, body]), ['POST / hello']);
    assert.deepEqual(read([head, '\n', 'hello']), ['POST / hello']);
    assert.deepEqual(read([head, '\n\nell', 'o']), ['POST / \nello']);
    assert.deepEqual(read([head, body], { streaming: true }), ['POST /', "'hello'"]);
  });

  it('get() reads what follows an empty body', () => {
    assert.deepEqual(read([`${post('')}GET /next HTTP/1.1\r\n\r\n`]), ['POST /p', 'GET /next']);
  });

  it('get() skips the blanks that some clients send behind a body', () => {
    const filter = new HTTPD();
    assert.deepEqual(filter.get(octets(`${post('abc')}\r\n`)).map(brief), ['POST /p abc']);
    assert.equal(filter.getPending(), null);
  });

  it('get() answers what it cannot read, and goes on behind it', () => {
    assert.deepEqual(read(['GET\r\n\r\nGET /ok HTTP/1.1\r\n\r\n']), ['400', 'GET /ok']);
    assert.deepEqual(read(['POST /x HTTP/1.1\r\nContent-Length: abc\r\n\r\nlost', 'GET /ok HTTP/1.1\r\n\r\n']), [
      '400 to /x',
      'GET /ok',
    ]);
    assert.deepEqual(read(['POST /x HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n']), ['400 to /x']);
    assert.deepEqual(read(['POST /x HTTP/1.1\r\nContent-Encoding: gzip\r\n\r\n']), ['411 to /x']);
    assert.deepEqual(read(['POST /x HTTP/1.0\r\nContent-Encoding: gzip\r\n\r\n']), ['POST /x']);
  });

  it('get() reads nothing more where a request might hide in a body', () => {
    const next = 'GET /hidden HTTP/1.1\r\n\r\n';
    const chunked = 'Transfer-Encoding: chunked\r\n';
    for (const [fields, answer] of [
      [chunked, '411 to /x'],
      [`Content-Length: 3\r\n${chunked}`, '400 to /x'],
      ['no header\r\nContent-Length: 30\r\n', '400 to /x'],
      [`no header\r\n${chunked}`, '400 to /x'],
    ] as const) {
      const filter = new HTTPD();
      assert.deepEqual(filter.get(octets(`POST /x HTTP/1.1\r\n${fields}\r\n${next}`)).map(brief), [answer]);
      assert.deepEqual(filter.get(octets(next)), []);
      assert.equal(filter.getPending(), null);
    }
  });

  it('get() takes no other spelling for Content-Length, and stops at no name that HTTP allows', () => {
    assert.deepEqual(read(['POST / HTTP/1.1\r\nContent_Length: 5\r\n\r\n']), ['POST /']);
    assert.deepEqual(read(["POST / HTTP/1.1\r\nX.Y!#$%&'*+^`|: 1\r\nContent-Length: 2\r\n\r\nab"]), ['POST / ab']);
  });

  it('what an answer quotes of a request is text in its page', () => {
    const [answer] = new HTTPD().get(octets('<script>&\r\n\r\n')) as [HttpResponse];
    assert.match(String(answer.content), /\(&#60;script&#62;&#38;\r\n\r\n\)/);
    assert.equal(answer.contentLength, answer.content.length);
  });

  it('getPending() gives what is no part of a request yet', () => {
    const filter = new HTTPD();
    filter.get(octets('GET / HT'));
    assert.deepEqual(filter.getPending(), octets('GET / HT'));
    filter.get(octets('TP/1.1\r\nContent-Length: 9\r\n\r\nbody'));
    assert.equal(filter.getPending(), null);
    filter.getOneStart(octets(' more'));
    assert.deepEqual(filter.getPending(), octets(' more'));
    assert.deepEqual(filter.getOne().map(brief), ['GET / body more']);
  });

  it('streaming gives the request first, then its body in pieces, of any length', () => {
    const head = 'PUT /big HTTP/1.1\r\nContent-Length: 25\r\n\r\n';
    assert.deepEqual(
      read([`${head}first `, 'second ', 'third piece.GET /next HTTP/1.1', '\r\n\r\n'], {
        streaming: true,
        maxContent: 10,
      }),
      ['PUT /big', "'first '", "'second '", "'third piece.'", 'GET /next'],
    );
    const filter = new HTTPD({ streaming: true });
    const [request, piece] = filter.get(octets(`${head}x`));
    assert.ok(request instanceof HttpRequest && Buffer.isBuffer(piece));
  });

  it('get() reads half a MiB octet by octet in linear time', () => {
    const filter = new HTTPD();
    const stream = octets(post('x'.repeat(512 * 1024)))[0] as Buffer;
    const started = processorMs();
    let got: string[] = [];
    for (const octet of stream) got = got.concat(filter.get([Buffer.of(octet)]).map(brief));
    assert.equal(got.length, 1);
    assert.ok(processorMs() - started < 5000);
  });
});

describe('HTTPD, limits', () => {
  const head = (length: number) => `GET / HTTP/1.1\r\nX: ${'x'.repeat(length - 23)}\r\n\r\n`;

  it('maxHeader lets headers through at the limit and refuses more, cut anywhere', () => {
    assert.equal(head(100).length, 100);
    for (const [length, answer] of [
      [99, 'GET /'],
      [100, 'GET /'],
      [101, '431'],
    ] as const) {
      for (let place = 0; place <= length; place++) {
        const filter = new HTTPD({ maxHeader: 100 });
        const pieces = cut(Buffer.from(head(length)), [place]);
        assert.deepEqual(
          pieces.flatMap((piece) => filter.get([piece]).map(brief)),
          [answer],
          `${length}, ${place}`,
        );
      }
    }
    assert.deepEqual(read([head(16 * 1024), head(16 * 1024 + 1), head(100)]), ['GET /', '431']);
    assert.deepEqual(read(['x'.repeat(16 * 1024 - 1)]), []);
    assert.deepEqual(read(['x'.repeat(16 * 1024)]), ['431']);
  });

  it('maxHeaders lets as many fields through and refuses one more', () => {
    const fields = (count: number) => `GET / HTTP/1.1\r\n${'X: 1\r\n'.repeat(count)}\r\n`;
    assert.deepEqual(
      [99, 100, 101].flatMap((count) => read([fields(count)])),
      ['GET /', 'GET /', '431'],
    );
    assert.deepEqual(read([fields(2), fields(3), fields(1)], { maxHeaders: 2 }), ['GET /', '431']);
  });

  it('maxContent lets a body through at the limit, and skips one beyond it', () => {
    const next = 'GET /next HTTP/1.1\r\n\r\n';
    assert.deepEqual(read([post('x'.repeat(9)), post('x'.repeat(10))], { maxContent: 10 }), [
      `POST /p ${'x'.repeat(9)}`,
      `POST /p ${'x'.repeat(10)}`,
    ]);
    const long = post('GET / HTTP/1.1\r\n\r\n') + next;
    for (let place = 0; place < long.length; place++) {
      assert.deepEqual(read([long.slice(0, place), long.slice(place)], { maxContent: 10 }), ['413 to /p', 'GET /next']);
    }
    const mib = 1024 * 1024;
    assert.equal(read([post('x'.repeat(mib))])[0]?.length, mib + 8);
    assert.deepEqual(read([post('x'.repeat(mib + 1))]), ['413 to /p']);
    for (const huge of ['9'.repeat(30), '9007199254740992']) {
      assert.deepEqual(read([`POST / HTTP/1.1\r\nContent-Length: ${huge}\r\n\r\n`], { streaming: true }), ['413 to /']);
    }
  });

  it('maxBuffer lets that many octets wait, and keeps no more', () => {
    const options = { maxContent: 10, maxBuffer: 20 };
    new HTTPD(options).getOneStart(octets('x'.repeat(20)));
    assert.throws(() => new HTTPD(options).getOneStart(octets('x'.repeat(21))), {
      name: 'PoeLimitError',
      code: 'POE_ERR_BUFFER_LIMIT',
    });
  });

  it('new HTTPD() refuses limits that cannot be, and warns of what it does not know', async () => {
    for (const options of [
      { maxContent: 0 },
      { maxBuffer: 1.5 },
      { maxHeader: -1 },
      { maxHeaders: 'x' },
      { maxContent: 10, maxBuffer: 12 },
    ]) {
      assert.throws(() => new HTTPD(options as never), { name: 'PoeUsageError', code: 'POE_ERR_FILTER_OPTION' });
    }
    new HTTPD({ maxContent: 10, maxBuffer: 13 });
    assert.deepEqual(await warningsOf(() => new HTTPD({ Streaming: true } as object)), [
      "Ignoring unknown HTTPD option 'Streaming'; write 'streaming'",
    ]);
  });
});

describe('HTTPD, writing', () => {
  const write = (response: HttpResponse) => String(new HTTPD().put([response])[0]);

  it('put() writes the response as it is, in HTTP/1.0 unless it says otherwise', () => {
    const response = new HttpResponse(200, 'OK', { 'Content-Type': 'text/plain', Server: 'test' }, 'body\n');
    assert.equal(write(response), 'HTTP/1.0 200 OK\r\nServer: test\r\nContent-Type: text/plain\r\n\r\nbody\n');
    response.protocol = 'HTTP/1.1';
    response.message = 'Fine';
    assert.match(write(response), /^HTTP\/1\.1 200 \(OK\) Fine\r\n/);
    assert.match(write(new HttpResponse(799)), /^HTTP\/1\.0 799 \(Unknown Error\)\r\n/);
  });

  it('put() lets nothing of a value become another header or the body', () => {
    const response = new HttpResponse(200, 'OK\r\nX: 1', { 'X-Lines': 'a\r\nSet-Cookie: b\r\n\r\n<p>\rc \r\n' });
    assert.equal(write(response), 'HTTP/1.0 200 (OK) OK X: 1\r\nX-Lines: a\r\n Set-Cookie: b\r\n <p>\r\n c\r\n\r\n');
  });

  it('put() writes what another parser reads the same', () => {
    const response = new HttpResponse(
      404,
      'Not Found',
      [
        ['X-Many', ['one', 'two']],
        ['ETag', '"x"'],
      ],
      Buffer.of(0, 255, 13, 10),
    );
    response.protocol = 'HTTP/1.1';
    response.contentLength = response.content.length;
    const parser = new HTTPParser(HTTPParser.RESPONSE);
    const heard: unknown[] = [];
    parser[HTTPParser.kOnHeadersComplete] = ({ statusCode, statusMessage, headers }) => {
      heard.push(statusCode, statusMessage, headers);
    };
    parser[HTTPParser.kOnBody] = (chunk, offset, length) => {
      heard.push(Buffer.from(chunk.subarray(offset, offset + length)));
    };
    const [chunk] = new HTTPD().put([response]) as [Buffer];
    assert.equal(parser.execute(chunk), chunk.length);
    assert.deepEqual(heard, [
      404,
      'Not Found',
      ['ETag', '"x"', 'Content-Length', '4', 'X-Many', 'one', 'X-Many', 'two'],
      response.content,
    ]);
  });

  it('put() refuses what is no response', () => {
    for (const bad of ['text', new HttpRequest('GET', '/'), null] as never[]) {
      assert.throws(() => new HTTPD().put([bad]), { name: 'PoeUsageError', code: 'POE_ERR_FILTER_RECORD' });
    }
  });
});
