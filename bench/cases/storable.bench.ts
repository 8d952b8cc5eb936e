import { Storable } from 'poe-kernel/wheels';
import type { Bench, Sample } from '../bench.ts';
import { timed } from '../timed.ts';

const small = { a: 1, b: [1, 2, 3, 4, 5], s: 'hello world' };
/** A hundred keys with numbers, fractions, texts and lists in turn. */
const large = Object.fromEntries(
  Array.from({ length: 100 }, (_, n) => [`key-${n}`, [n * 1000, n + 0.5, `value number ${n}`, [n, `${n}`]][n % 4]]),
);

function freeze(value: unknown, count: number): Promise<Sample> {
  const storable = new Storable();
  let octets = 0;
  return timed(count, (some) => {
    for (let n = 0; n < some; n++) octets += storable.freeze(value).length;
    if (octets === 0) throw new Error('nothing was frozen');
  });
}

function thaw(value: unknown, count: number): Promise<Sample> {
  const storable = new Storable();
  const image = storable.freeze(value);
  let thawed: unknown;
  return timed(count, (some) => {
    for (let n = 0; n < some; n++) thawed = storable.thaw(image);
    if (typeof thawed !== 'object') throw new Error('nothing was thawed');
  });
}

export const benches: readonly Bench[] = (
  [
    ['storable-freeze-small', 'freeze', 'small', small, 400_000],
    ['storable-thaw-small', 'thaw', 'small', small, 400_000],
    ['storable-freeze-100-keys', 'freeze', 'large', large, 20_000],
    ['storable-thaw-100-keys', 'thaw', 'large', large, 20_000],
  ] as const
).map(([name, what, size, value, times]) => ({
  name,
  group: 'codec',
  unit: 'images',
  shows: 'per second',
  contestants: {
    ours: { label: 'poe-kernel', count: times, run: (count) => (what === 'freeze' ? freeze : thaw)(value, count) },
    perl: {
      label: `Perl's Storable, n${what}`.replace('nthaw', 'thaw'),
      count: times,
      run: { needs: 'Storable', args: [what, size] },
    },
  },
}));
