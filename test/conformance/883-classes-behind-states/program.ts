import { type HandlerContext, kernel, Session, type SessionOptions } from 'poe-kernel';

// A family of classes behind the states of sessions: what is overridden, what is inherited, what one session adds to another, and what _default is told.

// A package that serves objects and by its name is a class whose prototype stands for the name.
class Base {
  n?: number;
  constructor(options?: { n: number }) {
    Object.assign(this, options);
  }
  greet({ state }: HandlerContext): string {
    console.log(`  Base greet of ${this.constructor.name} as ${state}`);
    return this.helper('by greet');
  }
  helper(why: string) {
    console.log(`  Base helper (${why})`);
    return 'base';
  }
  leave({ heap }: HandlerContext) {
    const keys = Object.keys(heap).sort();
    console.log(`  Base leave, heap ${keys.map((key) => `${key}=${heap[key]}`).join(',')}`);
    return 'left';
  }
  unknown({ sender, kernel, session, state }: HandlerContext, event: string, args: unknown[]) {
    const from = sender === kernel ? 'kernel' : sender === session ? 'self' : 'session';
    console.log(`  unknown to ${this.constructor.name}: ${event}(${args.length}) sender ${from}, state ${state}`);
    return `no ${event}`;
  }
}
class Middle extends Base {
  override helper(why: string): string {
    console.log(`  Middle helper (${why})`);
    return `middle, ${super.helper('again')}`;
  }
}
class Leaf extends Middle {
  override greet(context: HandlerContext) {
    const r = super.greet(context);
    console.log(`  Leaf greet got ${r}`);
    return `leaf(${r})`;
  }
}

const leaf = new Leaf({ n: 1 });
const plain = new Base({ n: 2 });
const v = (value: unknown) => value ?? 'undef';

function house(name: string, more: SessionOptions<any, any>) {
  Session.create({
    inlineStates: {
      _start({ kernel, heap }, ...args) {
        kernel.aliasSet(name);
        heap.name = name;
        console.log(`${name} starts with ${args.map(v).join('|')}`);
      },
      add({ kernel }, event, ...how) {
        console.log(`${name} adds ${event}: ${kernel.state(event, ...(how as [any]))}`);
      },
      bye({ kernel }) {
        kernel.aliasRemove(name);
      },
      _stop() {
        console.log(`${name} stops`);
      },
    },
    ...more,
  });
}
house('objects', {
  objectStates: [
    [leaf, { greet: 'greet', _default: 'unknown' }],
    [plain, ['leave']],
  ],
  args: [1, undefined, ''],
});
house('packages', {
  packageStates: [
    [Middle.prototype, ['greet', 'leave']],
    [Leaf.prototype, { hello: 'greet', _default: 'unknown' }],
  ],
  heap: { given: 1 },
});
house('both', {
  inlineStates: {
    _start({ kernel }) {
      kernel.aliasSet('both');
      console.log('both starts');
    },
    bye({ kernel }) {
      kernel.aliasRemove('both');
    },
  },
  objectStates: [
    [plain, ['greet']],
    [leaf, { greet: 'leave' }],
  ],
  packageStates: [[Base.prototype, ['leave']]],
});

Session.create({
  inlineStates: {
    _start({ kernel, session }) {
      for (const to of ['objects', 'packages', 'both']) {
        for (const event of ['greet', 'hello', 'leave', 'nothing']) {
          const r = kernel.call(to, event, 1, [2]);
          console.log(`${to} ${event}: ${v(r)}`);
        }
        kernel.post(to, 'posted_nothing', to);
      }
      console.log('add to objects');
      kernel.call(
        'objects',
        'add',
        'extra',
        ({ state, object }: HandlerContext) => `extra as ${state}, object ${v(object)}`,
      );
      kernel.call('objects', 'add', 'greet', plain);
      kernel.call('objects', 'add', 'wave', leaf, 'greet');
      kernel.call('packages', 'add', 'greet', Leaf.prototype);
      kernel.call('packages', 'add', 'part', Base.prototype, 'leave');
      kernel.call('both', 'add', '_default', (_: HandlerContext, event: string, args: unknown[]) => {
        console.log(`  both default ${event} ${v(args[0])}`);
        return args.length;
      });
      for (const [to, event] of [
        ['objects', 'extra'],
        ['objects', 'greet'],
        ['objects', 'wave'],
        ['packages', 'greet'],
        ['packages', 'part'],
        ['both', 'what'],
        ['both', 'where'],
      ] as const) {
        console.log(`${to} ${event}: ${v(kernel.call(to, event, 'a', 'b'))}`);
      }
      kernel.call('objects', 'add', 'greet');
      kernel.call('objects', 'add', 'greet');
      kernel.call('objects', 'add', '_default');
      console.log(`objects greet now: ${v(kernel.call('objects', 'greet'))}`);
      kernel.sig('PING', 'heard');
      kernel.signal(session, 'PING', 1, 'two');
      kernel.alarm('alarmed', Date.now() / 1000 - 1, 'x');
      kernel.delay('delayed', 0.01, 'y');
      const post = session.postback('called_back', 1, 2);
      console.log(`postback ${v(post(3, 4))}`);
      post.destroy();
      const call = session.callback('called_at_once', 5);
      console.log(`callback ${v(call(6))}`);
      call.destroy();
      Session.create({ inlineStates: { _start: () => 'child value', _stop: () => 'stop value' } });
      for (const to of ['objects', 'packages', 'both']) kernel.post(to, 'bye');
      return 'start value';
    },
    _default({ sender, kernel, session }, event, args) {
      const from = sender === kernel ? 'kernel' : sender === session ? 'self' : 'other';
      const texts = args.map((arg: unknown) =>
        Array.isArray(arg) ? `[${arg.map(v).join(' ')}]` : arg instanceof Session ? 'POE::Session' : v(arg),
      );
      console.log(`visitor default: ${event} from ${from} (${texts.join(', ')})`);
      return `default ${event}`;
    },
  },
});
await kernel.run();
console.log('--');
const bad: [string, () => unknown][] = [
  [
    'no _start',
    () =>
      Session.create({
        inlineStates: {
          x() {
            console.log('x');
          },
        },
      }),
  ],
  ['empty', () => Session.create({})],
  ['twice object', () => Session.create({ objectStates: [leaf] as any })],
  ['states no list', () => Session.create({ objectStates: { a: 1 } as any })],
  [
    'package missing',
    () => Session.create({ inlineStates: { _start() {} }, packageStates: [[Base.prototype, ['nix']]] as any }),
  ],
  ['args no list', () => Session.create({ inlineStates: { _start() {} }, args: 'x' as any })],
];
for (const [what, create] of bad) {
  let r = true;
  try {
    create();
  } catch {
    r = false;
  }
  console.log(`${what}: ${r ? 'fine' : 'refused'}`);
  await kernel.run();
}
