import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { freezerContract } from 'poe-kernel/testing';
import { PoeDataError, PoeUsageError } from '../../../../core/errors.ts';
import { FreezeThaw } from '../../../../wheels/filters/freezers/freeze-thaw.ts';
import type { ThawOptions } from '../../../../wheels/filters/freezers/freezer.ts';
import {
  blessed,
  PerlCode,
  PerlGlob,
  PerlHook,
  PerlRef,
  PerlRegexp,
  PerlVString,
} from '../../../../wheels/filters/freezers/perl-values.ts';
import { fuzzTextFreezers } from '../../../fuzz/text-freezers.ts';
import { fixture } from '../../../helpers/fixture.ts';
import { hostileStrings, hostileValues } from '../../../helpers/hostile.ts';
import { differences } from '../../../helpers/neutral.ts';
import { perlThaw, whyNoPerl } from '../../../helpers/perl-thaw.ts';
import { fc } from '../../../helpers/property.ts';
import { runContract } from '../../../helpers/run-contract.ts';
import { type VectorFile, vectorCases } from '../../../helpers/vector-cases.ts';

const vectors = JSON.parse(readFileSync(fixture('ikc/freezethaw/vectors.json'), 'utf8')) as VectorFile;
const noPerl = whyNoPerl('FreezeThaw');

