import { blessed, type Freezer, nfreeze, PerlRef, Reference } from 'poe-kernel/wheels';

/** Perl data, as far as its kind matters here. */
function describe(r: unknown): string {
  const inner = (value: unknown) => (typeof value === 'object' && value !== null ? describe(value) : String(value));
  if (typeof r !== 'object' || r === null) return 'string';
  const name = (r as { [blessed]?: string })[blessed];
  if (name !== undefined) return `${name} object`;
  if (r instanceof PerlRef) return `SCALAR(${r.value})`;
  if (Array.isArray(r)) return `ARRAY(${r.map(inner).join(',')})`;
  const keys = Object.keys(r).sort();
  return `HASH(${keys.map((key) => `${key}=${inner((r as Record<string, unknown>)[key])}`).join(',')})`;
}
const all = (records: readonly unknown[], separator: string) => records.map(describe).join(separator);
const died = (code: () => unknown, known: string) => {
  try {
    code();
    return 'lived';
  } catch (error) {
    return (error as { code?: string }).code === known ? 'died' : 'odd';
  }
};

const data = [
  [1, 'two', [3]],
  { k: 'v', list: [4, 5] },
  new PerlRef('scalar'),
  Object.assign({ x: 1 }, { [blessed]: 'Thing' }),
];
const f = new Reference();
const wire = f.put(data) as [Buffer, ...Buffer[]];
console.log(`chunks: ${wire.length}`);
const nul = wire[0].indexOf(0);
const [len, rest] = [Number(wire[0].toString('latin1', 0, nul)), wire[0].subarray(nul + 1)];
console.log(
  `length header right: ${len === rest.length ? 'yes' : 'no'}, ` +
    `storable network order: ${rest.equals(nfreeze(data[0])) ? 'yes' : 'no'}`,
);
console.log(`whole: ${all(f.get([Buffer.concat(wire)]), ' ')}`);
const got: unknown[] = [];
const joined = Buffer.concat(wire);
for (let at = 0; at < joined.length; at += 5) got.push(...f.get([joined.subarray(at, at + 5)]));
console.log(`in pieces: ${all(got, ' ')}`);

const half = (wire[1] as Buffer).subarray(0, 10);
f.get([half]);
console.log(`pending is raw: ${f.getPending()?.[0]?.equals(half) ? 'yes' : 'no'}`);

const z = new Reference({ compression: true });
const big = Array(500).fill('repeat');
const [plain, packed] = [f, z].map((filter) => filter.put([big])[0]?.length ?? 0) as [number, number];
const [restored] = z.get(z.put([big])) as [unknown[]];
console.log(`compressed is smaller: ${packed < plain / 5 ? 'yes' : 'no'}, restored: ${restored.length} items`);

const bad = Buffer.from('7\0garbage');
const strict = new Reference();
console.log(`strict: ${died(() => strict.get([bad]), 'POE_ERR_THAW_HEADER')}`);
const soft = new Reference({ noFatals: true });
const r = soft.get([Buffer.concat([bad, wire[0]])]) as [string, ...unknown[]];
console.log(`soft: ${r.length} records: ${all(r, ', ')}`);
console.log(`soft error is true: ${r[0].length ? 'yes' : 'no'}`);
console.log(`put of a string: ${died(() => f.put(['plain']), 'POE_ERR_FILTER_RECORD')}`);

const rot13 = (s: string) =>
  s.replace(/[a-z]/gi, (c) => String.fromCharCode(c.charCodeAt(0) + (c.toLowerCase() < 'n' ? 13 : -13)));
const Rot13: Freezer = {
  name: 'Rot13',
  freeze: (value) => Buffer.from(rot13((value as string[]).join(','))),
  thaw: (frozen) => rot13(Buffer.from(frozen).toString()).split(','),
};
const own = new Reference({ freezer: Rot13 });
const [frame] = own.put([['hello', 'you']]) as [Buffer];
console.log(`own serializer: ${String(frame).replace('\0', '\\0')}`);
console.log(`and back: ${all(own.get([frame]), '')}`);
