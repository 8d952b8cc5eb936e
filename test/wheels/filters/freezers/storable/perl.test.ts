import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  blessed,
  PerlRef,
  PerlRegexp,
  PerlString,
  PerlVString,
} from '../../../../../wheels/filters/freezers/perl-values.ts';
import { Storable } from '../../../../../wheels/filters/freezers/storable/index.ts';
import { hostileValues } from '../../../../helpers/hostile.ts';
import { differences } from '../../../../helpers/neutral.ts';
import { perlThaw, whyNoPerl } from '../../../../helpers/perl-thaw.ts';
import { fc } from '../../../../helpers/property.ts';

/** Values around every border of the format, and any others. */
function sampleValues(canaryFile: string): unknown[] {
  const unit = fc.oneof(
    fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
    fc.constantFrom('a', '\0', '\xff', '€', '\u{1f600}', '\ud800'),
  );
  const scalar = fc.oneof(
    fc.constantFrom(0, -1, 127, 128, -128, -129, 2 ** 31 - 1, 2 ** 31, -(2 ** 31), -(2 ** 31) - 1, 2 ** 53 - 1),
    fc.constantFrom(
      0.1 + 0.2,
      1e15 + 0.5,
      100000000000000.5,
      2 ** 53,
      1e22,
      1e-5,
      Number.POSITIVE_INFINITY,
      Number.NaN,
    ),
    fc.constantFrom(null, true, false, 2n ** 53n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 64n - 1n),
    fc.double(),
    fc.string({ unit }),
    fc.string({ unit, minLength: 120, maxLength: 400 }),
    fc.string({ unit }).map((text) => new PerlString(text, true)),
    fc.uint8Array({ maxLength: 300 }),
    fc.constant(new PerlVString('\x01\x02', 'v1.2')),
  );
  const sparse = fc.array(fc.option(scalar, { nil: undefined, freq: 3 }), { maxLength: 6 }).map((list) => {
    const array: unknown[] = [];
    list.forEach((value, index) => {
      if (value !== undefined) array[index] = value;
    });
    array.length = list.length;
    return array;
  });
  const keys = fc.oneof(fc.string({ unit, maxLength: 5 }), fc.constantFrom('__proto__', 'a'.repeat(300), ''));
  const hash = fc.array(fc.tuple(keys, scalar), { maxLength: 6 }).map((pairs) => new Map(pairs));
  const patterns = fc.constantFrom(new PerlRegexp('a.b', 'i'), new PerlRegexp('x'.repeat(300), ''));
  const own = fc.array(fc.oneof(sparse, hash, patterns), { maxLength: 4 });
  return [
    ...fc.sample(own, { numRuns: 400, seed: 3 }),
    ...fc.sample(hostileValues(canaryFile, false), { numRuns: 400, seed: 4 }).map((value) => [value]),
    Array.from({ length: 300 }, (_, index) => Object.assign([], { [blessed]: `C${index % 150}` })),
    Object.assign(new PerlRef('x'), { [blessed]: 'N'.repeat(200) }),
  ];
}

describe('Storable and real Perl', { skip: whyNoPerl('Storable') }, () => {
  for (const byteOrder of ['network', 'native'] as const) {
    it(`Perl thaws what freeze() wrote in ${byteOrder} order to the value that thaw() reads`, () => {
      const storable = new Storable({ byteOrder, strings: 'exact' });
      let images: Uint8Array[] = [];
      const { nodes, canary } = perlThaw('Storable', (canaryFile) => {
        images = sampleValues(canaryFile).map((value) => storable.freeze(value));
        return images;
      });
      assert.equal(nodes.length, images.length);
      images.forEach((image, index) => {
        const node = nodes[index];
        assert.ok(node);
        assert.deepEqual(differences(node, storable.thaw(image)), [], Buffer.from(image).toString('hex'));
      });
      assert.deepEqual(canary, { canary: 'alive', file: 'absent' });
    });
  }
});
