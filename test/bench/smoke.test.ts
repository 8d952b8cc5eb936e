import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { allBenches, choose } from '../../bench/catalogue.ts';
import { median } from '../../bench/measure.ts';
import { quantity, rows, table } from '../../bench/table.ts';
import { smoke } from '../helpers/bench-smoke.ts';

const all = await allBenches();

smoke(all.filter(({ file }) => !/^(ikc|prefork|start)/.test(file)));

describe('choose()', () => {
  test('takes names of cases, of files and of groups', () => {
    const names = (wanted: string[]): string[] => choose(all, wanted).map(({ bench }) => bench.name);
    assert.deepEqual(names(['ring']), ['ring']);
    assert.deepEqual(names(['idle']).sort(), ['idle-session', 'pending-delay']);
    assert.deepEqual(names(['timers']).sort(), ['adjust', 'delays', 'delays-1m', 'set-cancel']);
    assert.equal(names([]).length, all.length);
  });

  test('refuses a name that means nothing', () => {
    assert.throws(() => choose(all, ['ring', 'rong']), /no benchmark 'rong'; there are .*ring/);
  });
});

describe('table()', () => {
  test('shows rates with three digits, and how they compare with Perl and with the limit', () => {
    const ring = all.find(({ bench }) => bench.name === 'ring')?.bench;
    assert.ok(ring !== undefined);
    const body = rows(ring, [
      { key: 'ours', label: 'poe-kernel', value: 8_123_456 },
      { key: 'perl', label: 'POE', value: 65_432 },
      { key: 'limit', label: 'bare', value: undefined },
    ]);
    assert.deepEqual(
      table(body).map((line) => line.split(/ {2,}/)),
      [
        ['case', 'contestant', 'measured', '× Perl', '× limit'],
        ['ring', 'poe-kernel', '8.12M', 'events/s', '124'],
        ['', 'POE', '65.4k', 'events/s'],
        ['', 'bare', 'not there'],
      ],
    );
  });

  test('counts fewer octets as better', () => {
    const idle = all.find(({ bench }) => bench.name === 'idle-session')?.bench;
    assert.ok(idle !== undefined);
    const [ours] = rows(idle, [
      { key: 'ours', label: 'poe-kernel', value: 1000 },
      { key: 'perl', label: 'POE', value: 4000 },
    ]);
    assert.deepEqual(ours, ['idle-session', 'poe-kernel', '1.00k', 'octets per session', '4.00', '']);
  });
});

test('median() is the middle one, or between the two in the middle', () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 2, 3]), 2.5);
  assert.equal(median([]), undefined);
});

test('quantity() has three digits and a letter', () => {
  assert.deepEqual([0.1234, 12.34, 999, 71_900, 8_120_000].map(quantity), ['0.123', '12.3', '999', '71.9k', '8.12M']);
});
