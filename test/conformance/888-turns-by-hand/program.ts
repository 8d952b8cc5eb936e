import { type HandlerContext, kernel, list, Session } from 'poe-kernel';

// The loop by hand, and what is active: timeslices with timers pending, run_while, contexts that handlers are called in, in chains of calls, callbacks and signals.

const v = (value: unknown) => value ?? 'undef';
const context = (wanted: boolean | undefined) => (wanted === undefined ? 'void' : wanted ? 'list' : 'scalar');
const name = new Map<unknown, string>();
function active() {
  const session = kernel.getActiveSession();
  return `${session.id === kernel.id ? 'kernel' : (name.get(session.id) ?? '?')}/${v(kernel.getActiveEvent())}`;
}
let go = 3;
function session(
  called: string,
  { start, ...states }: Record<string, (context: HandlerContext, ...args: any[]) => unknown>,
) {
  Session.create({
    inlineStates: {
      _start(context) {
        name.set(context.session.id, called);
        context.kernel.aliasSet(called);
        start?.(context);
        console.log(`${called}: ${active()}`);
      },
      ...states,
      _stop() {
        console.log(`${called} stops: ${active()}`);
      },
    },
  });
}

console.log(`at first: ${active()}`);
session('one', {
  tick({ kernel }, n) {
    console.log(`tick ${n}`);
    go--;
    if (n > 1) kernel.yield('tick', n - 1);
  },
  late() {
    console.log('late');
  },
  timed(_, what) {
    console.log(`timed ${what}`);
  },
  start({ kernel }) {
    kernel.yield('tick', 3);
    kernel.delay('timed', 0.05, 'a');
    kernel.delayAdd('timed', 0.06, 'b');
  },
  bye({ kernel }) {
    kernel.aliasRemove('one');
  },
});
console.log(`queued ${kernel.getEventCount()}`);
for (const round of [1, 2]) {
  await kernel.runOneTimeslice();
  console.log(`slice ${round}, queued ${kernel.getEventCount()}, ${active()}`);
}
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
await kernel.runOneTimeslice();
console.log(`after a sleep, queued ${kernel.getEventCount()}`);
kernel.post('one', 'tick', 5);
go = 2;
await kernel.runWhile(() => go > 0);
console.log(`run_while ended with ${go}, queued ${kernel.getEventCount()}`);
for (let i = 0; i < 2; i++) await kernel.runOneTimeslice();
kernel.callVoid('one', 'timed', 'from outside');
console.log(`call from outside: ${v(kernel.call('one', 'nothing'))} ${active()}`);

session('two', {
  ask({ kernel, wantarray, sender, callerState }, to, ...rest) {
    console.log(
      `  ${context(wantarray)} in ${active()} for ${sender === kernel ? 'kernel' : name.get(sender.id)}/${v(callerState)}`,
    );
    if (to) {
      const r = kernel.callList(to, 'ask', ...rest);
      console.log(`  back in ${active()} with ${r.length}`);
      return list(...r, 'x');
    }
    return;
  },
  plain({ wantarray }) {
    console.log(`  ${context(wantarray)} ${active()}`);
    return list(7, 8, 9);
  },
  arrays({ wantarray }) {
    const a = [4, 5, 6];
    console.log(`  ${context(wantarray)}`);
    return wantarray ? list(...a) : a.length;
  },
  none({ wantarray }) {
    console.log(`  ${context(wantarray)}`);
    return list();
  },
  bye({ kernel }) {
    kernel.aliasRemove('two');
  },
  signalled({ wantarray }, signal) {
    console.log(`  ${context(wantarray)} ${active()} ${signal}`);
  },
});
session('three', {
  ask({ kernel, wantarray, sender, callerState }, to, ...rest) {
    console.log(`  ${context(wantarray)} in ${active()} for ${name.get(sender.id)}/${callerState}`);
    const r = to ? kernel.call(to, 'ask', ...rest) : 'end';
    console.log(`  back in ${active()} with ${v(r)}`);
    return list(r, 'y');
  },
  start({ kernel, session, heap }) {
    heap.cb = session.callback('called', 'made');
    heap.pb = session.postback('called', 'posted');
    kernel.sig('FOO', 'signalled');
  },
  called({ wantarray, sender, callerState }, made, given) {
    console.log(
      `  ${context(wantarray)} in ${active()} for ${name.get(sender.id)}/${v(callerState)} ${made.join(' ')} ${given.join(' ')}`,
    );
    return list('p', 'q');
  },
  go({ kernel, heap }) {
    console.log('chains');
    const r = kernel.callList('two', 'ask', 'three', 'two', 'three');
    console.log(`  finally ${r.length}: ${r.join(' ')}`);
    console.log(`  finally ${kernel.call('two', 'ask', 'three')}`);
    kernel.callVoid('two', 'ask');
    console.log('contexts');
    for (const e of ['plain', 'arrays', 'none']) {
      const l = kernel.callList('two', e);
      const s = kernel.call('two', e);
      kernel.callVoid('two', e);
      console.log(`  ${e}: ${l.join(' ')} / ${v(s)}`);
    }
    console.log('callbacks');
    const { cb } = heap;
    const l = cb.callList(1);
    const s = cb(2);
    console.log(`  ${l.join(' ')} / ${s}, ${active()}`);
    console.log(`  postback gave ${heap.pb(4)}`);
    kernel.signal('two', 'FOO');
    kernel.signal('three', 'FOO', 'x');
    kernel.post('two', 'plain');
    kernel.yield('foreign');
  },
  foreign({ kernel, heap }) {
    kernel.post('two', 'run', heap.cb);
    kernel.state('extra', () => {});
    kernel.yield('bye');
  },
  signalled({ wantarray }, ...args) {
    console.log(`  ${context(wantarray)} ${active()} ${args.join(' ')}`);
  },
  bye({ kernel, heap }) {
    heap.cb.destroy();
    heap.pb.destroy();
    kernel.sig('FOO');
    kernel.aliasRemove('three');
    kernel.post('two', 'bye');
    kernel.post('one', 'bye');
  },
});
kernel.callVoid('two', 'state', 1);
kernel.post('three', 'go');
const outside = await kernel.run();
console.log(`run gave ${v(outside)}, ${active()}`);
await kernel.run();
await kernel.runOneTimeslice();
console.log(`queued ${kernel.getEventCount()}`);
