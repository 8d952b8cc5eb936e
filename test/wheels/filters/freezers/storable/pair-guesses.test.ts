import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PerlRef } from '../../../../../wheels/filters/freezers/perl-values.ts';
import { Storable, type StorableOptions } from '../../../../../wheels/filters/freezers/storable/index.ts';
import { fc } from '../../../../helpers/property.ts';

const key = fc.constantFrom(
  'a',
  'b',
  'ab',
  'abc',
  'event',
  'params',
  'k'.repeat(40),
  'k'.repeat(41),
  '\xff',
  '\u20ac',
  '',
  '__proto__',
);
const text = fc.constantFrom(
  '',
  'x',
  'yz',
  '15',
  '1500',
  'abc',
  'abd',
  'some text',
  '\xe9\xe8',
  '\u20ac',
  't'.repeat(40),
  't'.repeat(41),
);
const scalar = fc.oneof(text, fc.integer({ min: -200, max: 200 }), fc.constant(null));
const hash = (value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc
    .uniqueArray(key, { maxLength: 5 })
    .chain((keys) =>
      fc.tuple(...keys.map(() => value)).map((values) => new Map(keys.map((name, index) => [name, values[index]]))),
    );
const message = hash(
  fc.oneof({ weight: 3, arbitrary: scalar }, hash(scalar), fc.array(hash(scalar), { maxLength: 3 })),
);

/** Thaws images that lie behind each other, as the frames of one chunk do. */
function thawTogether(storable: Storable, images: readonly Uint8Array[]): unknown[] {
  const octets = Buffer.concat([...images, Buffer.alloc(10_000)]);
  let at = 0;
  return images.map(({ length }) => {
    at += length;
    return storable.thawWithin(octets, at - length, at);
  });
}

describe('Storable, of images that lie together', () => {
  const ways: StorableOptions[] = [
    {},
    { numericStrings: true },
    { strings: 'bytes' },
    { strings: 'utf8' },
    { strings: 'exact', numericStrings: true },
  ];
  for (const options of ways) {
    it(`reads each as it would alone, whatever came before: ${JSON.stringify(options)}`, () => {
      const together = new Storable(options);
      fc.assert(
        fc.property(
          fc.array(message, { maxLength: 12 }),
          fc.constantFrom<'network' | 'native'>('network', 'native'),
          (messages, byteOrder) => {
            const writer = new Storable({ byteOrder });
            const images = [...messages, ...messages, ...messages].map((each) => writer.freeze(each));
            const alone = images.map((image) => new Storable(options).thaw(image));
            assert.deepEqual(thawTogether(together, images), alone);
          },
        ),
      );
    });
  }

  it('reads what changes each time, and what does so no more', () => {
    const values = Array.from({ length: 60 }, (_, n) => ({
      fixed: 'a text',
      changing: n < 40 ? `text ${n}` : 'the same',
      n,
    }));
    const thawed = thawTogether(
      new Storable(),
      values.map((value) => new Storable().freeze(value)),
    );
    assert.deepEqual(
      thawed.map((value) => ({ ...(value as object) })),
      values,
    );
  });

  it('gives what was guessed its number, so that it can be referred to', () => {
    const shared = new PerlRef('a text');
    const value = { text: 'before', list: [shared, shared], after: 'after', again: shared };
    const images = Array.from({ length: 5 }, () => new Storable().freeze(value));
    for (const thawed of thawTogether(new Storable(), images) as (typeof value)[]) {
      assert.deepEqual({ ...thawed }, value);
      assert.equal(thawed.list[0], thawed.again);
    }
  });

  it('does not read beyond the end of an image for a text or key that is expected', () => {
    const storable = new Storable();
    const image = Buffer.from(storable.freeze({ key: 'some longer text' }));
    for (const cut of [image.length - 1, image.length - 3, image.length - 8, 12]) {
      const octets = Buffer.concat([image, image, image, image]);
      for (let at = 0; at < 3 * image.length; at += image.length) storable.thawWithin(octets, at, at + image.length);
      const start = 3 * image.length;
      assert.throws(() => storable.thawWithin(octets, start, start + cut), { code: 'POE_ERR_THAW_MALFORMED' });
    }
  });
});
