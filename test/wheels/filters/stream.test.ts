import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { filterContract } from 'poe-kernel/testing';
import { Stream } from '../../../wheels/filters/stream.ts';
import { runContract } from '../../helpers/run-contract.ts';

runContract(
  'Stream, as a filter',
  filterContract<Buffer, Uint8Array>({
    make: () => new Stream(),
    records: (random) => random.octets(random.below(20)),
    expected: (records) => Buffer.concat(records),
    seen: (records) => Buffer.concat(records),
    unfinished: Buffer.from('some'),
    frames: false,
  }),
);

const octets = (...texts: string[]) => texts.map((text) => Buffer.from(text, 'latin1'));

describe('Stream', () => {
  it('get() joins what one get is given into one record', () => {
    const filter = new Stream();
    assert.deepEqual(filter.get(octets('ab', '', 'cd')), octets('abcd'));
    assert.deepEqual(filter.get([]), []);
    assert.deepEqual(filter.get(octets('')), []);
    assert.equal(filter.getPending(), null);
  });

  it('getOne() gives all that was started, once', () => {
    const filter = new Stream();
    filter.getOneStart(octets('one'));
    filter.getOneStart(octets('two'));
    assert.deepEqual(filter.getPending(), octets('onetwo'));
    assert.deepEqual(filter.getOne(), octets('onetwo'));
    assert.deepEqual(filter.getOne(), []);
  });

  it('get() gives a single chunk as it is, without a copy', () => {
    const [chunk] = octets('only one') as [Buffer];
    const [record] = new Stream().get([chunk]) as [Buffer];
    assert.equal(record.buffer, chunk.buffer);
    assert.equal(record.byteOffset, chunk.byteOffset);
  });

  it('put() gives a chunk for each record, empty ones too', () => {
    assert.deepEqual(new Stream().put(['x', '', Buffer.from('y')]), octets('x', '', 'y'));
  });

  it('put() writes code points up to U+00FF as octets and refuses others', () => {
    assert.deepEqual(new Stream().put(['caf\u00e9']), [Buffer.from([0x63, 0x61, 0x66, 0xe9])]);
    assert.throws(() => new Stream().put(['\u20ac']), { name: 'PoeUsageError', code: 'POE_ERR_FILTER_RECORD' });
  });

  it('put() writes UTF-8 where that is chosen, and so does a clone', () => {
    assert.deepEqual(new Stream({ encoding: 'utf8' }).clone().put(['\u20ac']), [Buffer.from('\u20ac')]);
  });
});
