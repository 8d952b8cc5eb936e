import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bare, isHash, isTrue, own } from '../../../components/ikc/perl.ts';

describe('isTrue', () => {
  it('isTrue() is what Perl takes for true', () => {
    for (const value of ['a', '00', '0.0', ' ', 1, -1, 1n, [], {}, true]) assert.ok(isTrue(value));
    for (const value of ['', '0', 0, 0n, null, undefined, false]) assert.ok(!isTrue(value));
  });
});

describe('isHash', () => {
  it('isHash() knows thawed hashes and plain objects, nothing else', () => {
    for (const value of [{}, Object.create(null)]) assert.ok(isHash(value));
    for (const value of [null, undefined, [], '', new Map(), new Date(0), Object.create({}), () => ({})]) {
      assert.ok(!isHash(value));
    }
  });
});

describe('own', () => {
  it('own() gives own values only', () => {
    assert.equal(own({ a: 1 }, 'a'), 1);
    assert.equal(own({}, 'toString'), undefined);
    assert.equal(own({}, '__proto__'), undefined);
  });
});

describe('bare', () => {
  it('bare() gives a hash without prototype as it is, and own keys of another', () => {
    const sent = Object.assign(Object.create(null), { a: 1 });
    assert.equal(bare(sent), sent);
    const given = bare({ a: 1, toString: 2 });
    assert.deepEqual({ ...given }, { a: 1, toString: 2 });
    assert.equal(bare({ a: 1 }).toString, undefined);
  });
});
