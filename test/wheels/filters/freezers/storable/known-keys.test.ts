import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Storable } from '../../../../../wheels/filters/freezers/storable/index.ts';
import { hasWide, knownKeys } from '../../../../../wheels/filters/freezers/storable/known-keys.ts';
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
);
const text = fc.constantFrom(
  '',
  'x',
  'yz',
  'abc',
  'abd',
  'some text',
  '\xe9',
  '\u20ac',
  't'.repeat(40),
  't'.repeat(41),
  't'.repeat(300),
);
const value = fc.oneof(text, fc.integer({ min: -200, max: 200 }), fc.constant(null));

function plain(thawed: unknown): unknown {
  return { ...(thawed as object) };
}

describe('Storable, of hashes whose keys and texts come again', () => {
  for (const byteOrder of ['network', 'native'] as const) {
    it(`writes each as it is, whatever came before: ${byteOrder}`, () => {
      const storable = new Storable({ byteOrder });
      fc.assert(
        fc.property(
          fc.array(fc.dictionary(key, value, { maxKeys: 4, noNullPrototype: true }), { maxLength: 30 }),
          (hashes) => {
            for (const hash of [...hashes, ...hashes, ...hashes])
              assert.deepEqual(plain(storable.thaw(storable.freeze(hash))), hash);
          },
        ),
      );
    });
  }

  it('writes the same octets for them as a list of pairs that never came before would have', () => {
    const storable = new Storable();
    const hash = { event: 'poe://Kernel/session/event', params: 'p', n: 5 };
    const [first, ...others] = Array.from({ length: 5 }, () => Buffer.from(storable.freeze(hash)).toString('latin1'));
    const pair = (name: string, written: string): string =>
      `${written}\0\0\0${String.fromCharCode(name.length)}${name}`;
    const pairs = pair('event', `\x0a\x1a${hash.event}`) + pair('params', '\x0a\x01p') + pair('n', '\x08\x85');
    assert.equal(first, `\x05\x0b\x03\0\0\0\x03${pairs}`);
    for (const other of others) assert.equal(other, first);
  });

  it('goes on after a text that changes each time has become the same one', () => {
    const storable = new Storable();
    const texts = [
      ...Array.from({ length: 40 }, (_, n) => `text ${n}`),
      ...Array.from({ length: 5 }, () => 'the same'),
    ];
    for (const changing of texts) {
      const hash = { fixed: 'fixed', changing };
      assert.deepEqual(plain(storable.thaw(storable.freeze(hash))), hash);
    }
  });

  it('writes what a getter freezes in the middle of it apart from it', () => {
    const storable = new Storable();
    const inner = { a: 'inner', b: 'other' };
    const images: Uint8Array[] = [];
    for (let round = 0; round < 4; round++) {
      const hash = {
        a: 'outer',
        get b() {
          images.push(storable.freeze(inner));
          return 'value';
        },
      };
      assert.deepEqual(plain(storable.thaw(storable.freeze(hash))), { a: 'outer', b: 'value' });
    }
    for (const image of images) assert.deepEqual(plain(storable.thaw(image)), inner);
  });
});

describe('knownKeys()', () => {
  it('knows keys that came last, if they are few, short and narrow', () => {
    const seen = (keys: string[]): boolean => {
      hasWide([...keys]);
      return knownKeys([...keys]) !== undefined;
    };
    const many = (count: number): string[] => Array.from({ length: count }, (_, n) => `key ${n}`);
    assert.equal(knownKeys(['never', 'seen', 'before']), undefined);
    for (const keys of [['one'], ['one', 'two'], many(127), ['\xff', 'k'.repeat(40)]])
      assert.equal(seen(keys), true, keys[0]);
    for (const keys of [[], many(128), ['k'.repeat(41)], ['\u0100']]) assert.equal(seen(keys), false, keys[0]);
  });
});
