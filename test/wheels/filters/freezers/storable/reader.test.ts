import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { PoeDataError, PoeLimitError } from '../../../../../core/errors.ts';
import {
  blessed,
  PerlHook,
  PerlRef,
  PerlRegexp,
  PerlTied,
} from '../../../../../wheels/filters/freezers/perl-values.ts';
import {
  freeze,
  nfreeze,
  Storable,
  type StorableOptions,
  thaw,
} from '../../../../../wheels/filters/freezers/storable/index.ts';
import { fuzzStorable } from '../../../../fuzz/storable.ts';

/** Thaws what follows a header of network order. */
function network(hex: string, options?: StorableOptions): unknown {
  return thaw(Buffer.from(`050b${hex.replaceAll(' ', '')}`, 'hex'), options);
}

const NATIVE = '040b08313233343536373804080808';

describe('thaw()', () => {
  it('reads the true and false of later versions, and later minor versions', () => {
    assert.deepEqual(thaw(Buffer.from('050c0200000002 28 29'.replaceAll(' ', ''), 'hex')), [true, false]);
    assert.deepEqual(thaw(Buffer.from('05ff020000000108ff', 'hex')), [127]);
    assert.deepEqual(thaw(Buffer.from('0500020000000108ff', 'hex')), [127]);
  });

  it('ignores what is behind a complete image', () => {
    assert.deepEqual(network('0200000000 ffff'), []);
  });

  it('makes integers exact: numbers within 2^53, bigints beyond', () => {
    const image = Buffer.alloc(NATIVE.length / 2 + 5 + 4 * 9);
    image.write(`${NATIVE}0204000000`, 'hex');
    [2n ** 53n - 1n, 2n ** 53n, -(2n ** 53n) + 1n, -(2n ** 63n)].forEach((value, index) => {
      image[NATIVE.length / 2 + 5 + index * 9] = 6;
      image.writeBigInt64LE(value, NATIVE.length / 2 + 6 + index * 9);
    });
    assert.deepEqual(thaw(image), [2 ** 53 - 1, 2n ** 53n, -(2 ** 53) + 1, -(2n ** 63n)]);
  });

  it('keeps every octet of strings of any length', () => {
    const lengths = [0, 1, 3, 4, 8, 9, 16, 17, 40, 41, 255, 256, 524_287, 524_288, 700_000, 1_031_912, 1_031_913];
    const texts = lengths.map((length) =>
      Buffer.alloc(length, `${length}: all of \xff and \0`, 'latin1').toString('latin1'),
    );
    const images = texts.map((text) => nfreeze([text, { [text]: 'x'.repeat(600_000) }]));
    // All are thawed before any is looked at, so that none may be written over by the next.
    const again = images.map((image) => thaw(image) as [string, object]);
    again.forEach(([text, hash], index) => {
      assert.ok(text === texts[index]);
      assert.ok(Object.keys(hash)[0] === texts[index]);
      assert.ok(Object.values(hash)[0] === 'x'.repeat(600_000));
    });
  });

  it('numericStrings leaves keys, flagged text and what a class froze alone', () => {
    const options = { numericStrings: true };
    assert.deepEqual(network('02 00000002 0a0131 170131', options), [1, '1']);
    assert.deepEqual(Object.entries(network('03 00000001 0a03312e35 00000003 312e35', options) as object), [
      ['1.5', 1.5],
    ]);
    assert.equal((network('13 02 0141 01 35', options) as PerlHook).frozen, '5');
  });

  it("strings: 'utf8' decodes keys of every length", () => {
    const long = '€'.repeat(30);
    const image = nfreeze({ [Buffer.from(long).toString('latin1')]: 1, [Buffer.from('é').toString('latin1')]: 2 });
    assert.deepEqual(Object.keys(thaw(image, { strings: 'utf8' }) as object), [long, 'é']);
  });

  it('keeps an empty hash and a large one apart from Object.prototype', () => {
    for (const count of [0, 1, 3, 4, 32, 33]) {
      const hash = Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, index]));
      const again = thaw(nfreeze(hash)) as object;
      assert.equal(Object.getPrototypeOf(again), null);
      assert.deepEqual({ ...again }, hash);
    }
  });

  it('gives a scalar that is named twice one PerlRef, and each element its value', () => {
    // An element, a reference to it, the element again, and the reference again.
    const [text, first, again, second] = network(
      '02 00000004 1703e282ac 04 00 00000001 00 00000001 04 00 00000001',
    ) as [string, PerlRef, string, PerlRef];
    assert.deepEqual([text, again, first.value], ['€', '€', '€']);
    assert.equal(first, second);
  });

  it('names a reference while what it leads to is still being read', () => {
    // \[ alias of that very scalar ]
    const ref = network('04 02 00000001 00 00000000') as PerlRef<unknown[]>;
    assert.ok(ref instanceof PerlRef);
    assert.equal(ref.value[0], ref.value);
    // \\$x, with $x a reference to itself
    const outer = network('04 04 00 00000001') as PerlRef<PerlRef>;
    assert.equal(outer.value.value, outer.value);
  });

  it('marks a scalar that is blessed in its place once there is a reference to it', () => {
    const [, ref] = network('02 00000002 11 0141 0881 04 00 00000001') as [number, PerlRef];
    assert.equal(ref[blessed], 'A');
    assert.equal(ref.value, 1);
  });

  it('keeps a pattern that is an element by itself', () => {
    const [pattern] = network('02 00000001 11 06 526567657870 20 00 01 61 01 69') as [PerlRegexp];
    assert.deepEqual(pattern, new PerlRegexp('a', 'i'));
  });

  it('leaves out the keys that a restricted hash only permits', () => {
    assert.deepEqual({ ...(network('19 01 00000002 0881 04 00000001 61 0e 14 00000001 62') as object) }, { a: 1 });
  });

  it('keeps what only Perl can use as data', () => {
    const tied = network('0b 04 02 00000000') as PerlTied;
    assert.deepEqual(tied, new PerlTied('array', []));
    const index = network('16 04 02 00000000 00000007') as PerlRef<PerlTied>;
    assert.deepEqual(index.value, new PerlTied('index', [], 7));
    const hook = network('13 42 02 00000000 82 0141 0178 01 00000001') as PerlHook;
    assert.deepEqual(hook, new PerlHook('A', 'hash', 'x', [[]]));
  });

  it("refuses what only Perl can use with opaque: 'refuse'", () => {
    for (const image of ['0b 0402 00000000', '15 05 05', '13 00 0141 00', '1a 0a00', '20 00 00 00']) {
      network(image);
      assert.throws(() => network(image, { opaque: 'refuse' }), { name: 'PoeDataError', code: 'POE_ERR_THAW_OPAQUE' });
    }
  });
});

