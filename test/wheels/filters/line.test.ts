import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { filterContract, type SeededRandom } from 'poe-kernel/testing';
import { Line, type LineOptions } from '../../../wheels/filters/line.ts';
import { fixture } from '../../helpers/fixture.ts';
import { processorMs } from '../../helpers/processor-time.ts';
import { runContract } from '../../helpers/run-contract.ts';

const octets = (...texts: string[]) => texts.map((text) => Buffer.from(text, 'latin1'));
const texts = (chunks: readonly Uint8Array[] | null) => chunks?.map((chunk) => Buffer.from(chunk).toString('latin1'));

/** Makes lines over these characters. */
const lineOf =
  (...characters: string[]) =>
  (random: SeededRandom) =>
    Array.from({ length: random.below(13) }, () => random.pick(characters)).join('');

const kinds: [kind: string, options: LineOptions, unfinished: Uint8Array, characters: string[]][] = [
  ['with a literal', { literal: '\n' }, Buffer.from('unfinished'), ['a', '\r', ' ', '\u00e9', '\0']],
  ['with a literal that repeats itself', { literal: 'aab' }, Buffer.from('aa'), ['a', 'c']],
  ['with an expression', { inputRegexp: /;/, outputLiteral: ';' }, Buffer.from('unfinished'), ['a', '\n', '\u00e9']],
  [
    'in UTF-8',
    { inputLiteral: '\u2028', outputLiteral: '\u2028', encoding: 'utf8' },
    Buffer.from('\u20ac').subarray(0, 2),
    ['a', '\u00e9', '\u20ac', '\u{1f600}'],
  ],
  ['that detects its newline', { inputLiteral: null, outputLiteral: '\n' }, Buffer.from('unfinished'), ['a', 'b']],
];
for (const [kind, options, unfinished, characters] of kinds) {
  const make = () => new Line(options);
  const records = lineOf(...characters);
  runContract(`Line ${kind}, as a filter`, filterContract<string, string | Uint8Array>({ make, records, unfinished }));
}

/** A case that a real POE::Filter::Line went through; see line-cases.pl. */
interface PerlCase {
  options: { [name: string]: string | number | null };
  chunks: string[];
  out: (string | { error: 'buffer' | 'length' })[][];
  pending: string | null;
  cloned: { chunk: string; out: (string | { error: string })[] };
  put: string[];
}

const ERRORS: { [code: string]: string } = { POE_ERR_BUFFER_LIMIT: 'buffer', POE_ERR_LINE_TOO_LONG: 'length' };

/** Gives a filter one chunk and takes everything out, errors included. */
function drain(filter: Line, chunk: string): (string | { error: string | undefined })[] {
  const out: (string | { error: string | undefined })[] = [];
  const attempt = (step: () => void) => {
    try {
      step();
    } catch (error) {
      out.push({ error: ERRORS[(error as { code: string }).code] });
    }
  };
  attempt(() => filter.getOneStart(octets(chunk)));
  for (let before = -1; out.length > before; ) {
    before = out.length;
    attempt(() => out.push(...filter.getOne()));
  }
  return out;
}

