import { kernel, Session, twoWay } from 'poe-kernel';
import { ReadWrite, Stream } from 'poe-kernel/wheels';

const [near, far] = twoWay();

Session.create({
  inlineStates: {
    _start({ kernel, heap }) {
      heap.read = 0;
      heap.wheel = new ReadWrite({
        handle: near,
        filter: new Stream(),
        inputEvent: 'input',
        flushedEvent: 'flushed',
        highMark: 50_000,
        highEvent: 'high',
        lowMark: 10_000,
        lowEvent: 'low',
      });
      const r = [1, 2, 3, 4, 5, 6].map(() => (heap.wheel.put('x'.repeat(20_000)) ? 1 : 0));
      console.log(`puts returned ${r.join(' ')}, buffered ${heap.wheel.getDriverOutOctets()}`);
      kernel.delay('drain', 0.2);
    },
    drain({ kernel, heap }) {
      const above = heap.wheel.getDriverOutOctets() > 50_000;
      console.log(`still buffered after the first writes: ${above ? 'above the mark' : 'below'}`);
      kernel.selectRead(far, 'farReadable');
    },
    farReadable({ heap }, handle) {
      heap.read += handle.read(2000).length;
      if (heap.read === 120_000) console.log('far side has read all');
    },
    high({ heap }, id, ...more) {
      console.log(`high: id ${id === heap.wheel.id ? 'mine' : 'other'}, more args ${more.length}`);
    },
    low({ heap }, id, ...more) {
      console.log(
        `low: id ${id === heap.wheel.id ? 'mine' : 'other'}, more args ${more.length}, ` +
          `buffered ${heap.wheel.getDriverOutOctets() <= 10_000 ? 'at most the low mark' : 'more'}`,
      );
    },
    flushed({ kernel }) {
      console.log('flushed');
      kernel.delay('finish', 0.2);
    },
    finish({ kernel, heap }) {
      kernel.selectRead(far);
      heap.wheel.destroy();
    },
    input() {},
  },
});
await kernel.run();
