import { kernel, Session } from 'poe-kernel';

const v = (value: unknown) => value ?? 'undef';

let held = 0;
Session.create({
  inlineStates: {
    _start({ kernel, session }) {
      held = session.id;
      console.log(`inc a: ${v(kernel.refcountIncrement(held, 'a'))}`);
      console.log(`inc a: ${v(kernel.refcountIncrement(held, 'a'))}`);
      console.log(`inc b: ${v(kernel.refcountIncrement(held, 'b'))}`);
    },
    poke(_, what) {
      console.log(`held session poked: ${what}`);
    },
    _stop() {
      console.log('held session stops');
    },
  },
});

Session.create({
  inlineStates: {
    _start({ kernel }) {
      kernel.delay('step', 0.05, 1);
    },
    step({ kernel }, n) {
      if (n === 1) console.log(`dec a: ${v(kernel.refcountDecrement(held, 'a'))}`);
      if (n === 2) console.log(`dec a: ${v(kernel.refcountDecrement(held, 'a'))}`);
      if (n === 3) kernel.post(held, 'poke', 'still here');
      if (n === 4) console.log(`dec b: ${v(kernel.refcountDecrement(held, 'b'))}`);
      if (n === 5) {
        kernel.errno = 0;
        console.log(`inc after stop: ${v(kernel.refcountIncrement(held, 'c'))}, ${kernel.errno}`);
        kernel.errno = 0;
        console.log(`dec after stop: ${v(kernel.refcountDecrement(held, 'c'))}, ${kernel.errno}`);
        return;
      }
      kernel.delay('step', 0.05, n + 1);
    },
  },
});

await kernel.run();
console.log('done');
