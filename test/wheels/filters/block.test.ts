import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { filterContract } from 'poe-kernel/testing';
import { Block, type BlockOptions } from '../../../wheels/filters/block.ts';
import type { OctetsRef } from '../../../wheels/filters/octets-ref.ts';
import { processorMs } from '../../helpers/processor-time.ts';
import { runContract } from '../../helpers/run-contract.ts';
import { warningsOf } from '../../helpers/sessions.ts';

const octets = (...texts: string[]) => texts.map((text) => Buffer.from(text, 'latin1'));
const texts = (chunks: readonly Uint8Array[] | null) => chunks?.map((chunk) => Buffer.from(chunk).toString('latin1'));

/** Two octets of length, big-endian. */
const short: NonNullable<BlockOptions['lengthCodec']> = [
  (block) => {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(block.value.length);
    block.value = Buffer.concat([length, block.value]);
  },
  (buffer) => {
    if (buffer.value.length < 2) return;
    const length = buffer.value.readUInt16BE();
    buffer.value = buffer.value.subarray(2);
    return length;
  },
];

const kinds: [kind: string, options: BlockOptions, unfinished: string, oneByOne: boolean][] = [
  ['of one size', { blockSize: 4 }, 'abc', false],
  ['with its length in decimal', {}, '12', true],
  ['with a codec for its length', { lengthCodec: short }, '\0', true],
];
for (const [kind, options, unfinished, oneByOne] of kinds) {
  runContract(
    `Block ${kind}, as a filter`,
    filterContract<Buffer, string | Uint8Array>({
      make: () => new Block(options),
      records: options.blockSize ? ['abcd', '\0\xff12'] : ['', 'a', '12\0', '\xff', 'x'.repeat(300)],
      seen: texts,
      unfinished: Buffer.from(unfinished),
      oneByOne,
      // What is left of a block no longer has its length.
      ...(oneByOne && { noHandOver: 'the length of a block that is being read is gone' }),
    }),
  );
}