describe('thaw() refuses', () => {
  const malformed: [what: string, hex: string, position: number][] = [
    ['a container without a reference', '02 00000001 02 00000000', 7],
    ['a container named where a scalar belongs', '02 00000001 00 00000000', 7],
    ['a hook record without a reference', '02 00000001 13 00 0141 00', 7],
    ['a number that was not given yet', '02 00000001 04 00 00000002', 8],
    ['a hook that refers to what comes later', '13 82 0141 00 01 00000001', 3],
    ['a class that was not named', '12 00', 2],
    ['a class number in a hook that was not named', '13 20 00 00', 3],
    ['two classes for one object', '11 0141 11 0142 02 00000000', 5],
    ['code that is no string', '1a 0881', 3],
    ['a version string that is no string', '1d 0176 05', 5],
    ['integers of native order', '06 0000000000000000', 2],
    ['doubles of native order', '07 0000000000000000', 2],
    ['flagged text that is not UTF-8', '17 01 80', 4],
    ['flagged text beyond Unicode', '17 04 f4908080', 4],
    ['a flagged key that is not UTF-8', '19 00 00000001 05 01 00000001 ff', 14],
    ['a tied container with a hook', '13 03 00', 2],
    ['a large object', '21 01 00000000 00000000', 2],
    ['opcodes between the known ones', '22', 2],
    ['a count above the rest', '02 80000000', 7],
    ['pairs above the rest', '03 00000002 05 00000000 05 000000', 7],
  ];
  for (const [what, hex, position] of malformed) {
    it(`${what}, and says at which octet`, () => {
      assert.throws(
        () => network(hex),
        (error) =>
          error instanceof PoeDataError &&
          error.code === 'POE_ERR_THAW_MALFORMED' &&
          error.position === position &&
          error.message.includes(`at octet ${position}`),
      );
    });
  }

  it('headers of other versions, machines and files, with the reason', () => {
    const headers: [hex: string, reason: RegExp][] = [
      ['', /0 octets/],
      ['05', /1 octets/],
      ['070b0881', /version is 3\.11/],
      ['030b0881', /version is 1\.11/],
      ['040b08383736353433323104080808', /byte order is "87654321"/],
      ['040b043132333404040408', /byte order is "1234"/],
      ['040b08313233343536373804040808', /4 4 8 8, not 4 8 8 8/],
      ['040b083132333435', /byte order|within its header/],
      ['040b083132333435363738040808', /within its header/],
      ['70737430050b0200000000', /file written by store/],
    ];
    for (const [hex, reason] of headers) {
      assert.throws(
        () => thaw(Buffer.from(hex, 'hex')),
        (error) =>
          error instanceof PoeDataError &&
          error.code === 'POE_ERR_THAW_HEADER' &&
          error.position === 0 &&
          reason.test(error.message),
      );
    }
  });
});

