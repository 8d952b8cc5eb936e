import { kernel, Session, twoWay } from 'poe-kernel';
import { type Filter, Line, ReadWrite, Stream } from 'poe-kernel/wheels';

/** Records of a fixed size. */
class Block implements Filter<Buffer> {
  readonly #size: number;
  #buffer = Buffer.alloc(0);

  constructor({ blockSize }: { blockSize: number }) {
    this.#size = blockSize;
  }

  getOneStart(chunks: readonly Uint8Array[]): void {
    this.#buffer = Buffer.concat([this.#buffer, ...chunks]);
  }

  getOne(): Buffer[] {
    if (this.#buffer.length < this.#size) return [];
    const block = this.#buffer.subarray(0, this.#size);
    this.#buffer = this.#buffer.subarray(this.#size);
    return [block];
  }

  get(chunks: readonly Uint8Array[]): Buffer[] {
    this.getOneStart(chunks);
    const all: Buffer[] = [];
    for (let one = this.getOne(); one.length > 0; one = this.getOne()) all.push(...one);
    return all;
  }

  put(records: readonly Buffer[]): Buffer[] {
    return [...records];
  }

  getPending(): Buffer[] | null {
    return this.#buffer.length === 0 ? null : [this.#buffer];
  }

  clone(): Block {
    return new Block({ blockSize: this.#size });
  }
}

const [near, far] = twoWay();

Session.create({
  inlineStates: {
    _start({ heap }) {
      heap.wheel = new ReadWrite({
        handle: near,
        filter: new Line({ literal: '\n' }),
        inputEvent: 'header',
        errorEvent: 'gotError',
      });
      far.write('HELLO\nBLOCK 4\nabcdefghijkl');
    },
    header({ heap }, line) {
      console.log(`header: ${line}`);
      const size = /^BLOCK (\d+)/.exec(line)?.[1];
      if (size !== undefined) {
        heap.wheel.event({ inputEvent: 'block' });
        heap.wheel.setInputFilter(new Block({ blockSize: Number(size) }));
        console.log('header: after the switch');
      } else if (line === 'QUIT') {
        heap.wheel.put('bye');
        far.end();
      }
    },
    block({ kernel, heap }, block) {
      console.log(`block: ${block}`);
      if (String(block) === 'ijkl') {
        heap.wheel.put('line out');
        far.write('mno');
        kernel.delay('next', 0.1);
      } else if (String(block) === 'mnop') {
        heap.wheel.event({ inputEvent: 'chunk' });
        heap.wheel.setFilter(new Stream());
      }
    },
    next() {
      far.write('prest of it');
    },
    chunk({ heap }, chunk) {
      console.log(`chunk: ${chunk}`);
      heap.wheel.put('raw out');
      heap.wheel.setFilter(new Line({ literal: '\n' }));
      heap.wheel.event({ inputEvent: 'header' });
      far.write('BACK\nQUIT\n');
    },
    gotError({ heap }, op, errno) {
      console.log(`error: ${op} ${errno}`);
      heap.wheel.destroy();
      console.log(`far side got ${String(far.read()).replaceAll('\n', '|')}`);
    },
  },
});
await kernel.run();
