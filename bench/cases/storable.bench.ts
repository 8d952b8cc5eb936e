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

/** Values whose way there and back is measured. */
const VALUES = {
  small,
  large,
  ints: Array.from({ length: 10_000 }, (_, n) => n * 211),
  string: 'x'.repeat(1_000_000),
  nested: Array.from({ length: 1000 }, (_, n) => ({ id: n, name: `name ${n}`, inner: { on: 1, list: [n, n + 1] } })),
};

function storableRoundTrips(value: unknown, count: number): Promise<Sample> {
  const storable = new Storable();
  return roundTrips(count, () => storable.thaw(storable.freeze([value])));
}

function jsonRoundTrips(value: unknown, count: number): Promise<Sample> {
  return roundTrips(count, () => JSON.parse(Buffer.from(JSON.stringify([value])).toString()));
}

function roundTrips(count: number, there: () => unknown): Promise<Sample> {
  let came: unknown;
  return timed(count, (some) => {
    for (let n = 0; n < some; n++) came = there();
    if (!Array.isArray(came)) throw new Error('nothing came back');
  });
}

const tripsOf = (size: keyof typeof VALUES, name: string, times: number): Bench => ({
  name: `storable-${name}`,
  group: 'codec',
  unit: 'round trips',
  shows: 'per second',
  contestants: {
    ours: { label: 'poe-kernel', count: times, run: (count) => storableRoundTrips(VALUES[size], count) },
    limit: { label: 'JSON, with a Buffer', count: times, run: (count) => jsonRoundTrips(VALUES[size], count) },
    perl: {
      label: "Perl's Storable, nfreeze and thaw",
      count: times / 2,
      run: { needs: 'Storable', args: ['both', size] },
    },
  },
});

const halves: readonly Bench[] = (
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

export const benches: readonly Bench[] = [
  ...halves,
  tripsOf('small', 'small', 200_000),
  tripsOf('large', '100-keys', 10_000),
  tripsOf('ints', '10k-ints', 1000),
  tripsOf('string', '1mb-string', 600),
  tripsOf('nested', '1000-nested', 300),
];
