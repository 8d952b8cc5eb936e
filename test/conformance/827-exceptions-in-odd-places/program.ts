import { kernel, Session, twoWay } from 'poe-kernel';
import { ReadWrite } from 'poe-kernel/wheels';

// Exceptions in odd places: in events of wheels between two records, in _child, in callbacks and postbacks, and in a handler of DIE.

const text = (error: unknown) =>
  String(error)
    .replace(/\n(?=.)/g, ' | ')
    .trimEnd();

Session.create({
  inlineStates: {
    _start({ kernel, heap }) {
      const [a, b] = twoWay();
      heap.far = new ReadWrite({ handle: b });
      heap.near = new ReadWrite({ handle: a, inputEvent: 'line' });
      heap.far.put('one', 'two', 'three', 'four');
      kernel.sig('DIE', 'mishap');
    },
    line({ kernel }, line) {
      console.log(`line ${line}`);
      if (line === 'two' || line === 'three') throw `cannot take ${line}\n`;
      if (line === 'four') kernel.yield('family');
    },
    mishap({ kernel, heap }, name, details) {
      const event = /[\w ]+$/.exec(details.event)?.[0];
      console.log(`${name} in '${event}' from ${details.fromState ?? 'nowhere'}: ${text(details.errorStr)}`);
      if (event === ' select read') heap.far.put('more');
      kernel.sigHandled();
    },
    family({ kernel, heap }) {
      heap.near.destroy();
      heap.far.destroy();
      Session.create({
        inlineStates: {
          _start({ kernel }) {
            kernel.yield('leave');
            return 'born';
          },
          leave() {
            console.log('child leaves');
          },
          _stop: () => 'bye',
        },
      });
      console.log('child is there');
      kernel.yield('ask_postback');
      kernel.yield('ask_callback');
      kernel.yield('ask_call');
    },
    ask_postback({ session }) {
      using postback = session.postback('fragile', 'postback');
      console.log(`postback gave ${postback('later')}`);
    },
    ask_callback({ session }) {
      using callback = session.callback('fragile', 'callback');
      callback('now');
      console.log('not reached');
    },
    ask_call({ kernel, session }) {
      kernel.call(session, 'fragile', ['call'], ['now']);
      console.log('not reached');
    },
    fragile(_, [made], [given]) {
      console.log(`fragile by ${made}, ${given}`);
      throw `broken by ${made}\n`;
    },
    _child(_, what, _child, value) {
      console.log(`_child ${what} ${value}`);
      if (what === 'lose') throw 'no children please\n';
    },
    _stop() {
      console.log('stopped');
    },
  },
});
await kernel.run();
console.log('--');

Session.create({
  inlineStates: {
    _start({ kernel }) {
      kernel.sig('DIE', 'helper');
      kernel.yield('fail');
      kernel.delay('never', 60);
    },
    fail() {
      throw 'first\n';
    },
    helper(_, _signal, details) {
      console.log(`helper: ${text(details.errorStr)}`);
      throw 'second\n';
    },
    never() {
      console.log('never');
    },
    _stop() {
      console.log('stopped');
    },
  },
});
await kernel.run().then(
  () => console.log('run returned'),
  (error) => console.log(`run died: ${text(error)}`),
);
