import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearest } from '../../../plugins/config/nearest.ts';

const words = ['processes', 'maxRequests', 'level'];

for (const [word, expected] of [
  ['proceses', 'processes'],
  ['procsesse', 'processes'],
  ['max_requests', 'maxRequests'],
  ['MaxRequest', 'maxRequests'],
  ['levle', 'level'],
  ['LEVEL', 'level'],
  ['colour', undefined],
  ['l', undefined],
  ['', undefined],
  ['processes'.repeat(100), undefined],
] as const) {
  test(`nearest() takes '${word.slice(0, 20)}' for ${expected}`, () => assert.equal(nearest(word, words), expected));
}

test('nearest() finds nothing where there are no words', () => assert.equal(nearest('level', []), undefined));
