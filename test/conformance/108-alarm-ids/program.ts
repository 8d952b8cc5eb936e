import { type AlarmRecord, kernel, Session } from 'poe-kernel';

const time = () => Date.now() / 1000;
const errname = () => kernel.errno || 'none';

let foreign: number | undefined;

Session.create({
  inlineStates: {
    _start({ kernel }) {
      foreign = kernel.delaySet('theirs', 0.2, 'kept');
    },
    theirs(_, what) {
      console.log(`theirs fired with ${what}`);
    },
  },
});

Session.create({
  inlineStates: {
    _start({ kernel }) {
      const due = time() + 5;
      const id1 = kernel.alarmSet('one', due, 'a', 'b') as number;
      const id2 = kernel.delaySet('two', 5, { k: 'v' }) as number;
      console.log(`ids differ: ${id1 !== id2 ? 'yes' : 'no'}`);

      const [name, at, args] = kernel.alarmRemove(id1) as AlarmRecord;
      console.log(`list: ${name}, time ${Math.abs(at - due) < 0.01 ? 'same' : 'off'}, args ${args.join(' ')}`);
      const rec = kernel.alarmRemove(id2) as [string, number, [{ k: string }]];
      const near = Math.abs(rec[1] - due) < 1 ? 'near' : 'off';
      console.log(`scalar: ${Array.isArray(rec) ? 'ARRAY' : ''} ${rec[0]}, time ${near}, key ${rec[2][0].k}`);

      kernel.errno = 0;
      const again = kernel.alarmRemove(id1) ?? [];
      console.log(`again: ${again.length} items, ${errname()}`);
      kernel.errno = 0;
      const other = kernel.alarmRemove(foreign as number);
      console.log(`foreign: ${other === undefined ? 'undef' : 'removed'}, ${errname()}`);
      for (const [method, perl] of [
        ['alarmSet', 'alarm_set'],
        ['delaySet', 'delay_set'],
        ['alarmRemove', 'alarm_remove'],
        ['alarmAdjust', 'alarm_adjust'],
        ['delayAdjust', 'delay_adjust'],
      ] as const) {
        kernel.errno = 0;
        const r = kernel[method](undefined as never, 1);
        console.log(`${perl} undef: ${r === undefined ? 'undef' : 'defined'}, ${errname()}`);
      }
      kernel.errno = 0;
      const r = kernel.alarmSet('no_time', undefined as never);
      console.log(`alarm_set without time: ${r === undefined ? 'undef' : 'defined'}, ${errname()}`);
      kernel.delaySet('last', 0.1, 'done');
    },
    last(_, what) {
      console.log(`last ${what}`);
    },
  },
});

await kernel.run();
