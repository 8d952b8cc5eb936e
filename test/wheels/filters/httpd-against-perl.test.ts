import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cut, SeededRandom } from 'poe-kernel/testing';
import { goodRequest, oddRequest } from '../../helpers/http-requests.ts';
import { type FilterCase, inOurs, inPerl, type Step, whyNoPerlFilters } from '../../helpers/perl-filters.ts';

const CASES = 400;

/** A stream in pieces, each for one get(), and what is left behind them. */
function fed(random: SeededRandom, stream: string, options: object): FilterCase {
  const octets = Buffer.from(stream, 'latin1');
  const places = Array.from({ length: random.below(6) }, () => random.below(octets.length + 1));
  const pieces = cut(
    octets,
    places.filter((place) => !isInsideOfLastEnd(octets, place)),
  );
  const steps = pieces.map((piece): Step => ['get', [Buffer.from(piece).toString('latin1')]]);
  return { make: ['HTTPD', options as Record<string, unknown>], steps: [...steps, ['pending']] };
}

/** Where POE makes the LF a part of the body: between the CR and LF of the empty line. */
function isInsideOfLastEnd(octets: Buffer, place: number): boolean {
  return octets.toString('latin1', Math.max(0, place - 3), place) === '\r\n\r';
}

/** Values of headers without the blanks around them, which POE keeps. */
function withoutBlanks(outcome: unknown): unknown {
  return JSON.parse(JSON.stringify(outcome), (key, value) => {
    return key === 'fields' ? value.map(([name, text]: [string, string]) => [name, text.trim()]) : value;
  });
}

const kinds: Record<string, (random: SeededRandom) => FilterCase> = {
  'requests that follow each other': (random) => {
    // An empty body takes what follows with it in POE.
    const requests = Array.from({ length: 1 + random.below(4) }, () =>
      goodRequest(random).replace('Content-Length: 0\r\n', ''),
    );
    return fed(random, requests.join(''), random.below(2) > 0 ? { streaming: true } : {});
  },
  'odd requests': (random) => fed(random, oddRequest(random), {}),
  'bodies that are announced badly, or too large': (random) => {
    const length = random.pick(['abc', '-1', '5 ', ' 5', '+5', '0x5', '', '99', '21', '20', '1e1']);
    const encoding = random.below(2) > 0 ? '' : 'Content-Encoding: gzip\r\n';
    const given = random.below(4) > 0 ? `Content-Length: ${length}\r\n` : '';
    const stream = `POST /x HTTP/1.${random.below(2)}\r\n${encoding}${given}\r\n`;
    // What follows too large a body is read behind it here; POE reads the body itself as requests.
    const next: Step[] = Number(length) > 20 ? [] : [['get', ['\r\nGET / HTTP/1.0\r\n\r\n']]];
    return { make: ['HTTPD', { maxContent: 20 }], steps: [['get', [stream]], ...next] };
  },
  responses: (random) => {
    const names = ['Server', 'x-many', 'X-Many', 'Content-Type', 'etag', 'WWW-Authenticate', 'Date'];
    const fields = Array.from({ length: random.below(6) }, () => [
      random.pick(names),
      random.pick(['one', 'two words ', '', 'a\nb', 'a\n\n b\n', '\xe9', '0']),
    ]);
    const message = random.pick([undefined, '', 'OK', 'Not Found', 'Own words']);
    const code = random.pick([200, 204, 301, 404, 418, 500, 599, 799]);
    const content = random.pick(['', 'body\nof lines\r\n', '\xff\0']);
    const protocol = random.pick([undefined, 'HTTP/1.0', 'HTTP/1.1']);
    return { make: ['HTTPD', {}], steps: [['put', [{ code, message, fields, content, protocol }]]] };
  },
};

describe('HTTPD does what POE::Filter::HTTPD does', { skip: whyNoPerlFilters('POE::Filter::HTTPD') ?? false }, () => {
  for (const [kind, makeCase] of Object.entries(kinds)) {
    it(kind, () => {
      const random = new SeededRandom(409);
      const cases = Array.from({ length: CASES }, () => makeCase(random.split()));
      const perl = inPerl(cases);
      for (const [index, each] of cases.entries()) {
        assert.deepEqual(inOurs(each), withoutBlanks(perl[index]), JSON.stringify(each));
      }
    });
  }
});
