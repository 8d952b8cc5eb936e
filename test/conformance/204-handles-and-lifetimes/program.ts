import { type Handler, kernel, oneWay, Session, twoWay } from 'poe-kernel';

const [left, right] = twoWay();

function player(name: string, handle: typeof left, first: boolean): void {
  Session.create({
    heap: { handle, left: 3 },
    inlineStates: {
      _start({ kernel, heap }) {
        kernel.selectRead(heap.handle, 'ball');
        if (first) heap.handle.write('ball 0\n');
      },
      ball({ kernel, heap }, handle) {
        const buf = handle.read()?.toString();
        if (!buf) {
          console.log(`${name}: other side has gone`);
          kernel.selectRead(handle);
          return;
        }
        let count = Number(/\d+/.exec(buf)?.[0]);
        console.log(`${name}: ball ${count}`);
        count++;
        if (--heap.left) handle.write(`ball ${count}\n`);
        else {
          console.log(`${name}: stops watching`);
          kernel.selectRead(handle);
          if (name === 'ping') handle.destroy();
        }
      },
      _stop({ heap }) {
        console.log(`${name}: _stop, handle in heap: ${heap.handle ? 'yes' : 'no'}`);
      },
    },
  });
}

player('ping', left, false);
player('pong', right, true);

Session.create({
  inlineStates: {
    _start({ kernel, heap }) {
      const [r, w] = oneWay();
      heap.keep = [r, w];
      kernel.selectRead(r, 'never');
      kernel.selectPauseRead(r);
      w.write('x');
      kernel.delay('timer', 0.2);
    },
    never() {
      console.log('paused: read?');
    },
    timer({ kernel, heap }) {
      console.log('paused: still alive, resuming');
      const readable: Handler = ({ kernel }, handle) => {
        console.log('paused: readable at last');
        kernel.selectRead(handle);
      };
      kernel.state('never', readable);
      kernel.selectResumeRead(heap.keep[0]);
    },
    _stop() {
      console.log('paused: _stop');
    },
  },
});
await kernel.run();
