import { kernel, Session, twoWay } from 'poe-kernel';
import { Block, Line, ReadWrite } from 'poe-kernel/wheels';

Session.create({
  inlineStates: {
    _start({ heap }) {
      [heap.a, heap.b] = twoWay();
      heap.w = new ReadWrite({
        handle: heap.a,
        filter: new Line({ literal: '\n' }),
        inputEvent: 'cmd',
        errorEvent: 'end',
      });
      heap.b.write('pause\none\nresume-later\ntwo\nrename\nthree\nblock 5\n12345678');
    },
    cmd({ kernel, heap }, l) {
      console.log(`cmd: ${l}`);
      if (l === 'pause') heap.w.pauseInput();
      else if (l === 'resume-later') kernel.delay('resume', 0.2);
      else if (l === 'rename') heap.w.event({ inputEvent: 'renamed' });
      else if (l === 'drop') {
        heap.w.destroy();
        kernel.yield('dropped');
      }
    },
    renamed({ heap }, l) {
      console.log(`renamed: ${l}`);
      const m = /^block (\d+)/.exec(l);
      if (m) {
        heap.w.event({ inputEvent: 'block' });
        heap.w.setInputFilter(new Block({ blockSize: Number(m[1]) }));
        console.log('filter set');
      }
    },
    resume({ heap }) {
      console.log('resume');
      heap.w.resumeInput();
      heap.b.write('90LINE\nx\n');
    },
    block({ heap }, b) {
      console.log(`block: ${b}`);
      if (String(b) !== '67890') return;
      heap.w.event({ inputEvent: 'cmd' });
      heap.w.setFilter(new Line({ literal: '\n' }));
      console.log('back to lines');
      heap.w.put('out');
      heap.b.write('y\ndrop\nafter drop\nafter drop 2\n');
    },
    dropped({ heap }) {
      process.stdout.write('dropped; the far side sees: ');
      console.log(String(heap.b.read() ?? '').trimEnd());
      heap.a.destroy();
    },
    end() {
      console.log('end');
    },
    _stop() {
      console.log('stop');
    },
  },
});
await kernel.run();
Session.create({
  inlineStates: {
    _start({ heap }) {
      const [a, b] = twoWay();
      heap.w = {};
      heap.name = {};
      heap.w.a = new ReadWrite({ handle: a, inputEvent: 'got', flushedEvent: 'out', errorEvent: 'err' });
      heap.w.b = new ReadWrite({ handle: b, inputEvent: 'got', errorEvent: 'err' });
      for (const n of ['a', 'b']) heap.name[heap.w[n].id] = n;
      heap.w.a.put(1);
    },
    got({ heap }, n, id) {
      const me = heap.name[id];
      console.log(`${me} got ${n}`);
      if (n === 'bye') {
        heap.w[me].destroy();
        delete heap.w[me];
      } else if (n < 4) heap.w[me].put(Number(n) + 1);
      else {
        heap.w[me].put('bye');
        heap.w[me].shutdownInput();
        heap.w[me].event({ flushedEvent: 'last' });
      }
    },
    out() {
      console.log('a flushed');
    },
    last({ heap }, id) {
      console.log(`${heap.name[id]} flushed last`);
      heap.w[heap.name[id]].destroy();
    },
    err({ heap }, op, e, _text, id) {
      console.log(`${heap.name[id]} error ${op} ${e}`);
      heap.w[heap.name[id]]?.destroy();
    },
    _stop() {
      console.log('stop');
    },
  },
});
await kernel.run();
