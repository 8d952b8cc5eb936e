import { type Handler, kernel, Session, type SessionId, type SessionOrKernel } from 'poe-kernel';

const name = new Map<SessionId, string>();
const who = (s: SessionOrKernel | undefined) =>
  s === undefined ? 'undef' : s instanceof Session ? (name.get(s.id) ?? '?') : 'kernel';

function spawn(me: string, { next, ...extra }: { next?: Parameters<typeof spawn>; [event: string]: unknown } = {}) {
  return Session.create({
    inlineStates: {
      _start({ kernel, session, sender }) {
        name.set(session.id, me);
        console.log(`${me}: _start from ${who(sender)}`);
        kernel.aliasSet(me);
        if (next) spawn(...next);
        return `started-${me}`;
      },
      _parent(_, from, to) {
        console.log(`${me}: _parent from ${who(from)} to ${who(to)}`);
      },
      _child(_, ...args) {
        const [reason, child, value] = args;
        console.log(`${me}: _child ${reason} ${who(child)} (${value ?? 'undef'}) with ${args.length} args`);
      },
      _stop() {
        console.log(`${me}: _stop`);
        return `stopped-${me}`;
      },
      quit({ kernel }) {
        console.log(`${me}: quits`);
        kernel.aliasRemove(me);
      },
      ...(extra as Record<string, Handler>),
    },
  });
}

const lastWords: Handler = () => {
  console.log('middle: _stop');
  spawn('orphan');
  return 'stopped-middle';
};

const middle: Record<string, Handler> = {
  _start({ kernel, session }) {
    name.set(session.id, 'middle');
    kernel.aliasSet('middle');
    kernel.sig('TERM', 'term');
    spawn('leaf');
    return 'started-middle';
  },
  term() {
    console.log('middle: TERM');
    spawn('rescuer');
  },
  _stop: lastWords,
};
spawn('top', { next: ['middle', middle] });

Session.create({
  inlineStates: {
    _start({ kernel }) {
      kernel.delay('step1', 0.1);
    },
    step1({ kernel }) {
      console.log('-- TERM to middle');
      kernel.signal('middle', 'TERM');
      kernel.delay('step2', 0.1);
    },
    step2({ kernel }) {
      console.log('-- top quits');
      kernel.post('top', 'quit');
      kernel.delay('step3', 0.1);
    },
    step3({ kernel }) {
      console.log('-- rescuer quits');
      kernel.post('rescuer', 'quit');
      kernel.delay('step4', 0.1);
    },
    step4({ kernel }) {
      console.log('-- orphan quits');
      kernel.post('orphan', 'quit');
    },
  },
});

await kernel.run();
