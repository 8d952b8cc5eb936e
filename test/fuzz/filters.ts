/**
 * Hostile streams against the filters: pieces of their own grammar in any order, and random octets, cut anywhere.
 *
 * Run by itself it takes a count and a seed: `node dist/test/fuzz/filters.js 100000 1`.
 */
import assert from 'node:assert/strict';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { PoeError } from 'poe-kernel';
import { cut, SeededRandom } from 'poe-kernel/testing';
import {
  Block,
  type Filter,
  Grep,
  HTTPD,
  HttpRequest,
  HttpResponse,
  Line,
  Reference,
  Stackable,
} from 'poe-kernel/wheels';

interface Target {
  make(): Filter;
  /** What a stream is made of, beside random octets. */
  pieces: readonly string[];
  /** Whether it matters where a stream is cut: what of a bad stream is lost then may differ. */
  cutMatters?: boolean;
}

const lines = ['\r', '\n', 'a', 'b\n', 'long line', '\0', '\xff'];
const http = [
  ...[
    'GET / HTTP/1.1',
    'POST /x HTTP/1.0',
    'G',
    ' ',
    '\r\n',
    '\n',
    '\r',
    '\r\n\r\n',
    ': ',
    'a: b\r\n',
    ' c\r\n',
    'HTTP/1.1',
  ],
  ...[
    'Content-Length: 3\r\n',
    'Content-Length: 99999999999\r\n',
    'Content-Length: -1\r\n',
    'Transfer-Encoding: chunked\r\n',
  ],
  ...[
    'Content-Encoding: x\r\n',
    '__proto__: 1\r\n',
    'constructor: 2\r\n',
    '5\r\nabcde\r\n0\r\n\r\n',
    '<b>',
    '\xe9',
    '\0',
  ],
];

const targets: Record<string, Target> = {
  'Line by a literal': { make: () => new Line({ literal: '\r\n', maxLength: 9 }), pieces: lines },
  'Line that detects': { make: () => new Line({ inputLiteral: null, maxLength: 9 }), pieces: lines, cutMatters: true },
  'Line by an expression': { make: () => new Line({ inputRegexp: /\n|b+x/ }), pieces: lines, cutMatters: true },
  'Block of one size': { make: () => new Block({ blockSize: 3 }), pieces: lines },
  'Block with its length': {
    make: () => new Block({ maxLength: 9 }),
    pieces: ['3\0', '3\0abc', '0\0', '10\0', '007\0', '99999999999999\0', '9999999999999999', '\0', 'x', '-1\0', '5'],
  },
  Reference: {
    make: () => new Reference({ maxFrame: 99 }),
    pieces: ['3\0abc', '0\0', '4\0\x05\x0b\x03\0', '100\0', '\0', '9', '7\0\x05\x0b\x02\0\0\0\0', 'x'],
  },
  HTTPD: { make: () => new HTTPD({ maxContent: 9, maxHeader: 200, maxHeaders: 3 }), pieces: http, cutMatters: true },
  'HTTPD, streaming': { make: () => new HTTPD({ streaming: true }), pieces: http, cutMatters: true },
  Stackable: {
    make: () => new Stackable({ filters: [new Line({ literal: '\n' }), new Grep({ code: (line) => line !== 'a' })] }),
    pieces: lines,
  },
};

/** Records, and errors by their codes; an error that stays is told once. */
function play(filter: Filter, pieces: readonly Uint8Array[]): unknown[] {
  const out: unknown[] = [];
  const attempt = (step: () => readonly unknown[]): void => {
    try {
      out.push(...step());
    } catch (error) {
      if (!(error instanceof PoeError)) throw error;
      if (out.at(-1) !== error.code || error.code !== 'POE_ERR_FRAME_HEADER') out.push(error.code);
    }
  };
  // One by one, as a wheel does: get() would lose the records in front of an error.
  const drain = (): void => {
    for (let before = -1; out.length > before; ) {
      before = out.length;
      attempt(() => filter.getOne());
    }
  };
  let given = 0;
  for (const piece of pieces) {
    given += piece.length;
    attempt(() => {
      filter.getOneStart([piece]);
      return [];
    });
    drain();
    assert.ok(Buffer.concat(filter.getPending() ?? []).length <= given);
  }
  // What an error or a dropped octet has held up.
  for (let turn = 0; turn < given; turn++) drain();
  return out.map((record) => {
    if (!(record instanceof HttpRequest) && !(record instanceof HttpResponse)) return record;
    assert.equal(
      typeof record.header('__proto__'),
      record.headerFieldNames().includes('__proto__') ? 'string' : 'undefined',
    );
    return String(record.content);
  });
}

/** Plays `count` hostile streams to each filter; throws if one of them gets through. */
export function fuzzFilters({ count, seed }: { count: number; seed: number }): void {
  for (const [name, { make, pieces, cutMatters }] of Object.entries(targets)) {
    for (let round = 0; round < count; round++) {
      const random = new SeededRandom(seed + round);
      const parts = Array.from({ length: random.below(14) }, () =>
        random.below(8) > 0 ? Buffer.from(random.pick(pieces) ?? '', 'latin1') : random.octets(random.below(6)),
      );
      const stream = Buffer.concat(parts);
      const places = Array.from({ length: random.below(9) }, () => random.below(stream.length + 1));
      const label = `${name}, seed ${seed + round}: ${JSON.stringify(stream.toString('latin1'))}`;
      const whole = play(make(), [stream]);
      const split = play(make(), cut(stream, places));
      if (!cutMatters) assert.deepEqual(split, whole, label);
    }
  }
  assert.equal(({} as { polluted?: unknown }).polluted, undefined);
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const [count = 10_000, seed = Date.now() % 1_000_000] = argv.slice(2).map(Number);
  console.log(`${count} hostile streams for each filter, seed ${seed}`);
  fuzzFilters({ count, seed });
  console.log('none of them got through');
}
