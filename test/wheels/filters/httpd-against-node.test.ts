import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import { Duplex } from 'node:stream';
import { describe, it } from 'node:test';
import { cut, SeededRandom } from 'poe-kernel/testing';
import { HTTPD, HttpRequest, type HttpResponse } from 'poe-kernel/wheels';
import { goodRequest, oddRequest } from '../../helpers/http-requests.ts';

const STREAMS = 500;

/** What a request means, to node:http and to us. */
interface Meaning {
  method: string | undefined;
  uri: string | undefined;
  fields: [string, string][];
  body: string;
}

/** Lets node:http read a stream: the requests up to the end, or to its first error. */
async function readByNode(server: Server, octets: Buffer): Promise<Meaning[]> {
  const found: Meaning[] = [];
  const wire = new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
  const ended = new Promise<void>((resolve) => {
    wire.on('close', resolve);
    wire.on('node read all', resolve);
  });
  const listener: Parameters<Server['on']>[1] = (request, response) => {
    const body: Buffer[] = [];
    request.on('data', (chunk: Buffer) => body.push(chunk));
    request.on('end', () => {
      const { method, url, rawHeaders } = request;
      const fields = Array.from({ length: rawHeaders.length / 2 }, (_, at): [string, string] => [
        (rawHeaders[2 * at] as string).toLowerCase(),
        rawHeaders[2 * at + 1] as string,
      ]);
      found.push({ method, uri: url, fields, body: Buffer.concat(body).toString('latin1') });
    });
    response.end();
  };
  server.removeAllListeners('request').on('request', listener);
  server.emit('connection', wire);
  wire.push(octets);
  // Nothing here waits for anything else: a few turns, and all has been read.
  for (let turn = 0; turn < 6; turn++) await new Promise((resolve) => setImmediate(resolve));
  wire.destroy();
  await ended;
  return found;
}

/** The records that we make of it. */
function readByUs(pieces: readonly Uint8Array[]): (HttpRequest | HttpResponse)[] {
  const filter = new HTTPD();
  return pieces.flatMap((piece) => filter.get([piece]));
}

function meaningOf(request: HttpRequest): Meaning {
  const fields: [string, string][] = [];
  request.scan((name, value) => fields.push([name.toLowerCase(), value]));
  return { method: request.method, uri: request.uri, fields, body: request.content.toString('latin1') };
}

/** Blanks around values mean nothing, the order of different fields neither, and some characters have two ways in a URI. */
function normal({ method, uri, fields, body }: Meaning): Meaning {
  const sorted = fields
    .map(([name, value]): [string, string] => [name, value.trim()])
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const escaped = uri
    ?.replace(/^\/\/+/, '/')
    .replace(/[^!-~]|["<>[\\\]^`{|}]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  return { method, uri: escaped, fields: sorted, body };
}

/** Requests whose length is hard to tell: the ways in which one server can be made to see what another does not. */
function smuggled(random: SeededRandom): string {
  const pick = (...texts: string[]) => random.pick(texts) ?? '';
  const field = () =>
    pick(
      'Content-Length: 5',
      'Content-Length: 0',
      'Content-Length: 4',
      'Content-Length : 5',
      'Content-Length:5 ',
      'Content-Length: +5',
      'Content-Length: 0x5',
      'Content-Length: 5, 5',
      'Content_Length: 5',
      ' Content-Length: 5',
      'X.Y: 1',
      'X Y: 1',
      'X',
      'Transfer-Encoding: chunked',
      'Transfer-Encoding: identity',
      'Transfer-Encoding : chunked',
      'transfer-encoding: x, chunked',
      'Content-Encoding: gzip',
      'X: a\rb',
      'X: a\n b',
      ':',
    );
  const fields = Array.from({ length: random.below(4) }, field);
  const body = pick('', 'abcde', '5\r\nabcde\r\n0\r\n\r\n', '0\r\n\r\n', '\r\n', '\nabcd', '\r\nabc');
  const end = pick('\r\n', '\r\n', '\r\n', '\n');
  return (
    [`POST /${random.below(10)} HTTP/1.${random.below(3) > 0 ? 1 : 0}`, 'Host: h', ...fields, '', ''].join(end) + body
  );
}

const kinds: Record<string, (random: SeededRandom) => string> = {
  'good requests': (random) => Array.from({ length: 1 + random.below(3) }, () => goodRequest(random)).join(''),
  'odd requests': (random) => oddRequest(random) + goodRequest(random),
  'requests of doubtful length': (random) => smuggled(random) + pickNext(random),
};

function pickNext(random: SeededRandom): string {
  return random.below(2) > 0 ? '' : 'GET /next HTTP/1.1\r\nHost: h\r\n\r\n';
}

describe('HTTPD and node:http, given the same octets', () => {
  for (const [kind, makeStream] of Object.entries(kinds)) {
    it(`${kind}: what both accept has the same meaning, what only node accepts is refused`, async () => {
      const server = createServer({ requireHostHeader: false });
      server.on('clientError', (_error, socket) => socket.destroy());
      let both = 0;
      for (let seed = 0; seed < STREAMS; seed++) {
        const random = new SeededRandom(seed);
        const octets = Buffer.from(makeStream(random), 'latin1');
        const places = Array.from({ length: random.below(4) }, () => random.below(octets.length + 1));
        const ours = readByUs(cut(octets, places));
        const node = await readByNode(server, octets);
        for (const [index, theirs] of node.entries()) {
          const record = ours[index];
          const label = `seed ${seed}, request ${index + 1} of ${JSON.stringify(octets.toString('latin1'))}`;
          assert.ok(record, `${label}: not even refused`);
          if (!(record instanceof HttpRequest)) break;
          assert.deepEqual(normal(meaningOf(record)), normal(theirs), label);
          both++;
        }
      }
      assert.ok(both > STREAMS / 10, `both accepted only ${both}`);
    });
  }
});
