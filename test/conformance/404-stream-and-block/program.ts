import { Block, type BlockOptions, type Filter, Stream } from 'poe-kernel/wheels';

const octets = (...texts: string[]) => texts.map((text) => Buffer.from(text));
const list = (records: readonly unknown[]) => `(${records.join('|')})`;
const pend = (filter: Filter<Buffer>) => {
  const p = filter.getPending();
  return p ? list(p) : 'undef';
};

const s = new Stream();
console.log(`stream get: ${list(s.get(octets('ab', '', 'cd')))}`);
console.log(`stream get nothing: ${list(s.get([]))} pending ${pend(s)}`);
console.log(`stream get empty string: ${list(s.get(octets('')))}`);
s.getOneStart(octets('one'));
s.getOneStart(octets('two'));
console.log(`stream pending: ${pend(s)}`);
console.log(`stream get_one: ${list(s.getOne())} then ${list(s.getOne())}`);
console.log(`stream put: ${list(s.put(['x', '', 'y']))}`);

const b = new Block({ blockSize: 4 });
console.log(`block get: ${list(b.get(octets('abc')))}${list(b.get(octets('defgh', 'ij')))} pending ${pend(b)}`);
console.log(`block put: ${list(b.put(['abc', 'defgh']))}`);
b.getOneStart(octets('klmnopqrst'));
console.log(`block get_one: ${list(b.getOne())} pending ${pend(b)}`);
console.log(`block get rest: ${list(b.get([]))} pending ${pend(b)}`);

const v = new Block();
const wire = v.put(['hello', '', 'with\0zero', '12']);
console.log(`length put: ${list(wire.map((chunk) => String(chunk).replaceAll('\0', '\\0')))}`);
const out: Buffer[] = [];
for (const octet of Buffer.concat(wire)) out.push(...v.get([Buffer.of(octet)]));
console.log(`length get byte by byte: ${out.map((block) => String(block).replace('\0', '\\0')).join('|')}`);
console.log(`length pending: ${pend(v)}`);
console.log(`announced only: ${list(v.get(octets('5\0abc')))} pending ${pend(v)}`);
console.log(`completed: ${list(v.get(octets('de')))}`);

for (const [label, bad] of [
  ['BlockSize and 2 items', { blockSize: 0 }],
  ['BlockSize and 4 items', { blockSize: 4, lengthCodec: [] }],
  ['LengthCodec and 2 items', { lengthCodec: 'x' }],
  ['LengthCodec and 2 items', { lengthCodec: [() => undefined, 1] }],
  ['BlockSize and 4 items', { blockSize: 4, maxLength: 9 }],
] as const) {
  try {
    new Block(bad as unknown as BlockOptions);
    console.log(`${label}: accepted`);
  } catch {
    console.log(`${label}: died`);
  }
}