describe('thaw() and its limits', () => {
  const breaks = (hex: string, limits: StorableOptions['limits'], code: string): void => {
    assert.throws(
      () => network(hex, { limits: limits ?? {} }),
      (error) => error instanceof PoeLimitError && error.code === `POE_ERR_THAW_${code}`,
    );
  };

  it('counts references, what they lead to and what is named again as values', () => {
    network('02 00000001 04 02 00000000', { limits: { maxNodes: 3 } });
    breaks('02 00000001 04 02 00000000', { maxNodes: 2 }, 'NODES');
    network('02 00000002 05 00 00000001', { limits: { maxNodes: 3 } });
    breaks('02 00000002 05 00 00000001', { maxNodes: 2 }, 'NODES');
    breaks('02 00000003 05 00 00000001 05', { maxNodes: 3 }, 'NODES');
    network('13 82 0141 00 02 00000000 00000000', { limits: { maxNodes: 3 } });
    breaks('13 82 0141 00 02 00000000 00000000', { maxNodes: 2 }, 'NODES');
  });

  it('holds every kind of string to the limit', () => {
    const strings = [
      '0a03616263',
      '01 00000003 616263',
      '17 03 616263',
      '18 00000003 616263',
      '1d 03 616263 0a00',
      '1e 00000003 616263 0a00',
      '20 00 03 616263 00',
      '1a 0a03616263',
      '13 00 0141 03616263',
      '03 00000001 05 00000003 616263',
      '19 00 00000001 05 01 00000003 616263',
    ];
    for (const string of strings) {
      for (const maxString of [3, 4]) network(string, { limits: { maxString } });
      breaks(string, { maxString: 2 }, 'STRING');
    }
  });

  it('holds class names of hooks to the limit', () => {
    network('13 00 02 4141 00', { limits: { maxClassName: 2 } });
    breaks('13 00 03 414141 00', { maxClassName: 2 }, 'CLASS_NAME');
    breaks('13 04 00000003 414141 00', { maxClassName: 2 }, 'CLASS_NAME');
  });

  it('bounds what a string that is named again and again amounts to', () => {
    const image = (times: number): Buffer => {
      const head = Buffer.from('050b020000000001', 'hex');
      head.writeUInt32BE(times + 1, 3);
      const length = Buffer.from('000186a0', 'hex');
      const repeats = Buffer.alloc(times * 5);
      for (let index = 0; index < times; index++) repeats[index * 5 + 4] = 1;
      return Buffer.concat([head, length, Buffer.alloc(100_000, 'x'), repeats]);
    };
    assert.equal((thaw(image(100)) as string[])[100], 'x'.repeat(100_000));
    const limits = { maxString: 1_000_000 };
    assert.equal((thaw(image(9), { limits }) as string[]).length, 10);
    assert.throws(() => thaw(image(10), { limits }), { code: 'POE_ERR_THAW_STRING' });
    assert.throws(() => thaw(image(100_000)), { code: 'POE_ERR_THAW_STRING' });
  });

  it('needs less than 64 MiB for images of 1 MiB, and next to no time for nested counts', () => {
    const script = fileURLToPath(new URL('../../../../fuzz/storable-bombs.js', import.meta.url));
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--max-old-space-size=64', script], {
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr.slice(-500));
    const bombs = JSON.parse(stdout) as { name: string; milliseconds: number }[];
    for (const { name, milliseconds } of bombs) {
      // Processor time. Nested counts would take hours; where a million values were really sent, it is that of making them.
      assert.ok(milliseconds < (name.startsWith('nested') ? 500 : 10_000), `${name}: ${milliseconds} ms`);
    }
    assert.ok(bombs.some(({ name }) => name.startsWith('nested')));
  });

  it('survives mutated images with data errors only', () => {
    const { read, refused } = fuzzStorable(5000, 7);
    assert.ok(read > 0 && refused > 0);
  });
});

