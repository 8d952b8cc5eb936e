import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { filterContract } from 'poe-kernel/testing';
import { RecordBlock } from '../../../wheels/filters/record-block.ts';
import { runContract } from '../../helpers/run-contract.ts';
import { warningsOf } from '../../helpers/sessions.ts';

for (const checkPut of [false, true]) {
  runContract(
    `RecordBlock${checkPut ? ' that checks what is put' : ''}, as a filter`,
    filterContract<string[], readonly string[], string>({
      make: () => new RecordBlock({ blockSize: 2, checkPut }),
      records: [
        ['a', 'b'],
        ['', 'c'],
      ],
      unfinished: 'x',
      oneByOne: false,
    }),
  );
}

describe('RecordBlock', () => {
  it('put() holds back what makes no whole block if checkPut says so', () => {
    const filter = new RecordBlock({ blockSize: 3, checkPut: true });
    assert.deepEqual(filter.put([[1], [2, 3, 4], [5]]), [1, 2, 3]);
    assert.deepEqual(filter.putPending(), [4, 5]);
    assert.deepEqual(filter.put([[6, 7]]), [4, 5, 6]);
    assert.equal(filter.clone().putPending(), null);
    filter.checkput(false);
    assert.equal(filter.putPending(), null);
    assert.deepEqual(filter.put([]), [7]);
  });

  it('put() refuses what is no array, and keeps nothing of it', () => {
    const filter = new RecordBlock({ blockSize: 1, checkPut: true });
    assert.throws(() => filter.put([[1], 'text' as never]), { name: 'PoeUsageError', code: 'POE_ERR_FILTER_RECORD' });
    assert.equal(filter.putPending(), null);
  });

  it('blocksize() and checkput() give the settings, and change them to what can be', () => {
    const filter = new RecordBlock({ blockSize: 3 });
    assert.deepEqual(
      [filter.blocksize(), filter.blocksize(2), filter.blocksize(0), filter.blocksize(-1)],
      [3, 2, 2, 2],
    );
    assert.deepEqual([filter.checkput(), filter.checkput(true), filter.checkput()], [false, true, true]);
    const twin = filter.clone();
    assert.deepEqual([twin.blocksize(), twin.checkput()], [2, true]);
  });

  it('new RecordBlock() refuses a size that cannot be, and warns of what it does not know', async () => {
    for (const options of [undefined, {}, { blockSize: 0 }, { blockSize: 1.5 }, { blockSize: '2' }]) {
      assert.throws(() => new RecordBlock(options as never), { name: 'PoeUsageError', code: 'POE_ERR_FILTER_OPTION' });
    }
    assert.deepEqual(await warningsOf(() => new RecordBlock({ blockSize: 1, checkput: true } as never)), [
      "Ignoring unknown RecordBlock option 'checkput'; write 'checkPut'",
    ]);
  });
});
