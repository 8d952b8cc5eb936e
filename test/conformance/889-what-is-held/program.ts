import { type HandlerContext, kernel, list, Session } from 'poe-kernel';

// What is held, and by whom: postbacks in nested data and in other sessions, tags of several kinds, what is given back twice, and what remains when the holder ends first.

type States = Record<string, (context: HandlerContext, ...args: any[]) => unknown>;

const v = (value: unknown) => value ?? 'undef';
const text = (...values: unknown[]): string =>
  values.map((value) => (Array.isArray(value) ? `[${text(...value)}]` : v(value))).join(',');
let vault: any = {};
function session(name: string, alias: boolean, { start, ...states }: States) {
  return Session.create({
    inlineStates: {
      _start(context) {
        context.heap.name = name;
        if (alias) context.kernel.aliasSet(name);
        start?.(context);
      },
      ...states,
      _stop() {
        console.log(`${name} stops`);
      },
    },
  });
}
const alive = () => ['owner', 'holder', 'third', 'clerk'].filter((name) => kernel.aliasResolve(name)).join(' ');

console.log('postbacks');
session('holder', true, {
  keep({ kernel, heap }, pb, cb) {
    heap.kept = { in: [pb, { cb }] };
    kernel.yield('use');
  },
  use({ kernel, heap }) {
    const l = heap.kept.in[1].cb.callList('list');
    const s = heap.kept.in[1].cb('scalar', undefined);
    console.log(`  got ${l.join(' ')} and ${s}`);
    for (let i = 0; i < 2; i++) heap.kept.in[0](undefined, ['x']);
    for (let i = 0; i < 2; i++) vault.deep.list[3].pb('again');
    for (const pb of vault.both) pb();
    kernel.delay('drop', 0.02);
  },
  drop({ kernel }) {
    console.log('  drops');
    for (const pb of vault.both) pb.destroy();
    vault.deep.list[3].pb.destroy();
    vault = {};
    kernel.delay('leave', 0.02);
  },
  leave({ kernel, heap }) {
    console.log('  leaves with what it keeps');
    kernel.aliasRemove('holder');
    heap.kept.in[0].destroy();
    heap.kept.in[1].cb.destroy();
    heap.kept = undefined;
  },
});
session('owner', true, {
  start({ kernel, session }) {
    vault.deep = { list: [] };
    vault.deep.list[3] = { pb: session.postback('answered', 'deep', [1, [2]]) };
    const both = session.postback('answered', 'both');
    vault.both = [both, both];
    kernel.post('holder', 'keep', session.postback('answered', 'kept'), session.callback('asked', 'c'));
    kernel.aliasRemove('owner');
  },
  answered({ sender }, made, given) {
    console.log(`  answered ${text(made, given)} from ${v((sender as Session).getHeap().name)}`);
    made.push('changed');
    given.push('changed');
  },
  asked({ wantarray }, made, given) {
    console.log(`  asked ${text(made, given)}`);
    return wantarray ? list(1, 2) : 'one';
  },
});
await kernel.run();

console.log('tags');
let ownerId: any;
session('clerk', true, {
  start({ kernel, session }) {
    ownerId = session.id;
    console.log(
      `  ${['a', 'a', 'b', 'a', 'c d', '0', '\xe9'].map((tag) => kernel.refcountIncrement(session.id, tag)).join(' ')}`,
    );
    kernel.yield('count');
  },
  count({ kernel, session: clerk }) {
    kernel.aliasRemove('clerk');
    console.log(`  ${['a', 'b', '\xe9', '0', 'a'].map((tag) => kernel.refcountDecrement(clerk.id, tag)).join(' ')}`);
    console.log(`  more: ${v(kernel.refcountIncrement(clerk.id, 'b'))} ${v(kernel.refcountDecrement(clerk.id, 'b'))}`);
    session('third', false, {
      start({ kernel }) {
        kernel.delay('release', 0.03);
      },
      release({ kernel }) {
        console.log(`  third gives back ${v(kernel.refcountDecrement(ownerId, 'c d'))}`);
        kernel.delay('last', 0.03);
      },
      last({ kernel }) {
        console.log(`  and the last ${v(kernel.refcountDecrement(ownerId, 'a'))}`);
      },
    });
  },
  _child(_, what) {
    console.log(`  clerk: ${what}`);
  },
});
await kernel.run();

console.log('held beyond the end');
const late: any = {};
session('owner', true, {
  start({ kernel, session }) {
    late.pb = session.postback('never', 1);
    late.cb = session.callback('never', 2);
    kernel.delay('never', 30);
    kernel.refcountIncrement(session.id, 'tag');
    late.id = session.id;
    kernel.yield('kill');
  },
  kill({ kernel, session }) {
    kernel.signal(session, 'KILL');
  },
  never() {
    console.log('never');
  },
});
session('third', true, {
  start({ kernel }) {
    kernel.delay('after', 0.05);
  },
  after({ kernel }) {
    console.log(`  alive: ${alive()}`);
    console.log(`  postback: ${v(late.pb(1))}, callback: ${v(late.cb(2))} ${late.cb.callList(3).length}`);
    kernel.errno = undefined as never;
    console.log(`  tag: ${v(kernel.refcountDecrement(late.id, 'tag'))} ${kernel.errno || 'none'}`);
    late.pb.destroy();
    late.cb.destroy();
    console.log('  dropped');
    session('owner', true, {
      start({ kernel }) {
        kernel.yield('x');
      },
      x({ kernel, session }) {
        console.log(`  another owner, ${session.id === late.id ? 'same' : 'other'} ID`);
        kernel.aliasRemove('owner');
      },
    });
    kernel.aliasRemove('third');
  },
});
await kernel.run();

console.log('a chain of holders');
const chain = ['first', 'second', 'last'];
const pb: any = {};
for (const i of [0, 1, 2]) {
  session(chain[i] as string, false, {
    start({ session }) {
      pb[chain[i] as string] = session.postback('called', i);
    },
    called({ sender }, [n], given) {
      console.log(`  ${chain[n]} called with ${text(...given)}, sender ${(sender as Session).getHeap().name}`);
      pb[chain[n] as string].destroy();
      delete pb[chain[n] as string];
      if (n < 2) pb[chain[n + 1] as string](chain[n], n);
    },
  });
}
session('fourth', false, {
  start({ kernel }) {
    kernel.yield('begin');
  },
  begin() {
    pb.first('begin');
  },
});
await kernel.run();
console.log(`left: ${Object.keys(pb).length}`);
