import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { filterContract } from 'poe-kernel/testing';
import { Grep } from '../../../wheels/filters/grep.ts';
import { processorMs } from '../../helpers/processor-time.ts';
import { runContract } from '../../helpers/run-contract.ts';
import { warningsOf } from '../../helpers/sessions.ts';

runContract(
  'Grep, as a filter',
  filterContract<string, string, string>({
    make: () => new Grep({ get: (record) => record !== 'no', put: () => true }),
    records: ['a', '', 'no'],
    expected: (records) => records.filter((record) => record !== 'no'),
    unfinished: 'x',
    frames: false,
  }),
);

describe('Grep', () => {
  it('code tests both ways, also beside get and put', () => {
    const odd = (record: number) => record % 2;
    const filter = new Grep({ code: odd, get: () => true, put: () => true });
    assert.deepEqual(
      [filter.get([1, 2, 3]), filter.put([1, 2, 3])],
      [
        [1, 3],
        [1, 3],
      ],
    );
  });

  it('modify() exchanges tests while records wait, and a clone has the new ones', () => {
    const filter = new Grep<string>({ get: () => false, put: () => true });
    filter.getOneStart(['a', 'b']);
    filter.modify({ get: (record) => record === 'b' });
    assert.deepEqual(filter.getOne(), ['b']);
    filter.modify({ code: () => false });
    const twin = filter.clone();
    assert.deepEqual([twin.get(['b']), twin.put(['b'])], [[], []]);
    filter.modify({ put: () => true });
    assert.deepEqual([filter.put(['b']), twin.put(['b'])], [['b'], []], 'a clone goes its own way');
  });

  it('modify() warns of what is no function, or has another name', async () => {
    const filter = new Grep({ code: () => true });
    assert.deepEqual(await warningsOf(() => filter.modify({ get: 'x', Get: () => false } as never)), [
      'Ignoring get: it is no function',
      "Ignoring unknown Grep option 'Get'",
    ]);
    assert.deepEqual(filter.get(['x']), ['x']);
  });

  it('new Grep() refuses what is missing or no function, and warns of what it does not know', async () => {
    const code = () => true;
    for (const options of [
      {},
      { get: code },
      { put: code },
      { code: 'x' },
      { get: code, put: 1 },
      { code, get: 'x' },
    ]) {
      assert.throws(() => new Grep(options as never), { name: 'PoeUsageError', code: 'POE_ERR_FILTER_OPTION' });
    }
    assert.deepEqual(await warningsOf(() => new Grep({ code, Code: code } as never)), [
      "Ignoring unknown Grep option 'Code'; write 'code'",
    ]);
  });

  it('get() reads half a million records in linear time', () => {
    const filter = new Grep<number>({ code: (record) => record % 2 });
    const started = processorMs();
    filter.getOneStart(Array.from({ length: 500_000 }, (_, index) => index));
    let got = 0;
    while (filter.getOne().length > 0) got++;
    assert.equal(got, 250_000);
    assert.ok(processorMs() - started < 5000);
  });
});
