import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { list } from 'poe-kernel';
import { filterContract } from 'poe-kernel/testing';
import { Map as MapFilter } from '../../../wheels/filters/map.ts';
import { runContract } from '../../helpers/run-contract.ts';
import { warningsOf } from '../../helpers/sessions.ts';

runContract(
  'Map, as a filter',
  filterContract<string, string, string>({
    make: () => new MapFilter({ get: (record) => record.slice(1), put: (record) => `>${record}` }),
    records: ['a', '', 'long'],
    unfinished: '>x',
    frames: false,
  }),
);

describe('Map', () => {
  it('code may give one record, several, or none; an array is one', () => {
    const code = (record: string) => (record === 'pair' ? [1, 2] : record === 'two' ? list(1, 2) : undefined);
    assert.deepEqual(new MapFilter({ code }).put(['pair', 'two', 'none']), [[1, 2], 1, 2]);
    assert.deepEqual(new MapFilter({ code }).get(['pair', 'two']), [[1, 2], 1, 2]);
    assert.deepEqual(new MapFilter({ code: () => null }).get(['x']), [null]);
  });

  it('get() stops at a record that becomes none, and goes on the next time', () => {
    const filter = new MapFilter({ code: (record) => (record === 'drop' ? list() : record) });
    assert.deepEqual(filter.get(['a', 'drop', 'b']), ['a']);
    assert.deepEqual(filter.getPending(), ['b']);
    assert.deepEqual(filter.get([]), ['b']);
  });

  it('modify() exchanges functions, and a clone has the new ones', () => {
    const filter = new MapFilter({ get: (record) => record, put: (record) => record });
    filter.modify({ get: (record) => `${record}!` });
    assert.deepEqual([filter.clone().get(['x']), filter.put(['x'])], [['x!'], ['x']]);
    filter.modify({ code: (record) => `${record}?` });
    assert.deepEqual([filter.get(['x']), filter.put(['x'])], [['x?'], ['x?']]);
  });

  it('new Map() refuses what is missing or no function, and warns of what it does not know', async () => {
    const code = () => 1;
    for (const options of [{}, { get: code }, { code: 'x' }]) {
      assert.throws(() => new MapFilter(options as never), { name: 'PoeUsageError', code: 'POE_ERR_FILTER_OPTION' });
    }
    assert.deepEqual(await warningsOf(() => new MapFilter({ code, other: 1 } as never)), [
      "Ignoring unknown Map option 'other'",
    ]);
  });

  it('is called Map, as in POE', () => {
    assert.equal(MapFilter.name, 'Map');
  });
});
