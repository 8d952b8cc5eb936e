import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SeededRandom } from 'poe-kernel/testing';
import { Backoff, type ReconnectOptions, readReconnect } from '../../../components/ikc/backoff.ts';
import { fc } from '../../helpers/property.ts';

function waits(options: ReconnectOptions, count: number, seed = 1): (number | undefined)[] {
  const backoff = new Backoff(
    readReconnect(options) as NonNullable<ReturnType<typeof readReconnect>>,
    new SeededRandom(seed),
  );
  return Array.from({ length: count }, () => backoff.next());
}

describe('Backoff', () => {
  test('next() grows by the factor up to the longest wait', () => {
    assert.deepEqual(waits({ jitter: 0, maxDelay: 1 }, 6), [0.1, 0.2, 0.4, 0.8, 1, 1]);
    assert.deepEqual(waits({ jitter: 0, initialDelay: 2, factor: 1 }, 3), [2, 2, 2]);
  });

  test('next() is shortened by chance, never lengthened', () => {
    fc.assert(
      fc.property(fc.integer(), fc.double({ min: 0, max: 1, noNaN: true }), (seed, jitter) => {
        const full = waits({ jitter: 0 }, 12);
        waits({ jitter }, 12, seed).forEach((wait, index) => {
          const most = full[index] as number;
          assert.ok((wait as number) <= most && (wait as number) >= most * (1 - jitter), `${wait} for ${most}`);
        });
      }),
    );
    assert.notDeepEqual(waits({}, 5, 1), waits({}, 5, 2));
  });

  test('next() gives up after as many attempts as may be, which succeeded() counts anew', () => {
    const backoff = new Backoff({ ...(readReconnect(true) as any), maxAttempts: 2, jitter: 0 }, new SeededRandom(1));
    assert.deepEqual([backoff.next(), backoff.next(), backoff.next()], [0.1, 0.2, undefined]);
    backoff.succeeded();
    assert.equal(backoff.next(), 0.4);
  });

  test('lasted() begins anew behind a link that stood as long as the wait before it', () => {
    const backoff = new Backoff({ ...(readReconnect(true) as any), jitter: 0 }, new SeededRandom(1));
    assert.deepEqual([backoff.next(), backoff.next()], [0.1, 0.2]);
    backoff.lasted(0.1);
    assert.equal(backoff.next(), 0.4);
    backoff.lasted(0.4);
    assert.equal(backoff.next(), 0.1);
  });
});

describe('readReconnect', () => {
  test('takes true for the defaults, false and nothing for no', () => {
    assert.deepEqual(readReconnect(true), readReconnect({}));
    assert.equal(readReconnect(false), undefined);
    assert.equal(readReconnect(undefined), undefined);
  });

  test('refuses what cannot be', () => {
    for (const option of [
      { initialDelay: 0 },
      { initialDelay: Number.NaN },
      { initialDelay: 2, maxDelay: 1 },
      { maxDelay: Number.POSITIVE_INFINITY },
      { factor: 0.5 },
      { jitter: 1.1 },
      { maxAttempts: 0 },
      { queue: -1 },
      { delay: 1 },
      null,
      5,
    ]) {
      assert.throws(() => readReconnect(option as never), { code: 'POE_ERR_IKC_PARAMETER' }, JSON.stringify(option));
    }
  });
});
