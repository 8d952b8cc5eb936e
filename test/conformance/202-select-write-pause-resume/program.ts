import { kernel, Session, twoWay } from 'poe-kernel';

const [left, right] = twoWay();

Session.create({
  heap: { writes: 0 },
  inlineStates: {
    _start({ kernel }) {
      console.log(`pause unwatched: ${kernel.selectPauseWrite(left)}`);
      kernel.selectWrite(left, 'writable', 'first');
      console.log(`pause: ${kernel.selectPauseWrite(left)}`);
      console.log(`pause again: ${kernel.selectPauseWrite(left)}`);
      console.log(`pause read (not watched): ${kernel.selectPauseRead(left)}`);
      kernel.delay('resume', 0.1);
    },
    resume({ kernel }) {
      console.log(`resume: ${kernel.selectResumeWrite(left)}`);
    },
    writable({ kernel, heap }, handle, mode, arg) {
      const n = ++heap.writes;
      console.log(`writable ${n}, mode ${mode} (${arg})`);
      handle.write(String(n));
      if (n === 3) {
        kernel.selectPauseWrite(handle);
        kernel.delay('again', 0.1);
      } else if (n === 5) {
        kernel.selectWrite(handle);
        console.log(`other side got ${right.read()}`);
        console.log(`resume after removal: ${kernel.selectResumeWrite(handle)}`);
      }
    },
    again({ kernel }) {
      console.log('set again');
      kernel.selectWrite(left, 'otherWritable', 'second');
    },
    otherWritable({ kernel, heap }, handle, _mode, arg) {
      console.log(`other_writable (${arg})`);
      if (++heap.writes === 5) kernel.selectWrite(handle);
    },
    _stop() {
      console.log('stop');
    },
  },
});
await kernel.run();
