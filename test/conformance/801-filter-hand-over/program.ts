import { kernel, Session, twoWay } from 'poe-kernel';
import { Block, Line, ReadWrite, Stream, SysRW } from 'poe-kernel/wheels';

const ref = (x: object) => `POE::Filter::${x.constructor.name}`;
const [a, b] = twoWay();
Session.create({
  inlineStates: {
    _start({ heap: h }) {
      h.a = new ReadWrite({
        handle: a,
        inputFilter: new Line({ literal: '\n' }),
        outputFilter: new Stream(),
        inputEvent: 'line',
        flushedEvent: 'a_flushed',
        errorEvent: 'a_error',
        driver: new SysRW({ blockSize: 4096 }),
      });
      h.b = new ReadWrite({
        handle: b,
        filter: new Stream(),
        inputEvent: 'b_in',
        flushedEvent: 'b_flushed',
        errorEvent: 'b_error',
        highMark: 10,
        lowMark: 5,
        highEvent: 'b_high',
        lowEvent: 'b_low',
      });
      console.log(`${ref(h.a.getInputFilter())} ${ref(h.a.getOutputFilter())}`);
      console.log(`same filter ${h.b.getInputFilter() === h.b.getOutputFilter() ? 1 : 0}`);
      console.log(`put ${h.b.put('one\nBLOCK\nabc')}`);
      console.log(`put ${h.b.put('defghLINE\ntwo\n')}`);
      console.log(`octets ${h.b.getDriverOutOctets()} messages ${h.b.getDriverOutMessages()}`);
      console.log(`pause ${h.a.pauseInput() ? 1 : 0} resume ${h.a.resumeInput() ? 1 : 0}`);
    },
    line({ heap }, line, id) {
      console.log(`line [${line}] ${id === heap.a.id ? 1 : 0}`);
      if (line === 'BLOCK') {
        heap.a.event({ inputEvent: 'block' });
        heap.a.setInputFilter(new Block({ blockSize: 4 }));
        console.log('switched');
      }
      if (line === 'two') {
        console.log(`put ${heap.a.put('x'.repeat(8), 'y'.repeat(8))}`);
        heap.a.flush();
        heap.a.shutdownOutput();
      }
    },
    block({ heap }, block) {
      console.log(`block [${block}]`);
      if (String(block) === 'efgh') {
        heap.a.event({ inputEvent: 'line' });
        heap.a.setFilter(new Line({ literal: '\n' }));
      }
    },
    a_flushed() {
      console.log('a flushed');
    },
    b_flushed() {
      console.log('b flushed');
    },
    b_high() {
      console.log('b high');
    },
    b_low() {
      console.log('b low');
    },
    b_in(_, x) {
      console.log(`b in [${x}]`);
    },
    over({ heap }) {
      for (const n of ['a', 'b']) {
        heap[n]?.destroy();
        delete heap[n];
      }
    },
    a_error({ heap }, op, errno, text) {
      console.log(`a error ${op} ${errno} [${text}]`);
      heap.a?.destroy();
      delete heap.a;
    },
    b_error({ kernel, heap }, op, errno, text) {
      kernel.delay('over', 0.1);
      console.log(`b error ${op} ${errno} [${text}]`);
      heap.b?.destroy();
      delete heap.b;
    },
    _stop() {
      console.log('stop');
    },
  },
});
await kernel.run();
