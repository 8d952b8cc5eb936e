import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Kernel, PoeDataError, Session } from 'poe-kernel';
import { Block } from 'poe-kernel/wheels';
import { PeerFilter } from '../../../components/ikc/peer-filter.ts';

/** A filter of blocks in a session that hears of what is broken. */
function scene(act: (filter: PeerFilter, broken: unknown[]) => void): void {
  const kernel = new Kernel();
  const broken: unknown[] = [];
  let filter: PeerFilter | undefined;
  Session.create({
    kernel,
    inlineStates: {
      _start({ kernel }) {
        filter = new PeerFilter(new Block({ maxLength: 10 }), kernel);
        act(filter, broken);
      },
      broken(_, error) {
        broken.push(error);
        (filter as PeerFilter).closed = true;
      },
    },
  });
}

const octets = (text: string): Buffer[] => [Buffer.from(text)];
const texts = (records: readonly unknown[]): string[] => records.map(String);

test('PeerFilter reads and writes as the filter inside', () => {
  scene((filter) => {
    assert.deepEqual(texts(filter.get(octets('1\0a2\0bc3\0d'))), ['a', 'bc']);
    assert.deepEqual(texts(filter.getPending() ?? []), ['d']);
    filter.getOneStart(octets('ef'));
    assert.deepEqual(texts(filter.getOne()), ['def']);
    assert.deepEqual(texts(filter.put(['xy'])), ['2\0xy']);
    assert.equal(filter.clone().getPending(), null);
  });
});

test('PeerFilter tells its session of what cannot be read, and reads nothing more', () => {
  scene((filter, broken) => {
    assert.deepEqual(texts(filter.get(octets('1\0a11\0'))), ['a']);
    assert.equal(broken.length, 1);
    assert.ok(broken[0] instanceof PoeDataError);
    assert.deepEqual(filter.get(octets('xxxxxxxxxxx1\0a')), []);
    assert.equal(broken.length, 1);
  });
});

test('PeerFilter lets out what is no matter of the octets', () => {
  scene((filter) => {
    assert.throws(() => filter.getOneStart(null as never), TypeError);
  });
});
