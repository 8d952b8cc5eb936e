import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PoeUsageError } from '../../../../../core/errors.ts';
import type { ClassCodec } from '../../../../../wheels/filters/freezers/freezer.ts';
import {
  blessed,
  PerlCode,
  PerlHook,
  PerlRef,
  PerlRegexp,
  PerlString,
  PerlTied,
  PerlVString,
} from '../../../../../wheels/filters/freezers/perl-values.ts';
import { freeze, nfreeze, Storable, thaw } from '../../../../../wheels/filters/freezers/storable/index.ts';
import { fc } from '../../../../helpers/property.ts';
import { seededRandom } from '../../../../helpers/random.ts';

function hex(octets: Uint8Array): string {
  return Buffer.from(octets).toString('hex');
}

/** The values of an array in network order, as hexadecimal octets. */
function values(...list: unknown[]): string {
  const image = hex(nfreeze(list));
  assert.equal(image.slice(0, 6), '050b02');
  return image.slice(14);
}

function nest(depth: number, wrap: (inner: unknown) => unknown, inner: unknown = 'x'): unknown {
  let value = inner;
  for (let level = 0; level < depth; level++) value = wrap(value);
  return value;
}

describe('nfreeze()', () => {
  it('writes small integers as one octet, those of 32 bits as four, others as text', () => {
    assert.equal(values(0, -0, 127, -128), '0880' + '0880' + '08ff' + '0800');
    assert.equal(values(128, -129, 2147483647), '0900000080' + '09ffffff7f' + '097fffffff');
    assert.equal(values(-2147483648), '0980000000');
    assert.equal(values(2147483648, 5n), `0a0a${Buffer.from('2147483648').toString('hex')}0885`);
    assert.equal(values(2n ** 64n), `0a14${Buffer.from('18446744073709551616').toString('hex')}`);
  });

  it('writes undef, missing elements and booleans as Storable does', () => {
    const sparse: unknown[] = [null, undefined];
    sparse.length = 3;
    assert.equal(values(...sparse.slice(0, 2), true, false), '05' + '05' + '0a0131' + '0a00');
    assert.equal(hex(nfreeze(sparse)).slice(14), '05050e');
  });

  it('flags a string only if a character is above 255', () => {
    assert.equal(values('a\xff'), '0a0261ff');
    assert.equal(values('€'), '1703e282ac');
    assert.equal(values('\ud800'), '1703eda080');
    assert.equal(values('x'.repeat(256)).slice(0, 10), '0100000100');
    assert.equal(values('€'.repeat(100)).slice(0, 10), '180000012c');
    assert.equal(values(`${'x'.repeat(252)}€`).slice(0, 4), '17ff');
    assert.equal(values(`${'x'.repeat(253)}€`).slice(0, 10), '1800000100');
    assert.equal(values(new PerlString('a', true), new PerlString('a', false)), '170161' + '0a0161');
    assert.equal(values(Uint8Array.of(255), Buffer.from('b')), '0a01ff' + '0a0162');
    assert.equal(values(new Uint8Array(256)).slice(0, 10), '0100000100');
  });

  it('flags the keys of a hash one by one', () => {
    assert.equal(hex(nfreeze({ a: 1, '€': 2 })), '050b1900000000020881' + '000000000161' + '08820100000003e282ac');
    assert.equal(hex(nfreeze({ '\xff': 1 })), '050b03000000010881' + '00000001ff');
  });

  it('keeps what it writes apart from what it wrote before', () => {
    const first = nfreeze(['first']);
    const copy = Buffer.from(first);
    const large = nfreeze(['x'.repeat(100_000)]);
    const others = Array.from({ length: 1000 }, (_, index) => nfreeze([`other ${index}`]));
    assert.deepEqual(Buffer.from(first), copy);
    assert.deepEqual(thaw(large), ['x'.repeat(100_000)]);
    others.forEach((image, index) => {
      assert.deepEqual(thaw(image), [`other ${index}`]);
    });
  });

  it('sends a getter once, and what is inherited never', () => {
    class Base {
      inherited = 1;
    }
    const plain = Object.create(Object.prototype, { own: { get: () => 'got', enumerable: true } });
    assert.deepEqual({ ...(thaw(nfreeze(plain)) as object) }, { own: 'got' });
    Object.defineProperty(Object.prototype, 'everywhere', { value: 1, enumerable: true, configurable: true });
    try {
      assert.deepEqual(Object.keys(thaw(nfreeze({ a: { b: 1 } })) as object), ['a']);
    } finally {
      delete (Object.prototype as { everywhere?: number }).everywhere;
    }
    assert.throws(() => nfreeze(new Base()), { code: 'POE_ERR_FREEZE_VALUE' });
  });

  it('wants what a reference leads to at the outermost place', () => {
    for (const root of [null, undefined, 1, 1n, 'x', true, new Uint8Array(1), new PerlString('a', true)]) {
      assert.throws(() => nfreeze(root), { name: 'PoeUsageError', code: 'POE_ERR_FREEZE_ROOT' });
    }
    assert.throws(() => nfreeze(() => 1), { code: 'POE_ERR_FREEZE_VALUE' });
    assert.equal(hex(nfreeze(new PerlRef('x'))), '050b0a0178');
  });

  it('refuses octets that are no octets, and names the place', () => {
    const wide: [unknown, string][] = [
      [[new PerlString('€', false)], '$[0]'],
      [{ k: Object.assign([], { [blessed]: 'Ü€' }) }, '$.k'],
      [[new PerlVString('x', '€')], '$[0]'],
      [[new PerlRegexp('x', '€')], '$[0]'],
      [[new PerlHook('€', 'hash', '', [])], '$'],
      [[new PerlHook('A', 'hash', '€', [])], '$'],
    ];
    for (const [value, place] of wide) {
      assert.throws(
        () => nfreeze(value),
        (error) =>
          error instanceof PoeUsageError && error.code === 'POE_ERR_FREEZE_WIDE' && error.message.includes(place),
      );
    }
  });

  it('refuses marks, hooks and tied elements that make no sense', () => {
    for (const value of [
      Object.assign([], { [blessed]: '' }),
      Object.assign([], { [blessed]: 7 }),
      new PerlHook('A', 'hash', 7, []),
      new PerlHook('A', 'hash', '', ['no reference']),
      new PerlRef(new PerlTied('index', [], 'x')),
      new Float64Array(1),
      new Map([[Symbol('s'), 1]]),
    ]) {
      assert.throws(() => nfreeze([value]), { name: 'PoeUsageError', code: 'POE_ERR_FREEZE_VALUE' });
    }
  });

  it('refuses code, unless the option code says otherwise', () => {
    const code = new PerlCode('{ 1 }');
    assert.throws(() => nfreeze([code]), { code: 'POE_ERR_FREEZE_VALUE', hint: /code: 'source'/ });
    assert.deepEqual(thaw(new Storable({ code: 'source' }).freeze([code])), [code]);
  });

  it('nests as deep as Storable, and no deeper', () => {
    const deep: [number, (inner: unknown) => unknown][] = [
      [512, (inner) => [inner]],
      [256, (inner) => ({ k: inner })],
      // The reference that is the root itself does not count.
      [513, (inner) => new PerlRef(inner)],
    ];
    for (const [most, wrap] of deep) {
      nfreeze(nest(most, wrap));
      assert.throws(() => nfreeze(nest(most + 1, wrap)), { name: 'PoeUsageError', code: 'POE_ERR_FREEZE_DEPTH' });
    }
    // What is around a hash counts for it as well.
    nfreeze(nest(255, (inner) => [inner], {}));
    assert.throws(() => nfreeze(nest(256, (inner) => [inner], {})), { code: 'POE_ERR_FREEZE_DEPTH' });
    new Storable({ freezeLimits: { maxDepth: 600, maxHashDepth: 600 } }).freeze(nest(600, (inner) => ({ k: inner })));
  });

  it('says where a value is that cannot be frozen, however deep and whatever is around it', () => {
    const arrays = nest(70, (inner) => [0, { k: inner }], { list: ['x', new PerlRef(new PerlRef([Symbol('s')]))] });
    const around = new PerlHook('A', 'hash', '', [[1], { '€': Object.assign([arrays], { [blessed]: 'B' }) }]);
    const place = `$.top[1]["€"][0]${'[1].k'.repeat(70)}.list[1].value.value[0]`;
    assert.throws(
      () => new Storable({ freezeLimits: { maxDepth: 1000 } }).freeze({ top: around }),
      (error) => error instanceof PoeUsageError && error.message.startsWith(`Cannot freeze the value at ${place}: `),
    );
  });

  it('writes as many pairs as it announced, also if a getter takes some of them away', () => {
    const hash: { a: number; b: number; c?: number; d: number } = {
      a: 1,
      get b() {
        delete this.c;
        return 2;
      },
      c: 3,
      d: 4,
    };
    assert.deepEqual({ ...(thaw(nfreeze(hash)) as object) }, { a: 1, b: 2, c: null, d: 4 });
  });

  it('tells keys that are wide from those of the last hash with as many', () => {
    for (const keys of [
      ['a', 'b'],
      ['a', '€'],
      ['a', 'b'],
      ['€', 'b'],
      ['b', 'a'],
    ]) {
      const hash = Object.fromEntries(keys.map((key) => [key, key]));
      assert.deepEqual({ ...(thaw(nfreeze(hash)) as object) }, hash);
    }
  });

  it('goes on after an error as if nothing had been', () => {
    const storable = new Storable();
    const before = hex(storable.freeze([{ a: [1] }]));
    assert.throws(() => storable.freeze([{ a: [Symbol('s')] }]));
    assert.equal(hex(storable.freeze([{ a: [1] }])), before);
    assert.throws(() => storable.thaw(Buffer.from('050b020000000103', 'hex')));
    assert.deepEqual(storable.thaw(nfreeze([1])), [1]);
  });
});