function octets(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

function thaw(text: string, options?: ThawOptions): unknown {
  return new FreezeThaw(options).thaw(octets(text));
}

function freeze(value: unknown): string {
  return Buffer.from(new FreezeThaw().freeze(value)).toString('latin1');
}

runContract(
  'FreezeThaw as a freezer',
  freezerContract({ make: (options) => new FreezeThaw(options), octetsOnly: true }),
);

describe('FreezeThaw and the recorded vectors', () => {
  for (const { name, run } of vectorCases(vectors))
    it(`thaw() and freeze() agree with Perl on ${name}`, () => void run());

  it('freeze() writes what Perl wrote, octet for octet', () => {
    const exact = new FreezeThaw({ strings: 'exact' });
    for (const { name, frozen, expect } of vectors.vectors ?? []) {
      if (frozen === undefined || expect?.t === 'error') continue;
      const image = Buffer.from(frozen, 'base64');
      assert.deepEqual(Buffer.from(exact.freeze(exact.thaw(image))), image, name);
    }
  });
});

describe('FreezeThaw.freeze()', () => {
  it('numbers classes anew in the form with a table', () => {
    const shared = Object.assign(['a'], { [blessed]: 'A' });
    const other = Object.assign([], { [blessed]: 'B' });
    assert.equal(
      freeze([other, shared, shared, Object.assign([], { [blessed]: 'A' })]),
      'FrT;!0|{>0|$1|A@0|})0|@1|$1|a@1|@4|>>1|$1|B@0|<0|<0|>)0|@0|',
    );
  });

  it('numbers what is repeated in the order of the second meeting', () => {
    const [a, b] = [['a'], ['b']];
    assert.equal(freeze([a, b, b, a]), 'FrT;!1|@0|@0|@1|$1|b@1|$1|a@1|@4|<1|<0|<0|<1|');
    const ref = new PerlRef<unknown>(null);
    ref.value = ref;
    assert.equal(freeze(ref), 'FrT;!0|\\_\\<0|@1|<0|');
  });

  it('puts the modifiers of a pattern into its text, and takes a text without modifiers as it stands', () => {
    assert.equal(freeze(new PerlRegexp('a.b', 'i')), 'FrT;@1|/9|(?^i:a.b)');
    assert.equal(freeze(new PerlRegexp('(?^i:a.b)', '')), 'FrT;@1|/9|(?^i:a.b)');
    assert.equal(freeze(new PerlRegexp('a # b', 'x')), 'FrT;@1|/12|(?^x:a # b\n)');
    assert.throws(() => freeze(new PerlRegexp('a', 'i:(')), { code: 'POE_ERR_FREEZE_VALUE' });
  });

  it('writes a repeated pattern in full, since FreezeThaw would lose it in its table', () => {
    const pattern = new PerlRegexp('a', '');
    assert.equal(freeze([pattern, pattern]), 'FrT;@1|@2|/1|a/1|a');
    pattern[blessed] = 'P';
    assert.equal(freeze([pattern]), 'FrT;@1|@1|>>0|$1|P/1|a');
  });

  it('writes numbers as Perl prints them, and a version string as its characters', () => {
    assert.equal(freeze([1.5, 1e20, 2n ** 64n - 1n]), 'FrT;@1|@3|$3|1.5$5|1e+20$20|18446744073709551615');
    assert.equal(freeze(new PerlVString('\x01\x02', 'v1.2')), 'FrT;@1|$2|\x01\x02');
  });

  it('refuses characters above 255 wherever they are, with a hint to encode them', () => {
    for (const [value, place] of [
      ['€', '$'],
      [['a', { k: '€' }], '$[1].k'],
      [{ '€': 1 }, '$'],
      [new PerlRegexp('€', ''), '$'],
      [Object.assign([], { [blessed]: 'Caf\u0113' }), '$'],
      [new PerlVString('\u014d', 'v333'), '$'],
    ] as const) {
      assert.throws(
        () => freeze(value),
        (error) =>
          error instanceof PoeUsageError &&
          error.code === 'POE_ERR_FREEZE_WIDE' &&
          error.message.startsWith(`Cannot freeze the value at ${place}:`) &&
          /TextEncoder/.test(error.hint ?? ''),
      );
    }
  });

  it('refuses code, globs and what a class froze for itself', () => {
    for (const value of [
      new PerlCode('{ 1 }'),
      new PerlRef(new PerlGlob('main::X')),
      new PerlHook('C', 'hash', 'x', []),
    ]) {
      assert.throws(() => freeze([value]), { name: 'PoeUsageError', code: 'POE_ERR_FREEZE_VALUE' });
    }
  });

  it('freezeList() and thawList() carry a list, thaw() its first value', () => {
    const freezer = new FreezeThaw();
    const image = freezer.freezeList(['a', ['b']]);
    assert.equal(Buffer.from(image).toString(), 'FrT;@2|$1|a@1|$1|b');
    assert.deepEqual(freezer.thawList(image), ['a', ['b']]);
    assert.equal(freezer.thaw(image), 'a');
    assert.equal(freezer.thaw(freezer.freezeList([])), null);
  });
});

describe('FreezeThaw.thaw()', () => {
  it('goes on without a signature, as Perl does', () => {
    assert.deepEqual(thaw('@1|@1|$1|a'), ['a']);
  });

  it('takes the last of two values under one key', () => {
    assert.deepEqual({ ...(thaw('FrT;@1|%4|$1|a$1|a$1|1$1|2') as object) }, { a: '2' });
  });

  it('gives every entry of the table one identity, patterns too', () => {
    const [first, second, pattern, again] = thaw(
      'FrT;!1|{>0|$1|C%0|/5|(?^:)})0|%2|$1|k<1|/7|(?^i:a)@1|@4|<0|<0|<1|<1|',
    ) as [Record<string, unknown> & { [blessed]?: string }, unknown, PerlRegexp, unknown];
    assert.equal(first, second);
    assert.equal(first[blessed], 'C');
    assert.equal(pattern, again);
    assert.equal(first.k, pattern);
    assert.equal(pattern.pattern, '(?^i:a)');
  });

  const malformed: [what: string, text: string, position: number][] = [
    ['nothing', '', 0],
    ['a signature alone', 'FrT;', 4],
    ['the safe mode', 'FrT;?$1|a@1|@0|', 4],
    ['a root that is no list', 'FrT;%2|$1|a$1|b', 4],
    ['a length without digits', 'FrT;@1|$|a', 8],
    ['a length with a sign', 'FrT;@1|$-1|a', 8],
    ['a length with a leading zero', 'FrT;@1|$01|a', 8],
    ['a length of eleven digits', 'FrT;@1|$10000000000|a', 8],
    ['a length that does not end', 'FrT;@1|$1a', 8],
    ['a count larger than the rest', 'FrT;@1|@4000000000|_', 8],
    ['a count of keys larger than the rest', 'FrT;@1|%4000000000|$1|a_', 8],
    ['a key that is no string', 'FrT;@1|%2|_$1|a', 10],
    ['a repeated thing without a table', 'FrT;@1|@1|<0|', 10],
    ['a repeated thing past the table', 'FrT;!0|@0|@0|@1|<1|', 16],
    ['a class that was not named', 'FrT;@1|>)0|@0|', 9],
    ['an empty class name', 'FrT;@1|>>0|$0|@0|', 11],
    ['an object without a class', 'FrT;@1|>@0|', 7],
    ['a blessed string', 'FrT;@1|>>0|$1|A$1|a', 15],
    ['a blessed object', 'FrT;@1|>>0|$1|A>)0|@0|', 15],
    ['a table of strings', 'FrT;!0|$1|x$1|y@1|<0|', 7],
    ['a table with something in it', 'FrT;!0|@1|_@0|@1|<0|', 7],
    ['a table filled with another kind', 'FrT;!0|@0|%0|@1|<0|', 10],
    ['a table filled with a string', 'FrT;!0|@0|$1|a@1|<0|', 10],
    ['a table filled with a pattern', 'FrT;!0|@0|/1|a@1|<0|', 10],
    ['a table whose class changes', 'FrT;!0|{>0|$1|A@0|}>1|$1|B@0|@1|<0|', 18],
    ['a table that lacks contents', 'FrT;!1|@0|@0|@0|', 16],
    ['a table that claims a thousand million entries', 'FrT;!999999999|@0|', 18],
    ['something behind the list', 'FrT;@1|@0|;', 10],
  ];
  for (const [what, text, position] of malformed) {
    it(`refuses ${what} at the octet where it is`, () => {
      assert.throws(
        () => thaw(text),
        (error) =>
          error instanceof PoeDataError && error.code === 'POE_ERR_THAW_MALFORMED' && error.position === position,
      );
    });
  }

  it('survives mutated images with data errors only', () => {
    assert.ok(fuzzTextFreezers({ count: 4000, seed: 7, only: 'FreezeThaw' }).refused > 0);
  });
});

describe('FreezeThaw and real Perl', { skip: noPerl }, () => {
  it('Perl thaws what freeze() wrote to the value that thaw() reads', () => {
    const values = fc.sample(hostileValues('/nowhere', true), { numRuns: 500, seed: 11 });
    const images = values.map((value) => new FreezeThaw().freeze(value));
    const { nodes, canary } = perlThaw('FreezeThaw', () => images);
    const exact = new FreezeThaw({ strings: 'exact' });
    assert.equal(nodes.length, images.length);
    images.forEach((image, index) => {
      const node = nodes[index];
      assert.ok(node);
      assert.deepEqual(differences(node, exact.thaw(image)), [], Buffer.from(image).toString('latin1'));
    });
    assert.deepEqual(canary, { canary: 'alive', file: 'absent' });
  });

  it('Perl thaws numbers, patterns and instances of registered classes', () => {
    const numbers = [0, -1, 1.5, 0.1 + 0.2, 1e20, 2n ** 64n - 1n, -1e-7];
    const image = new FreezeThaw().freeze([numbers, new PerlRegexp('a(b|c)#', 'ix'), true, false]);
    const [node] = perlThaw('FreezeThaw', () => [image]).nodes;
    const texts = ['0', '-1', '1.5', '0.3', '1e+20', '18446744073709551615', '-1e-07'];
    assert.deepEqual(node, {
      t: 'array',
      v: [
        { t: 'array', v: texts.map((v) => ({ t: 'bytes', v })) },
        { t: 'regexp', pattern: { t: 'bytes', v: '(?^ix:a(b|c)#\n)' }, flags: '' },
        { t: 'bytes', v: '1' },
        { t: 'bytes', v: '' },
      ],
    });
  });

  it('2,000 hostile strings arrive as they are', () => {
    let strings: string[] = [];
    const { nodes, canary } = perlThaw('FreezeThaw', (canaryFile) => {
      strings = fc.sample(hostileStrings(canaryFile, true), { numRuns: 2000, seed: 13 });
      return strings.map((string) => new FreezeThaw().freeze({ [string]: [string] }));
    });
    assert.equal(nodes.length, 2000);
    const exact = new FreezeThaw({ strings: 'exact' });
    strings.forEach((string, index) => {
      const node = nodes[index];
      assert.ok(node);
      assert.deepEqual(differences(node, exact.thaw(new FreezeThaw().freeze({ [string]: [string] }))), []);
    });
    assert.deepEqual(canary, { canary: 'alive', file: 'absent' });
  });
});
