import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { PoeDataError } from '../../../../../core/errors.ts';
import { Storable, type StorableOptions } from '../../../../../wheels/filters/freezers/storable/index.ts';
import { fixture } from '../../../../helpers/fixture.ts';
import { differences, fromNeutral, type NeutralNode } from '../../../../helpers/neutral.ts';
import { type Vector, type VectorFile, vectorCases } from '../../../../helpers/vector-cases.ts';

const files = ['vectors', 'more'].map(
  (name) => JSON.parse(readFileSync(fixture(`ikc/storable/${name}.json`), 'utf8')) as VectorFile,
);
const vectors = files.flatMap((file) => file.vectors ?? []);

/** Enough for every vector, also for those that Storable itself would not freeze. */
const OPTIONS: StorableOptions = {
  strings: 'exact',
  code: 'source',
  limits: { maxDepth: 20_000, maxClassName: 300 },
  freezeLimits: { maxDepth: 20_000 },
};

const ORDERS = [
  { kind: 'nfreeze', byteOrder: 'network' },
  { kind: 'freeze', byteOrder: 'native' },
] as const;

/** Every image of a vector, with what it stands for. */
function images({ name, freeze, nfreeze, expect, expect_nfreeze }: Vector) {
  return ORDERS.flatMap(({ kind, byteOrder }) => {
    const image = kind === 'freeze' ? freeze : nfreeze;
    const node = kind === 'freeze' ? expect : (expect_nfreeze ?? expect);
    if (image === undefined || node === undefined) return [];
    return [{ what: `${name}, ${kind}`, byteOrder, image: Buffer.from(image, 'base64'), node }];
  });
}

/** What is lost between Perl and JavaScript, so that the image is another one with an equal value. */
const WRITTEN_DIFFERENTLY: Readonly<Record<string, readonly string[]>> = {
  'the constants undef, yes and no are values like any other': [
    'immortal-undef-elem',
    'immortal-yes-no',
    'ref-scalar',
    'ref-to-undef',
  ],
  'one scalar in two places is two equal ones': [
    'ref-to-element',
    'alias-elements',
    'alias-strings',
    'bless-element',
    'bless-element-ref',
    'ref-to-value',
    'ref-to-ref-element',
    'ref-before-element',
    'element-of-itself',
  ],
  'a weak reference is a plain one': ['weak-ref'],
  'whether a class has overloaded operators is not known': ['overload-hash', 'overload-scalar'],
  'a restricted hash is not restricted': ['restricted-locked', 'restricted-keys', 'restricted-text-keys'],
  'the flag of a key that needs none is not kept': ['keys-latin1-flagged'],
  'JavaScript puts keys that are small integers first': ['keys-hostile'],
};
const writtenDifferently = new Set(Object.values(WRITTEN_DIFFERENTLY).flat());

describe('Storable and the recorded vectors', () => {
  for (const file of files) {
    for (const { name, run } of vectorCases(file)) {
      it(`thaw() and freeze() agree with Perl on ${name}`, () => void run());
    }
  }

  for (const vector of vectors) {
    it(`freeze() writes ${vector.name} as Perl wrote it, octet for octet, where nothing is lost`, () => {
      for (const { what, byteOrder, image } of images(vector)) {
        const storable = new Storable({ ...OPTIONS, byteOrder });
        const again = Buffer.from(storable.freeze(storable.thaw(image)));
        assert.equal(again.equals(image), !writtenDifferently.has(vector.name), what);
      }
    });
  }

  it('freeze() writes values that were built, not thawed', () => {
    for (const vector of vectors) {
      for (const { what, byteOrder, node } of images(vector)) {
        const storable = new Storable({ ...OPTIONS, byteOrder });
        const value = fromNeutral(node);
        assert.deepEqual(differences(node, value), [], `${what}: built`);
        assert.deepEqual(differences(written(node, byteOrder), storable.thaw(storable.freeze(value))), [], what);
      }
    }
  });

  it('thaw() refuses every image that is cut, wherever it is cut', () => {
    for (const vector of vectors) {
      for (const { what, image } of images(vector)) {
        const storable = new Storable(OPTIONS);
        // Every octet of short images, some of long ones.
        const step = Math.max(1, Math.floor(image.length / 1000));
        for (let length = 0; length < image.length; length += step) {
          assert.throws(() => storable.thaw(image.subarray(0, length)), PoeDataError, `${what}, ${length} octets`);
        }
      }
    }
  });
});

/** What the other side reads: numbers as text, where the order has no numbers for them, and no booleans. */
function written(node: NeutralNode, byteOrder: 'network' | 'native'): NeutralNode {
  return JSON.parse(JSON.stringify(node), (_key, inner: NeutralNode | undefined) => {
    if (inner?.t === 'bool') return { t: 'bytes', v: inner.v ? '1' : '' };
    if (inner?.t === 'int' && isText(BigInt(inner.v), byteOrder)) return { t: 'bytes', v: inner.v };
    return inner;
  });
}

function isText(value: bigint, byteOrder: 'network' | 'native'): boolean {
  return BigInt.asIntN(byteOrder === 'native' ? 64 : 32, value) !== value;
}