describe('freeze()', () => {
  it('keeps numbers as numbers', () => {
    const numbers = [1, 1000, 2 ** 40, -(2 ** 53) + 1, 2n ** 60n, -(2n ** 63n), 1.5, -1e300, 2 ** 70, Number.NaN];
    assert.deepEqual(thaw(freeze(numbers)), numbers);
    assert.deepEqual(thaw(freeze([2n ** 63n, -0])), ['9223372036854775808', 0]);
  });
});

describe('Storable', () => {
  it('refuses words that an option does not know', () => {
    for (const options of [{ byteOrder: 'big' }, { strings: 'text' }, { opaque: true }, { code: 'run' }]) {
      assert.throws(() => new Storable(options as never), { name: 'PoeUsageError', code: 'POE_ERR_FREEZER_OPTION' });
    }
  });

  it('thaw() wants octets', () => {
    for (const octets of ['x', null, undefined, [1]]) {
      assert.throws(() => thaw(octets as never), { name: 'PoeUsageError', code: 'POE_ERR_THAW_OCTETS' });
    }
    const image = nfreeze(['a']);
    assert.deepEqual(thaw(new Uint8Array(image)), ['a']);
  });

  it('freezeBehind() puts text in front of the image, whose length it knows, and keeps both', () => {
    const storable = new Storable();
    const values = [
      ['small'],
      { k: 'x'.repeat(2000) },
      ['x'.repeat(100_000)],
      ['x'.repeat(2_000_000), 1],
      new PerlRef(1),
    ];
    const images = values.map((value) => storable.freezeBehind((octets) => `${octets}\xff`, value));
    values.forEach((value, index) => {
      const image = Buffer.from(storable.freeze(value));
      const front = Buffer.from(`${image.length}\xff`, 'latin1');
      assert.equal(Buffer.compare(images[index] as Uint8Array, Buffer.concat([front, image])), 0);
    });
    const before = storable.freeze(['before']);
    assert.equal(hex(storable.freezeBehind(() => 'x'.repeat(99), [])), '78'.repeat(99) + hex(storable.freeze([])));
    assert.equal(hex(before), hex(storable.freeze(['before'])));
    assert.equal(hex(storable.freezeBehind(() => '', [])), hex(storable.freeze([])));
  });

  it('freezeBehind() throws what the text in front throws, and goes on', () => {
    const storable = new Storable();
    const error = new Error('too long');
    assert.throws(
      () =>
        storable.freezeBehind(() => {
          throw error;
        }, ['a']),
      error,
    );
    assert.equal(hex(storable.freeze(['a'])), hex(nfreeze(['a'])));
  });

  it('keeps what is deep inside as it keeps what is not', () => {
    const wraps: ((inner: unknown) => unknown)[] = [
      (inner) => Object.assign(new Array(3), { 0: inner, 2: 'behind a hole' }),
      (inner) => Object.assign(Object.create(null), { before: null, inner, after: 'x' }),
      (inner) => Object.assign(Object.create(null), { '€': inner, after: -1 }),
      (inner) => new PerlRef(inner),
      (inner) => Object.assign([inner], { [blessed]: 'My::Node' }),
      (inner) => new PerlHook('My::Hook', 'array', 'frozen', [[inner]]),
      (inner) => new PerlTied('array', [inner]),
    ];
    const limits = { maxDepth: 100_000, maxHashDepth: 100_000 };
    for (const byteOrder of ['network', 'native'] as const) {
      const storable = new Storable({ byteOrder, limits, freezeLimits: limits });
      for (const deep of [60, 63, 64, 65, 130, 700]) {
        const shared = ['shared'];
        let level = 0;
        const value = [
          shared,
          nest(deep, (inner) => (wraps[level++ % wraps.length] as (typeof wraps)[0])(inner), shared),
        ];
        const again = storable.thaw(storable.freeze(value)) as unknown[];
        assert.deepEqual(again, value);
        // That one thing is in two places shows as a back reference, so that the same image comes out again.
        assert.equal(Buffer.compare(storable.freeze(again), storable.freeze(value)), 0);
      }
    }
  });

  it('keeps graphs of every kind of value', () => {
    const text = fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) });
    const number = fc.oneof(fc.integer(), fc.maxSafeInteger(), fc.double({ noNaN: true }));
    const scalar = fc.oneof(text, number, fc.constant(null), fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n }));
    const { node } = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 5, depthSize: 'small' },
        scalar,
        fc.array(tie('node'), { maxLength: 6 }),
        fc
          .dictionary(text, tie('node'), { maxKeys: 6, noNullPrototype: false })
          .map((hash) => Object.assign(Object.create(null), hash)),
        tie('node').map((value) => new PerlRef(value)),
      ),
    }));
    fc.assert(
      fc.property(node, (value) => {
        const root = [value, value];
        const again = thaw(freeze(root)) as unknown[];
        assert.deepEqual(again, withoutMinusZero(root));
        if (typeof value === 'object') assert.equal(again[0], again[1]);
      }),
    );
  });

  it('lets a codec freeze and thaw while it is asked', () => {
    class Envelope {
      readonly letter: unknown;
      constructor(letter: unknown) {
        this.letter = letter;
      }
    }
    const codec: ClassCodec = {
      type: Envelope,
      reduce: (instance) => ({ sealed: outer.freeze([(instance as Envelope).letter, 'x'.repeat(20_000)]) }),
      revive: (data) => {
        const { sealed } = data as { sealed: string };
        const [letter] = outer.thaw(Buffer.from(sealed, 'latin1')) as unknown[];
        return new Envelope(letter);
      },
    };
    const outer: Storable = new Storable({ classes: new Map([['My::Envelope', codec]]) });
    const value = ['before', new Envelope(new Envelope(['deep'])), 'after', new Envelope(1)];
    assert.deepEqual(outer.thaw(outer.freeze(value)), value);
  });

  it('freezes an instance of a class below a registered one under the name of that', () => {
    abstract class Shape {
      abstract readonly kind: string;
    }
    class Circle extends Shape {
      readonly kind = 'circle';
    }
    const codec: ClassCodec = {
      type: Shape,
      reduce: (instance) => ({ kind: (instance as Shape).kind }),
      revive: (data) => data,
    };
    const storable = new Storable({ classes: new Map([['My::Shape', codec]]) });
    assert.equal((thaw(storable.freeze([new Circle()])) as [{ [blessed]?: string }])[0][blessed], 'My::Shape');
    const broken = new Storable({ classes: new Map([['My::Shape', { ...codec, reduce: () => 'text' }]]) });
    assert.throws(() => broken.freeze([new Circle()]), { code: 'POE_ERR_FREEZE_VALUE', hint: /My::Shape/ });
  });

  it('takes objects of another realm for what they are', async () => {
    const { runInNewContext } = await import('node:vm');
    assert.deepEqual(thaw(nfreeze(runInNewContext('[{ a: 1 }, [2]]'))), thaw(nfreeze([{ a: 1 }, [2]])));
  });

  it('finds every shared thing among many', () => {
    const random = seededRandom(1);
    const things: unknown[][] = Array.from({ length: 200 }, (_, index) => [index]);
    const list = Array.from({ length: 2000 }, () => random(200));
    const again = thaw(nfreeze(list.map((index) => things[index]))) as unknown[][];
    const seen = new Map<number, unknown>();
    list.forEach((index, place) => {
      if (seen.has(index)) assert.equal(again[place], seen.get(index));
      else assert.deepEqual(again[place], [index]);
      seen.set(index, again[place]);
    });
  });
});

function withoutMinusZero(value: unknown): unknown {
  if (Object.is(value, -0)) return 0;
  if (Array.isArray(value)) return value.map(withoutMinusZero);
  if (value instanceof PerlRef) return new PerlRef(withoutMinusZero(value.value));
  if (typeof value !== 'object' || value === null) return value;
  const pairs = Object.entries(value).map(([key, inner]) => [key, withoutMinusZero(inner)]);
  return Object.assign(Object.create(null), Object.fromEntries(pairs));
}
