import { kernel, Session } from 'poe-kernel';

const leafHandles = { value: true };
const no = { value: false };

type Member = [name: string, handles: { value: boolean }, ...kids: Member[]];

function member(name: string, handles: { value: boolean }, ...kids: Member[]) {
  Session.create({
    inlineStates: {
      _start({ kernel }) {
        kernel.aliasSet(name);
        kernel.sig('INT', 'old');
        kernel.sig('INT', 'got_int', `${name}-x`, `${name}-y`);
        for (const kid of kids) member(...kid);
      },
      old() {
        console.log(`${name}: old watcher?`);
      },
      got_int({ kernel }, signal, ...args) {
        console.log(`${name}: ${signal} (${args.join(' ')})`);
        if (handles.value) {
          kernel.sigHandled();
          console.log(`${name}: handled`);
        }
      },
      _stop() {
        console.log(`${name}: _stop`);
      },
    },
  });
}

Session.create({
  inlineStates: {
    _start({ kernel }) {
      member('root', no, ['mid', no, ['leaf', leafHandles]]);
      kernel.delay('first', 0.1);
    },
    first({ kernel }) {
      console.log('-- INT to mid, handled by leaf');
      console.log(`signal returned ${kernel.signal('mid', 'INT', 'why')}`);
      kernel.delay('second', 0.1);
    },
    second({ kernel }) {
      console.log('-- real INT to the process, leaf still handles');
      kernel.sig('INT', 'survive');
      kernel.delay('third', 0.3);
      process.kill(process.pid, 'SIGINT');
    },
    survive() {
      console.log('driver: saw INT');
    },
    third({ kernel }) {
      leafHandles.value = false;
      kernel.sig('INT');
      console.log('-- INT to mid, nobody handles');
      kernel.signal('mid', 'INT');
      kernel.delay('fourth', 0.1);
    },
    fourth({ kernel }) {
      const alive = (name: string) => (kernel.aliasResolve(name) ? 'yes' : 'no');
      console.log(`root alive: ${alive('root')}, mid alive: ${alive('mid')}`);
    },
    _stop() {
      console.log('driver: _stop');
    },
  },
});

await kernel.run();
