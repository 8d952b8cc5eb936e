import { kernel, Session } from 'poe-kernel';

const errname = () => kernel.errno || 'none';
const sayRet = (v: unknown) => v ?? 'undef';

Session.create({
  inlineStates: {
    _start({ kernel }) {
      kernel.aliasSet('desk');
    },
    hello(_, from) {
      console.log(`desk got hello from ${from}`);
    },
    leave({ kernel }) {
      kernel.aliasRemove('desk');
    },
  },
});

Session.create({
  inlineStates: {
    _start({ kernel }) {
      for (const how of ['post', 'call', 'signal'] as const) {
        kernel.errno = 0;
        const r = kernel[how]('nobody', 'event');
        console.log(`${how} to unknown: ${sayRet(r)} errno ${errname()}`);
        const all = how === 'call' ? kernel.callList('nobody', 'event') : (kernel[how]('nobody', 'event') ?? []);
        console.log(`${how} to unknown in list context: ${(all as unknown[]).length} items`);
      }
      let r = kernel.post('desk', 'unheard_of');
      console.log(`post of unknown event: ${sayRet(r)}`);
      r = kernel.call('desk', 'unheard_of');
      console.log(`call of unknown event: ${sayRet(r)} errno ${errname()}`);
      console.log(`yield returns: ${sayRet(kernel.yield('nowhere'))}`);

      const session = kernel.aliasResolve('desk') as Session;
      kernel.post(session, 'hello', 'object');
      kernel.post(session.id, 'hello', 'id');
      kernel.post(`${session}`, 'hello', 'string');
      kernel.post('desk', 'hello', 'alias');
      kernel.post('desk', 'leave');
      console.log(`post to kernel: ${sayRet(kernel.post(kernel, 'whatever'))}`);
    },
    late() {},
  },
});

await kernel.run();
