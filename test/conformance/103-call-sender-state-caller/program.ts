import { type HandlerContext, kernel, Session, type SessionId } from 'poe-kernel';

const name = new Map<SessionId, string>();

function show(what: string, { kernel, sender, state, callerState }: HandlerContext) {
  const by = sender === kernel ? 'kernel' : name.get(sender.id);
  const active = `${name.get(kernel.getActiveSession().id)}/${kernel.getActiveEvent()}`;
  console.log(`${what}: STATE ${state} SENDER ${by} CALLER_STATE ${callerState ?? 'undef'} active ${active}`);
}

Session.create({
  inlineStates: {
    _start(context) {
      const { kernel, session } = context;
      name.set(session.id, 'outer');
      show('outer', context);
      kernel.aliasSet('outer');
      kernel.yield('begin');
    },
    begin(context) {
      const { kernel, session } = context;
      show('begin', context);
      kernel.post('inner', 'queued');
      kernel.call('inner', 'nested');
      kernel.call(session, 'again');
      show('begin after', context);
    },
    again(context) {
      show('again', context);
      context.kernel.post('inner', 'from_again');
      context.kernel.yield('own');
    },
    own(context) {
      show('own', context);
    },
    answer(context) {
      show('answer', context);
      context.kernel.call(context.sender, 'deep');
    },
    finish({ kernel }) {
      kernel.aliasRemove('outer');
    },
  },
});

Session.create({
  inlineStates: {
    _start(context) {
      name.set(context.session.id, 'inner');
      show('inner', context);
      context.kernel.aliasSet('inner');
    },
    queued(context) {
      show('queued', context);
    },
    nested(context) {
      show('nested', context);
      context.kernel.call(context.sender, 'answer');
      show('nested after', context);
    },
    deep(context) {
      show('deep', context);
    },
    from_again(context) {
      show('from_again', context);
      context.kernel.post('outer', 'finish');
      context.kernel.aliasRemove('inner');
    },
  },
});

await kernel.run();
