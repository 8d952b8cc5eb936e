import { list } from 'poe-kernel';
import { Grep, Line, Map, RecordBlock, Stackable } from 'poe-kernel/wheels';

const octets = (text: string) => [Buffer.from(text)];
const show = (records: readonly unknown[]) =>
  `(${records.map((x) => (Array.isArray(x) ? `[${x.join(',')}]` : String(x)).replaceAll('\n', '\\n')).join('|')})`;
const types = (stack: Stackable) => stack.filterTypes().join(' ');

const s = new Stackable({
  filters: [
    new Line({ literal: '\n' }),
    new Grep({ get: (line) => !/^#/.test(line), put: () => 1 }),
    new Map({ get: (line) => list(...line.split(/\s+/)), put: (line) => line.toUpperCase() }),
  ],
});
console.log(`types: ${types(s)}, count ${s.filters().length}`);
console.log(`get: ${show(s.get(octets('one two\n# comment\nthree\nfo')))}${show(s.get(octets('ur five six\n')))}`);
console.log(`put: ${show(s.put(['a', 'b']))}`);

s.getOneStart(octets('x y z\nlast\n'));
const seen: string[] = [];
for (;;) {
  const r = s.getOne();
  if (r.length === 0) break;
  seen.push(show(r));
}
console.log(`get_one: ${seen.join(' ')}`);

s.push(new RecordBlock({ blockSize: 2 }));
console.log(`pushed: ${types(s)}`);
console.log(`get: ${show(s.get(octets('p q r\n')))}${show(s.get(octets('s\n')))}`);
console.log(`put: ${show(s.put([['m', 'n']]))}`);
console.log(`popped: POE::Filter::${s.pop()?.constructor.name}, left ${types(s)}`);
console.log(`shifted: POE::Filter::${s.shift()?.constructor.name}, left ${types(s)}`);
s.unshift(new Line({ literal: ';' }));
console.log(`unshifted: ${types(s)}`);
console.log(`get: ${show(s.get(octets('a b;#no;c;')))}`);
console.log(`put: ${show(s.put(['x', 'y']))}`);

const accepted = (code: () => unknown) => {
  try {
    code();
    return 'accepted';
  } catch {
    return 'died';
  }
};
console.log(`push of a non-filter: ${accepted(() => s.push('x' as never))}`);
console.log(`bad Filters: ${accepted(() => new Stackable({ filters: 'x' as never }))}`);

const clone = s.clone();
s.get(octets('unfinished'));
console.log(`clone types: ${types(clone)}, fresh: ${show(clone.get(octets('k;')))}`);
console.log(`pending of the original: ${show(s.getPending())}`);
