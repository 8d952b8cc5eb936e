import { kernel, oneWay, Session } from 'poe-kernel';

const [reader, writer] = oneWay();

Session.create({
  inlineStates: {
    _start({ kernel, heap }) {
      console.log(`select_read returned ${kernel.selectRead(reader, 'gotData', 'tag', 42)}`);
      writer.write('abcdef');
      heap.writer = writer;
    },
    gotData({ kernel, session, sender, heap, callerState }, handle, mode, ...args) {
      const buffer = handle.read(2)?.toString();
      console.log(
        `got_data: mode ${mode} args ${args.join(' ')}, from myself ${sender === session ? 'yes' : 'no'}, ` +
          `caller state ${callerState === undefined ? 'undef' : 'set'}, ` +
          `same handle ${handle === reader ? 'yes' : 'no'}, read ${buffer ? `'${buffer}'` : 'end of file'}`,
      );
      if (!buffer) {
        kernel.selectRead(handle);
        console.log('watcher removed');
      } else if (buffer === 'ef') {
        heap.writer.destroy();
      }
    },
    _stop() {
      console.log('session stops');
    },
  },
});
await kernel.run();