describe('Line', () => {
  it('does what POE::Filter::Line does with streams cut anywhere', () => {
    const cases = JSON.parse(readFileSync(fixture('filters/line-cases.json'), 'latin1')) as PerlCase[];
    assert.ok(cases.length > 300);
    for (const each of cases) {
      const camel = Object.entries(each.options).map(([name, value]) => [
        name[0]?.toLowerCase() + name.slice(1),
        value,
      ]);
      const options = Object.fromEntries(camel) as LineOptions;
      const filter = new Line(options);
      const label = JSON.stringify(each);
      let full = false;
      for (const [index, chunk] of each.chunks.entries()) {
        // Unlike POE, a full buffer takes nothing more.
        full ||= (filter.getPending()?.[0]?.length ?? 0) > (options.maxBuffer ?? Number.POSITIVE_INFINITY);
        if (!full) assert.deepEqual(drain(filter, chunk), each.out[index], label);
      }
      if (full) continue;
      assert.deepEqual(texts(filter.getPending())?.[0] ?? null, each.pending, label);
      assert.deepEqual(drain(filter.clone(), each.cloned.chunk), each.cloned.out, label);
      assert.deepEqual(texts(filter.put(['one', ''])), each.put, label);
    }
  });

  it('get() reads CR LF, LF CR, CR and LF in any mixture by default', () => {
    assert.deepEqual(new Line().get(octets('a\nb\r\nc\rd\n\re', 'f\n\ng\n')), ['a', 'b', 'c', 'd', 'ef', '', 'g']);
  });

  it('get() sees CR and LF in two chunks as two newlines by default', () => {
    const filter = new Line();
    assert.deepEqual(filter.get(octets('a\r')), ['a']);
    assert.deepEqual(filter.get(octets('\nb\n')), ['', 'b']);
  });

  it('put() ends lines in CR LF by default', () => {
    assert.deepEqual(texts(new Line().put(['x', '', 'with\nnewline'])), ['x\r\n', '\r\n', 'with\nnewline\r\n']);
  });

  it('put() takes octets as well as text', () => {
    assert.deepEqual(texts(new Line({ literal: '\n' }).put([Buffer.from([0xe9])])), ['\u00e9\n']);
  });

  it('put() writes numbers as their digits, nothing for undefined and null, and what an object says of itself', () => {
    const filter = new Line({ literal: ';' });
    assert.deepEqual(texts(filter.put([1, 2.5, -3, 0, 7n, 1e21, true])), [
      '1;',
      '2.5;',
      '-3;',
      '0;',
      '7;',
      '1e+21;',
      'true;',
    ]);
    assert.deepEqual(texts(filter.put([undefined, null])), [';', ';']);
    const error = new Error('broken') as unknown as string;
    assert.deepEqual(texts(filter.put([error])), ['Error: broken;']);
  });

  it('put() refuses what has no text', () => {
    for (const silent of [{}, Object.create(null), ['a'], () => 'a', Symbol('a')]) {
      assert.throws(() => new Line().put([silent as string]), { name: 'PoeUsageError', code: 'POE_ERR_FILTER_RECORD' });
    }
  });

  it('put() refuses characters that are no octets, except as UTF-8', () => {
    assert.throws(() => new Line().put(['\u20ac']), { name: 'PoeUsageError', code: 'POE_ERR_FILTER_RECORD' });
    assert.deepEqual(new Line({ encoding: 'utf8' }).put(['\u20ac']), [Buffer.from('\u20ac\r\n')]);
  });

  it('inputLiteral null, undefined and empty text detect the first newline', () => {
    for (const inputLiteral of [null, undefined, '']) {
      const filter = new Line({ inputLiteral });
      assert.deepEqual(filter.get(octets('one\r')), ['one']);
      assert.deepEqual(filter.get(octets('\ntwo\r\nth\rree\r\n')), ['two', 'th\rree']);
      assert.deepEqual(texts(filter.put(['z'])), ['z\r\n'], 'output is not affected');
    }
  });

  it('inputRegexp as text stands behind ^(.*?) as it is, as in POE', () => {
    const filter = new Line({ inputRegexp: String.raw`\s*;\s*|(\|)+`, outputLiteral: ' & ' });
    assert.deepEqual(filter.get(octets('a ; b;c||d|e ;')), ['a', 'b', 'c||d|e']);
    assert.deepEqual(texts(filter.put(['x'])), ['x & ']);
    assert.equal(filter.getPending(), null);
  });

  it('inputRegexp as a RegExp stands for itself, whatever its flags', () => {
    assert.deepEqual(new Line({ inputRegexp: /\s*;\s*|(\|)+/ }).get(octets('a ; b;c||d|e ;')), [
      'a',
      'b',
      'c',
      'd',
      'e',
    ]);
    assert.deepEqual(new Line({ inputRegexp: /X/giy }).get(octets('axbXc')), ['a', 'b']);
    assert.deepEqual(new Line({ inputRegexp: /\d/ }).get(octets('ab1cd22ef')), ['ab', 'cd', '']);
    assert.deepEqual(new Line({ inputRegexp: /(?<=;)/ }).get(octets('a;b;c')), ['a;', 'b;']);
  });

  it('inputRegexp that matches nothing at all throws instead of never returning', () => {
    assert.throws(() => new Line({ inputRegexp: /\d*/ }).get(octets('abc')), { code: 'POE_ERR_FILTER_OPTION' });
  });

  it('inputRegexp sees octets, the line is decoded', () => {
    const filter = new Line({ inputRegexp: /\xe2\x82\xac/, encoding: 'utf8' });
    assert.deepEqual(filter.get([Buffer.from('\u00e9\u20acx\u20ac')]), ['\u00e9', 'x']);
  });

  it('maxLength lets a line through at the limit and drops one beyond it', () => {
    for (const length of [4, 5]) {
      assert.deepEqual(new Line({ literal: '\n', maxLength: 5 }).get(octets(`${'x'.repeat(length)}\n`)), [
        'x'.repeat(length),
      ]);
    }
    const filter = new Line({ literal: '\n', maxLength: 5 });
    assert.deepEqual(filter.get(octets('abcdef')), [], 'the end has not come yet');
    assert.throws(() => filter.get(octets('\nnext\n')), { name: 'PoeLimitError', code: 'POE_ERR_LINE_TOO_LONG' });
    assert.deepEqual(filter.getOne(), ['next']);
  });

  it('maxLength counts octets, not characters', () => {
    const options = { literal: '\n', maxLength: 5, encoding: 'utf8' } as const;
    assert.deepEqual(new Line(options).get([Buffer.from('\u20acab\n')]), ['\u20acab']);
    assert.throws(() => new Line(options).get([Buffer.from('\u20ac\u20ac\n')]), { code: 'POE_ERR_LINE_TOO_LONG' });
  });

  it('maxBuffer lets that many octets wait, and keeps no more', () => {
    for (const length of [19, 20]) {
      new Line({ literal: '\n', maxLength: 5, maxBuffer: 20 }).getOneStart(octets('x'.repeat(length)));
    }
    const filter = new Line({ literal: '\n', maxLength: 5, maxBuffer: 20 });
    const limit = { name: 'PoeLimitError', code: 'POE_ERR_BUFFER_LIMIT' };
    assert.throws(() => filter.getOneStart(octets('x'.repeat(15), 'y'.repeat(6), 'z')), limit);
    assert.throws(() => filter.getOneStart(octets('more')), limit);
    assert.deepEqual(texts(filter.getPending()), [`${'x'.repeat(15)}${'y'.repeat(6)}`]);
  });

  it('new Line() refuses options that are wrong or exclude each other', () => {
    const refused: object[] = [
      { literal: '' },
      { literal: '\n', outputLiteral: 'x' },
      { literal: 'x', inputRegexp: 'y' },
      { literal: 'x', inputLiteral: undefined },
      { inputLiteral: 'x', inputRegexp: 'y' },
      { inputLiteral: null, inputRegexp: /y/ },
      { inputRegexp: '(' },
      { maxLength: 0 },
      { maxLength: 'many' },
      { maxLength: 1.5 },
      { maxBuffer: -1 },
      { maxLength: 100, maxBuffer: 10 },
    ];
    for (const options of refused) {
      assert.throws(() => new Line(options), { name: 'PoeUsageError', code: 'POE_ERR_FILTER_OPTION' });
    }
  });

  it('new Line() takes null and undefined as not given, save for inputLiteral', () => {
    const options = { literal: null, inputRegexp: undefined, outputLiteral: null, maxLength: null };
    assert.deepEqual(new Line(options).get(octets('a\rb\n')), ['a', 'b']);
  });

  it('clone() knows the newline that was detected, also half of one', () => {
    const filter = new Line({ inputLiteral: null });
    filter.get(octets('one\r'));
    assert.deepEqual(filter.clone().get(octets('\ntwo\r\n')), ['two']);
    filter.get(octets('x'));
    assert.deepEqual(filter.clone().get(octets('\na\rb')), ['\na']);
  });

  it('get() reads a line of 4 MiB in chunks of 64 octets in linear time', () => {
    const filter = new Line({ literal: '\r\n' });
    const chunk = Buffer.alloc(64, 'x');
    const started = processorMs();
    for (let sent = 0; sent < 4 * 1024 * 1024; sent += chunk.length) assert.deepEqual(filter.get([chunk]), []);
    assert.equal(filter.get(octets('\r\n'))[0]?.length, 4 * 1024 * 1024);
    // Quadratic joining would move 128 GiB here.
    assert.ok(processorMs() - started < 5000);
  });
});
