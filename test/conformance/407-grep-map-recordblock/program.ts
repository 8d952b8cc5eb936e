import { list } from 'poe-kernel';
import { Grep, type GrepOptions, Map, RecordBlock } from 'poe-kernel/wheels';

const show = (records: readonly unknown[] | null) =>
  `(${(records ?? ['none']).map((x) => (Array.isArray(x) ? `[${x.join(',')}]` : (x ?? 'undef'))).join('|')})`;

let g = new Grep({ get: (s) => /a/.test(s), put: (s) => s.length > 2 });
console.log(`grep get: ${show(g.get(['abc', 'xyz', 'banana', 'q']))}`);
console.log(`grep put: ${show(g.put(['a', 'ab', 'abc', 'abcd']))}`);
g.getOneStart(['no', 'apple', 'na']);
console.log(`grep get_one: ${show(g.getOne())} pending ${show(g.getPending())}`);
console.log(`grep rest: ${show(g.getOne())}${show(g.getOne())}`);
g.modify({ get: () => 1, put: () => 0 });
console.log(`grep modified: ${show(g.get(['x', 'y']))}${show(g.put(['x', 'y']))}`);
g = new Grep({ code: (n) => n % 2 });
console.log(`grep code: ${show(g.get([1, 2, 3, 4, 5, 6]))}${show(g.put([1, 2, 3, 4, 5, 6]))}`);

let m = new Map({ get: (s) => s.toUpperCase(), put: (s) => s.toLowerCase() });
console.log(`map get: ${show(m.get(['ab', 'Cd']))} put: ${show(m.put(['AB', 'cD']))}`);
m = new Map({ code: (s) => (s === 'drop' ? list() : s === 'dup' ? list(s, s) : `<${s}>`) });
console.log(`map many, put: ${show(m.put(['a', 'drop', 'dup', 'b']))}`);
console.log(`map many, get: ${show(m.get(['a', 'dup', 'b']))}`);
m.getOneStart(['a', 'drop', 'b']);
console.log(`map dropping in get_one: ${show(m.getOne())}${show(m.getOne())}${show(m.getOne())}`);
m.modify({ code: (s) => `${s}!` });
console.log(`map modified: ${show(m.get(['x']))}`);

const r = new RecordBlock({ blockSize: 3 });
console.log(`block get: ${show(r.get([1, 2]))}${show(r.get([3, 4, 5, 6, 7]))} pending ${show(r.getPending())}`);
console.log(`block put: ${show(r.put([[1, 2, 3], [4], [5, 6]]))}`);
console.log(`blocksize: ${r.blocksize()}, set to ${r.blocksize(2)}, refused 0: ${r.blocksize(0)}`);
console.log(`block get with 2: ${show(r.get([8, 9, 10]))}`);
const c = new RecordBlock({ blockSize: 3, checkPut: true });
console.log(`checked put: ${show(c.put([[1, 2]]))}${show(c.put([[3, 4], [5]]))} put_pending ${show(c.putPending())}`);
c.checkput(false);
console.log(`unchecked again: ${show(c.put([[6]]))} put_pending ${show(c.putPending())}`);

const accepted = (make: () => unknown) => {
  try {
    make();
    return 'accepted';
  } catch {
    return 'died';
  }
};
for (const [label, make] of [
  ['POE::Filter::Grep with 0', () => new Grep({} as GrepOptions<unknown>)],
  ['POE::Filter::Map with 2', () => new Map({ get: () => undefined } as never)],
  ['POE::Filter::Map with 2', () => new Map({ code: 'x' } as never)],
  ['POE::Filter::RecordBlock with 0', () => new RecordBlock({} as never)],
  ['POE::Filter::RecordBlock with 2', () => new RecordBlock({ blockSize: 0 })],
] as const) {
  console.log(`${label}: ${accepted(make)}`);
}
