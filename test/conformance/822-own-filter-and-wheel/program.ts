import { kernel, Session, twoWay } from 'poe-kernel';
import { BaseFilter, Map as MapFilter, ReadWrite, Stackable, Wheel } from 'poe-kernel/wheels';

class Csv extends BaseFilter<string[]> {
  #buffer = '';
  readonly #separator: string;
  constructor({ separator = ',' }: { separator?: string } = {}) {
    super();
    this.#separator = separator;
  }
  getOneStart(chunks: readonly Uint8Array[]) {
    for (const c of chunks) this.#buffer += Buffer.from(c).toString('latin1');
  }
  getOne(): string[][] {
    const m = /^(.*?)\r?\n/.exec(this.#buffer);
    if (!m) return [];
    this.#buffer = this.#buffer.slice(m[0].length);
    return [(m[1] as string).split(this.#separator)];
  }
  put(records: readonly (readonly unknown[])[]) {
    return records.map((r) => Buffer.from(`${r.join(this.#separator)}\n`, 'latin1'));
  }
  getPending() {
    return this.#buffer === '' ? null : [Buffer.from(this.#buffer, 'latin1')];
  }
  clone() {
    return new Csv({ separator: this.#separator });
  }
}
class Countdown extends Wheel<any> {
  constructor({ from, tickEvent, doneEvent }: { from: number; tickEvent: string | undefined; doneEvent: string }) {
    super(kernel, { tickEvent, doneEvent });
    let left = from;
    const state = this.addState('tick', () => {
      if (left > 0) {
        this.kernel.delay(state, 0.01);
        this.send(this.events.tickEvent, left--);
      } else this.send(this.events.doneEvent);
    });
    this.kernel.delay(state, 0.01);
  }
}
const b = (s: string) => Buffer.from(s, 'latin1');
const f = new Csv({ separator: ';' });
console.log(
  `records: ${f
    .get([b('a;b\nc;;d\n;x')])
    .map((r) => `[${r.join('|')}]`)
    .join(' ')}`,
);
console.log(`pending: ${f.getPending()?.[0]}, clone pending: ${f.clone().getPending() ? 'some' : 'none'}`);
const stack = new Stackable({
  filters: [f.clone(), new MapFilter({ get: ([name, n]: any) => ({ name, n }), put: ({ name, n }: any) => [name, n] })],
});
process.stdout.write(
  `stacked: ${stack
    .get([b('one;1\ntwo;2\n')])
    .map((r) => `${r.name}=${r.n}`)
    .join(' ')}, put: ${stack.put([{ name: 'x', n: 9 }]).join('')}`,
);
Session.create({
  inlineStates: {
    _start({ heap }) {
      const [a, b] = twoWay();
      heap.fa = a;
      heap.a = new ReadWrite({ handle: a, filter: new Csv(), inputEvent: 'row', errorEvent: 'end' });
      heap.b = new ReadWrite({ handle: b, filter: new Csv(), inputEvent: 'row', errorEvent: 'end' });
      heap.c = new Countdown({ from: 4, tickEvent: 'tick', doneEvent: 'done' });
      heap.d = new Countdown({ from: 100, tickEvent: undefined, doneEvent: 'never' });
      console.log(
        `ids count up: ${heap.a.id < heap.b.id && heap.b.id < heap.c.id && heap.c.id < heap.d.id ? 'yes' : 'no'}`,
      );
    },
    tick({ heap }, left) {
      console.log(`tick ${left}`);
      heap.a.put(['tick', left]);
      if (left === 3) heap.c.event({ tickEvent: 'tock' });
    },
    tock({ heap }, left, id) {
      console.log(`tock ${left}, id ${id === heap.c.id ? 'ok' : 'wrong'}`);
      if (left === 2) heap.c.event({ tickEvent: undefined });
    },
    row(_, row) {
      console.log(`row ${row.join('|')}`);
    },
    done({ heap }) {
      console.log('done');
      for (const k of ['a', 'c', 'd']) {
        heap[k].destroy();
        delete heap[k];
      }
      heap.fa.end();
    },
    never() {
      console.log('never');
    },
    end({ heap }, op, errno) {
      console.log(`end ${op} ${errno}`);
      heap.b.destroy();
    },
    _default(_, event) {
      if (!/^_/.test(event)) console.log(`default ${event}`);
    },
    _stop() {
      console.log('stop');
    },
  },
});
await kernel.run();