describe('Block', () => {
  it('put() with blockSize joins everything, and fills nothing up', () => {
    assert.deepEqual(new Block({ blockSize: 4 }).put(['abc', Buffer.from('defgh')]), octets('abcdefgh'));
    assert.deepEqual(new Block({ blockSize: 4 }).put([]), octets(''));
  });

  it('put() refuses characters that are no octets, except as UTF-8', () => {
    assert.throws(() => new Block().put(['\u20ac']), { name: 'PoeUsageError', code: 'POE_ERR_FILTER_RECORD' });
    assert.deepEqual(new Block({ encoding: 'utf8' }).clone().put(['\u20ac']), [Buffer.from('3\0\u20ac')]);
  });

  it('put() gives the encoder a reference to change, and leaves the record as it is', () => {
    const record = Buffer.from('record');
    const mark = (block: OctetsRef) => {
      block.value = `<${block.value.length}>`;
    };
    const filter = new Block({ lengthCodec: [mark, () => 0] });
    assert.deepEqual(filter.put([record, 'xy']), octets('<6>', '<2>'));
    assert.equal(String(record), 'record');
  });

  it('getOne() gives the decoder all there is, and asks it once a block', () => {
    const seen: string[] = [];
    const decoder = (buffer: OctetsRef) => {
      seen.push(buffer.value.toString('latin1'));
      return short[1](buffer);
    };
    const filter = new Block({ lengthCodec: [short[0], decoder] });
    assert.deepEqual(filter.get(octets('\0')), []);
    assert.deepEqual(filter.get(octets('\x03ab')), []);
    assert.deepEqual(filter.get(octets('c\0', '\x01d')), octets('abc', 'd'));
    assert.deepEqual(seen, ['\0', '\0\x03ab', '\0\x01d', '']);
  });

  it('getOne() takes what the decoder makes of the buffer, whatever that is', () => {
    const unzip = (buffer: OctetsRef) => {
      if (buffer.value.length === 0) return null;
      if (String(buffer.value).startsWith('z')) buffer.value = `1a1b${String(buffer.value).slice(1)}`;
      const length = Number(String(buffer.value)[0]);
      buffer.value = buffer.value.subarray(1);
      return String(length);
    };
    const filter = new Block({ lengthCodec: [() => undefined, unzip] });
    assert.deepEqual(filter.get(octets('z2cd')), octets('a', 'b', 'cd'));
    assert.equal(filter.getPending(), null);
  });

  it('getOne() refuses what is no length', () => {
    for (const answer of [-1, 1.5, Number.NaN, 'many', {}] as never[]) {
      assert.throws(() => new Block({ lengthCodec: [() => 0, () => answer] }).get(octets('x')), {
        name: 'PoeUsageError',
        code: 'POE_ERR_FILTER_OPTION',
      });
    }
  });

  it('getOne() drops octets that begin no length, with one warning, and gives nothing that time', async () => {
    const filter = new Block();
    await warningsOf(() => {}); // those of the tests before
    const warnings = await warningsOf(() => {
      assert.deepEqual(filter.get(octets('junk', '3\0abc')), []);
      assert.deepEqual(filter.get([]), octets('abc'));
      assert.deepEqual(filter.get(octets('more')), []);
    });
    assert.deepEqual(warnings, ['4 strange octets removed from the stream of a Block filter']);
  });

  it('getOne() stays in an error when digits end in no NUL', () => {
    for (const bad of ['12x', '1'.repeat(16), `${'0'.repeat(15)}1\0`]) {
      const filter = new Block();
      const error = { name: 'PoeDataError', code: 'POE_ERR_FRAME_HEADER' };
      assert.throws(() => filter.get(octets(bad)), error, bad);
      assert.throws(() => filter.get(octets('3\0abc')), error);
      assert.equal(filter.getPending(), null);
    }
    assert.deepEqual(new Block().get(octets(`${'0'.repeat(14)}1\0x`)), octets('x'));
  });

  it('maxLength lets a block through at the limit and drops one beyond it', () => {
    for (const length of [9, 10]) {
      assert.deepEqual(
        new Block({ maxLength: 10 }).get(octets(`${length}\0${'x'.repeat(length)}`)),
        octets('x'.repeat(length)),
      );
    }
    for (const lengthCodec of [undefined, short]) {
      const filter = new Block({ maxLength: 10, lengthCodec });
      const [long, next] = new Block({ lengthCodec }).put(['x'.repeat(11), 'next']) as [Buffer, Buffer];
      assert.throws(() => filter.get([long.subarray(0, 5)]), { name: 'PoeLimitError', code: 'POE_ERR_BLOCK_TOO_LONG' });
      assert.deepEqual(filter.get([long.subarray(5), next]), octets('next'));
    }
  });

  it('maxBuffer lets that many octets wait, and keeps no more', () => {
    for (const length of [9, 10]) new Block({ blockSize: 20, maxBuffer: 10 }).getOneStart(octets('x'.repeat(length)));
    const filter = new Block({ blockSize: 20, maxBuffer: 10 });
    const limit = { name: 'PoeLimitError', code: 'POE_ERR_BUFFER_LIMIT' };
    assert.throws(() => filter.getOneStart(octets('x'.repeat(11))), limit);
    assert.throws(() => filter.getOneStart(octets('more')), limit);
    assert.equal(filter.getPending()?.[0]?.length, 11);
  });

  it('new Block() refuses options that are wrong or exclude each other', () => {
    const refused: object[] = [
      { blockSize: 0 },
      { blockSize: -1 },
      { blockSize: 1.5 },
      { blockSize: 4, lengthCodec: short },
      { blockSize: 4, maxLength: 9 },
      { lengthCodec: 'x' },
      { lengthCodec: [] },
      { lengthCodec: [() => 0, 1] },
      { lengthCodec: [1, () => 0] },
      { maxLength: 0 },
      { maxBuffer: 'many' },
      { maxLength: 10, maxBuffer: 12 },
    ];
    for (const options of refused) {
      assert.throws(() => new Block(options), { name: 'PoeUsageError', code: 'POE_ERR_FILTER_OPTION' });
    }
    new Block({ maxLength: 10, maxBuffer: 13 });
  });

  it('new Block() warns of an option that it does not know', async () => {
    assert.deepEqual(await warningsOf(() => new Block({ BlockSize: 4, size: 1 } as object)), [
      "Ignoring unknown Block option 'BlockSize'; write 'blockSize'",
      "Ignoring unknown Block option 'size'",
    ]);
  });

  it('clone() does not wait for the block that the original reads', () => {
    const filter = new Block();
    filter.get(octets('5\0ab'));
    assert.deepEqual(filter.clone().get(octets('1\0x')), octets('x'));
    assert.deepEqual(filter.get(octets('cde')), octets('abcde'));
  });

  it('get() reads half a MiB octet by octet in linear time', () => {
    for (const [options, length] of [
      [{ blockSize: 7 }, 0],
      [{}, 0],
      [{}, 512 * 1024],
      [{ lengthCodec: short }, 0xffff],
    ] as const) {
      const filter = new Block(options);
      const blocks = Array(Math.ceil((512 * 1024) / Math.max(length, 4096))).fill('x'.repeat(Math.max(length, 4095)));
      const started = processorMs();
      let got = 0;
      for (const octet of Buffer.concat(new Block(options).put(blocks))) got += filter.get([Buffer.of(octet)]).length;
      assert.ok(got >= blocks.length);
      assert.ok(processorMs() - started < 5000);
    }
  });

  it('put() does not copy a large block: it goes out as two chunks', () => {
    const large = Buffer.alloc(16_384, 'x');
    const chunks = new Block().put([large.subarray(1), large, 'small']);
    assert.deepEqual(
      chunks.map(({ length }) => length),
      [16_383 + 6, 6, 16_384, 7],
    );
    assert.equal(chunks[2]?.buffer, large.buffer);
    assert.deepEqual(new Block().get(chunks).map(String), [String(large.subarray(1)), String(large), 'small']);
  });
});
