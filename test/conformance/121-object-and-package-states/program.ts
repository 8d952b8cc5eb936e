import { type HandlerContext, kernel, Session } from 'poe-kernel';

class Counter {
  readonly name: string;
  readonly step: number;
  constructor(a: { name: string; step: number }) {
    this.name = a.name;
    this.step = a.step;
  }
  tick({ heap }: HandlerContext) {
    heap.total += this.step;
    console.log(`${this.name}: tick by ${this.step}, total ${heap.total}`);
  }
  describe(_: HandlerContext) {
    process.stdout.write(`plain counter ${this.name}\n`);
  }
}

class Loud extends Counter {
  override describe(context: HandlerContext) {
    process.stdout.write('LOUD: ');
    super.describe(context);
  }
}

const Tools = {
  name: 'Tools',
  report({ object, heap }: HandlerContext) {
    console.log(`report from package ${object.name}: total ${heap.total}`);
  },
  sweep({ object }: HandlerContext) {
    console.log(`sweep by ${object.name}`);
  },
};

const a = new Counter({ name: 'a', step: 1 });
const b = new Loud({ name: 'b', step: 10 });

Session.create({
  inlineStates: {
    _start({ object, kernel, heap }) {
      console.log(`inline OBJECT: ${object === undefined ? 'undef' : 'defined'}`);
      heap.total = 0;
      for (const event of ['a_tick', 'tick', 'describe', 'a_describe', 'report', 'clean']) kernel.yield(event);
    },
    _stop({ heap }) {
      console.log(`final total ${heap.total}`);
    },
  },
  objectStates: [
    [a, { a_tick: 'tick', a_describe: 'describe' }],
    [b, ['tick', 'describe']],
  ],
  packageStates: [
    [Tools, ['report']],
    [Tools, { clean: 'sweep' }],
  ],
});

function dies(what: string, match: RegExp, create: () => unknown) {
  let text = '';
  try {
    create();
  } catch (error) {
    text = (error as Error).message;
  }
  console.log(`${what}: ${match.test(text) ? 'died' : 'lived'}`);
}
const _start = () => {};
dies('missing method', /has no method 'missing'/, () =>
  Session.create({ inlineStates: { _start }, objectStates: [[a, ['missing']]] }),
);
dies('not code', /not a function/, () => Session.create({ inlineStates: { _start: 'not code' as never } }));
dies('unknown parameter', /unknown parameter 'colour'/, () =>
  Session.create({ inlineStates: { _start }, colour: 'red' } as object),
);
dies('odd parameters', /not an object of parameters/, () => Session.create('inline_states' as never));

await kernel.run();
