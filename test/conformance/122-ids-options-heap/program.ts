import { kernel, Session } from 'poe-kernel';

const v = (value: unknown) => value ?? 'undef';
const pairs = (options: Record<string, unknown>) =>
  Object.keys(options)
    .sort()
    .map((name) => `${name}=${v(options[name])}`)
    .join(', ');

const ids: number[] = [];
let gone: Session;

Session.create({
  heap: { given: 'heap' },
  inlineStates: {
    _start({ kernel, session, heap }) {
      ids.push(session.id);
      console.log(`given heap: ${heap.given}, get_heap same: ${session.getHeap() === heap ? 'yes' : 'no'}`);
      gone = Session.create({
        heap: [1, 2, 3],
        inlineStates: {
          _start({ session, heap }) {
            ids.push(session.id);
            console.log(`array heap: ${heap.join(' ')}`);
          },
        },
      });
      Session.create({
        inlineStates: {
          _start({ session, heap }) {
            ids.push(session.id);
            console.log(`default heap: ${typeof heap === 'object' ? 'HASH' : ''}`);
          },
        },
      });
      console.log(`ids step by one: ${ids.map((id) => id - (ids[0] as number)).join(' ')}`);
      console.log(`id to session: ${kernel.idIdToSession(session.id) === session ? 'me' : 'other'}`);
      console.log(`session to id: ${kernel.idSessionToId(session) === session.id ? 'mine' : 'other'}`);
      const resolves = kernel.idIdToSession(kernel.id) === kernel ? 'yes' : 'no';
      console.log(`kernel has an id: ${kernel.id.length ? 'yes' : 'no'}, resolves to kernel: ${resolves}`);
      kernel.delay('later', 0.1);
    },
    later({ kernel, session }) {
      kernel.errno = 0;
      console.log(`stopped session: ${v(kernel.idSessionToId(gone))} ${kernel.errno}`);
      kernel.errno = 0;
      console.log(`stopped id: ${v(kernel.idIdToSession(gone.id))} ${kernel.errno}`);
      console.log(`its ID method still answers: ${gone.id === ids[1] ? 'yes' : 'no'}`);

      console.log(`set: ${v(session.option('Color', 'red'))}`);
      console.log(`get: ${v(session.option('color'))}`);
      console.log(`set on: ${v(session.option('color', 'ON'))} now ${v(session.option('COLOR'))}`);
      console.log(`set false: ${v(session.option('color', 'False'))} now ${v(session.option('color'))}`);
      const both = session.option('color', 'blue', 'size', 7);
      console.log(`two at once: ${pairs(both)}`);
      console.log(`remove: ${v(session.option('color', undefined))} now ${v(session.option('color'))}`);
      const mixed = session.option('size', 8, 'color');
      console.log(`set and get: ${pairs(mixed)}`);
    },
  },
});

await kernel.run();
