import { kernel, list, Session, twoWay } from 'poe-kernel';
import {
  Block,
  Grep,
  Line,
  Map as MapFilter,
  ReadWrite,
  RecordBlock,
  Reference,
  Stackable,
  Stream,
} from 'poe-kernel/wheels';

// Stacks of filters that are changed while records of theirs wait: in a wheel, in the middle of a chunk, with what was pending handed on.

function shown(x: any): string {
  if (Array.isArray(x)) return `[${x.map(shown).join(',')}]`;
  if (x === undefined || x === null) return 'undef';
  if (x instanceof Uint8Array) return shown(Buffer.from(x).toString('latin1'));
  if (typeof x === 'object') {
    return `{${Object.keys(x)
      .sort()
      .map((k) => `${k}=${shown(x[k])}`)
      .join(',')}}`;
  }
  return String(x).replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\0', '\\0');
}
const lines = () => new Line({ literal: '\n' });
const words = () =>
  new MapFilter({
    get: (line: any) => list(...line.split(' ')),
    put: (record: any) => (Array.isArray(record) ? record.join(' ') : record),
  });
const upper = () => new MapFilter({ code: (text: any) => text.toUpperCase() });

Session.create({
  inlineStates: {
    _start({ heap }) {
      const [a, b] = twoWay();
      heap.b = b;
      heap.near = new ReadWrite({
        inputHandle: a,
        outputHandle: a,
        inputEvent: 'word',
        errorEvent: 'near_end',
        inputFilter: new Stackable({ filters: [lines(), words()] }),
        outputFilter: new Stackable({ filters: [lines(), upper(), words()] }),
      });
      heap.far = new ReadWrite({
        inputHandle: b,
        outputHandle: b,
        inputEvent: 'far',
        errorEvent: 'far_end',
        filter: new Stream(),
      });
      console.log(`types: ${heap.near.getInputFilter().filterTypes().join(' ')}`);
      heap.far.put('a b\nc numbers d e\n1\n2\n3\nblock\nlost\n');
      heap.near.put(['never', 'split'], ['twice']);
    },
    word({ heap }, word) {
      console.log(`word ${shown(word)}`);
      const filter = heap.near.getInputFilter();
      if (word === 'numbers') {
        filter.push(new Grep({ code: (record: any) => /^[\da-z]/.test(record) }));
        filter.push(new MapFilter({ code: (record: any) => `<${record}>` }));
        console.log(`now: ${filter.filterTypes().join(' ')}`);
      } else if (word === '<block>') {
        console.log(`pop: ${filter.pop().constructor.name}`);
        console.log(`left: ${filter.filterTypes().join(' ')}`);
        heap.near.event({ inputEvent: 'block' });
        heap.near.setInputFilter(new Block());
        console.log(`pending: ${shown(heap.near.getInputFilter().getPending())}`);
        heap.far.put('4\0wxyz3\0abc7\0');
      }
    },
    block({ kernel, heap }, block) {
      console.log(`block ${shown(block)}, pending ${shown(heap.near.getInputFilter().getPending())}`);
      if (String(block) === 'abc') kernel.yield('answer');
      if (String(block) === '1234567') {
        heap.near.setFilter(new Stackable({ filters: [new Reference(), new RecordBlock({ blockSize: 2 })] }));
        heap.near.event({ inputEvent: 'pair' });
        kernel.yield('data');
      }
    },
    answer({ heap }) {
      heap.near.setOutputFilter(new Stackable({ filters: [new Line({ literal: ';' }), words()] }));
      heap.near.put(['one', 'two'], ['three']);
    },
    far({ heap }, octets) {
      heap.seen = (heap.seen ?? '') + String(octets);
      if (!/three;/.test(heap.seen)) return;
      console.log(`far saw ${shown(heap.seen)}`);
      heap.seen = '';
      heap.far.put('1234', '567');
    },
    data({ heap }) {
      heap.far.setOutputFilter(new Reference());
      heap.far.put([1, 'x'], { k: 'v' }, ['lone']);
    },
    pair({ heap }, pair) {
      console.log(`pair ${shown(pair)}`);
      console.log(`types: ${heap.near.getInputFilter().filterTypes().join(' ')}`);
      if (pair[0][0] === 'lone') {
        heap.far.destroy();
        heap.b.destroy();
      } else heap.far.put(['last']);
    },
    near_end({ heap }, operation, errno) {
      console.log(`near: ${operation} ${errno}`);
      heap.near.destroy();
    },
    far_end({ heap }, operation, errno) {
      console.log(`far: ${operation} ${errno}`);
      heap.far.destroy();
    },
    _stop() {
      console.log('stopped');
    },
  },
});
await kernel.run();

// The same by hand.
const bytes = (text: string) => Buffer.from(text, 'latin1');
const stack = new Stackable({ filters: [lines(), words(), new RecordBlock({ blockSize: 3 })] });
stack.getOneStart([bytes('a b\nc d'), bytes(' e\nf g h\ni')]);
for (let n = 1; n <= 4; n++) console.log(`one: ${shown(stack.getOne())}`);
console.log(`pending: ${shown(stack.getPending())}`);
console.log(`put: ${shown(stack.put([[['x', 'y'], ['z']], [['q']]]))}`);
const copy = stack.clone();
console.log(`copy: ${shown(copy.get([bytes('r s t\nu\n')]))}, of the original: ${shown(stack.get([bytes('r\n')]))}`);
const outcome = (make: () => unknown): string => {
  try {
    return shown(make());
  } catch {
    return 'dies';
  }
};
console.log(
  `empty: ${outcome(() => new Stackable().get(['as', 'is']))}, ${outcome(() => new Stackable().put(['as', 'is']))}`,
);
const inner = new Stackable({ filters: [words(), upper()] });
const outer = new Stackable({ filters: [lines(), inner] });
console.log(`nested: ${shown(outer.get([bytes('a b\nc\n')]))}`);
