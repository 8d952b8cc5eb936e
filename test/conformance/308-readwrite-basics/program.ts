import { kernel, Session, twoWay } from 'poe-kernel';
import { ReadWrite } from 'poe-kernel/wheels';

const [near, far] = twoWay();

Session.create({
  inlineStates: {
    _start({ heap }) {
      heap.wheel = new ReadWrite({
        handle: near,
        inputEvent: 'gotLine',
        flushedEvent: 'flushed',
        errorEvent: 'gotError',
      });
      const r = heap.wheel.put('first', 'second');
      console.log(
        `put returned ${r}, buffered ${heap.wheel.getDriverOutOctets()} octets in ` +
          `${heap.wheel.getDriverOutMessages()} messages`,
      );
      console.log(`on the wire already: ${far.read()?.length ?? 'nothing'}`);
    },
    flushed({ heap }, id, ...more) {
      console.log(`flushed, id ${id === heap.wheel.id ? 'mine' : 'other'}, more args ${more.length}`);
      const buf = String(far.read()).replaceAll('\r', '<CR>').replaceAll('\n', '<LF>');
      console.log(`far side read ${buf}`);
      far.write('alpha\nbeta\r\ngamma\rdelta\n\rpart');
      far.end();
    },
    gotLine({ heap }, line, id, ...more) {
      console.log(`line '${line}', id ${id === heap.wheel.id ? 'mine' : 'other'}, more args ${more.length}`);
    },
    gotError({ heap }, op, errno, text, id, ...more) {
      console.log(
        `error: ${op}, errno ${errno}, text '${text}', id ${id === heap.wheel.id ? 'mine' : 'other'}, ` +
          `more args ${more.length}`,
      );
      console.log(`still pending: ${heap.wheel.getInputFilter().getPending().join(' ')}`);
      heap.wheel.put('can still write');
      heap.wheel.event({ flushedEvent: 'lastFlush' });
    },
    lastFlush({ heap }) {
      console.log(`far side read after end of file: ${String(far.read()).trimEnd()}`);
      heap.wheel.destroy();
    },
    _stop() {
      console.log('stop');
    },
  },
});
await kernel.run();
