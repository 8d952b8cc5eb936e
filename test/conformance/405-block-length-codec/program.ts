import { Block, type OctetsRef } from 'poe-kernel/wheels';

function encoder(stuff: OctetsRef) {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(stuff.value.length);
  stuff.value = Buffer.concat([length, stuff.value]);
}
function decoder(stuff: OctetsRef) {
  if (stuff.value.length < 2) return;
  const n = stuff.value.readUInt16BE();
  stuff.value = stuff.value.subarray(2);
  return n;
}
const hexOf = (chunks: readonly Buffer[]) => chunks.map((chunk) => chunk.toString('hex')).join(' ');

const f = new Block({ lengthCodec: [encoder, decoder] });
const wire = f.put(['a', 'bcd', '']);
console.log(`put: ${hexOf(wire)}`);
const bytes = Buffer.concat([...wire, Buffer.from('\0\x05he')]);
for (let at = 0; at < bytes.length; at += 3) {
  const piece = bytes.subarray(at, at + 3);
  const r = f.get([piece]);
  console.log(`piece ${hexOf([piece])}: ${r.length} block(s)${r.length ? ` (${r.join('|')})` : ''}`);
}
console.log(`pending: ${hexOf(f.getPending() ?? [])}`);
console.log(`finished: ${f.get([Buffer.from('llo')]).join('|')}`);
console.log(`pending: ${f.getPending() ? 'some' : 'undef'}`);

const text = ['first', 'second one'];
const t = new Block({
  lengthCodec: [
    (s) => {
      s.value = `<${s.value.length}>${s.value.toString('latin1')}`;
    },
    (s) => {
      const [mark, length] = /^<(\d+)>/.exec(String(s.value)) ?? [];
      if (mark === undefined) return;
      s.value = s.value.subarray(mark.length);
      return length;
    },
  ],
});
const out = t.put(text).join('');
console.log(`text wire: ${out}`);
console.log(`text get: ${t.get([Buffer.from(out)]).join('|')}`);
console.log(`originals untouched: ${text.join(' ')}`);
const clone = t.clone();
t.get([Buffer.from('<10>half')]);
const empty = clone.getPending() ? 'no' : 'yes';
console.log(`clone is empty: ${empty}, and works: ${clone.get([Buffer.from('<2>ok')]).join('|')}`);