describe('thawWithin()', () => {
  const value = {
    list: [1, -70_000, 'text', null, 'wide \u20ac'],
    ref: new PerlRef([]),
    nested: { blessed: { [blessed]: 'Some::Class' } },
  };
  const opaque = Buffer.from('050b 19 00 0b 04 536f6d65 00 00 00'.replaceAll(' ', ''), 'hex');
  const images: Record<string, Uint8Array> = {
    network: nfreeze(value),
    native: freeze(value),
    hook: nfreeze([new PerlHook('Some', 'hash', 'frozen', [])]),
    opaque,
  };

  /** What comes of an image, or the error with all that it says. */
  function outcome(act: () => unknown): unknown {
    try {
      return act();
    } catch (error) {
      if (!(error instanceof PoeDataError)) throw error;
      return [error.code, error.message, error.position];
    }
  }

  for (const [name, image] of Object.entries(images)) {
    it(`gives what thaw() gives, whatever lies around the image, and wherever that ends: ${name}`, () => {
      const storable = new Storable();
      for (const around of [0x00, 0x02, 0x03, 0x0a, 0xff]) {
        for (let length = 0; length <= image.length; length++) {
          const octets = Buffer.alloc(length + 20, around);
          octets.set(image.subarray(0, length), 7);
          const alone = outcome(() => storable.thaw(image.subarray(0, length)));
          assert.deepEqual(
            outcome(() => storable.thawWithin(octets, 7, 7 + length)),
            alone,
            `${length} octets`,
          );
        }
      }
    });
  }

  it('counts the octets of errors from where the image begins', () => {
    const hook = nfreeze([new PerlHook('Some', 'hash', 'frozen', [])]);
    const refusing = new Storable({ opaque: 'refuse' });
    const expected = outcome(() => refusing.thaw(hook));
    assert.match(String(expected), /POE_ERR_THAW_OPAQUE/);
    assert.deepEqual(
      outcome(() => refusing.thawWithin(Buffer.concat([hook, hook]), hook.length, 2 * hook.length)),
      expected,
    );
  });
});
