/** A program in which something of every kind happens, run by `trace.test.ts` in a process of its own. */
import { kernel, oneWay, Session } from 'poe-kernel';

const [reader, writer] = oneWay();
let tick = 0;

Session.create({
  inlineStates: {
    _start({ kernel, heap }) {
      heap.left = ['over'];
      kernel.aliasSet('clock');
      kernel.sig('RELOAD', 'reload');
      tick = kernel.delaySet('tick', 60, 'first') as number;
      kernel.post('nobody', 'hello');
      kernel.refcountIncrement(kernel.session.id as number, 'work');
      kernel.selectRead(reader, 'input');
      writer.write('x');
    },
    tick({ kernel, session }, count) {
      kernel.call(session, 'sum', 1, count);
      kernel.alarmRemove(kernel.delaySet('never', 60) as number);
      kernel.signal(session, 'RELOAD');
      kernel.post('clock', 'unheard', session);
    },
    sum: (_, a, b) => `${a}${b}`,
    input({ kernel }, handle) {
      handle.read();
      kernel.selectRead(handle);
      // Only then is it due, however slow the machine is.
      kernel.delayAdjust(tick, 0);
    },
    async reload({ kernel, session }) {
      kernel.sigHandled();
      await null;
      kernel.refcountDecrement(session.id, 'work');
      Session.create({
        kernel,
        inlineStates: {
          _start({ kernel }) {
            kernel.yield('fail');
          },
          fail() {
            throw new Error('on purpose');
          },
        },
      });
    },
  },
});
kernel.hooks.warn.tap('quiet', () => false);
await kernel.run().catch((error: Error) => console.log(error.message));
