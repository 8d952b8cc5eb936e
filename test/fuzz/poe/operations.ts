import { type HandlerContext, Session } from '../../../core/index.ts';
import type { KernelView } from '../../../core/kernel-view.ts';
import type { Ahead, Context, Step, TimerOp } from './program.ts';
import { errorText, type State, showTarget } from './state.ts';

/** The session whose handler runs, and the kernel it uses. The main program has no session. */
export interface Actor {
  readonly kernel: KernelView;
  readonly session?: Session;
}

type Handler = (context: HandlerContext, ...args: unknown[]) => unknown;

/** Makes handlers for the session of that number. */
export interface Maker {
  /** One that runs a body. */
  handler(n: number, body: number): Handler;
  /** One that gives back what the program holds. */
  releaseHandler(n: number): Handler;
}

type Op = Exclude<Step['op'], 'return'>;
type StepOf<O extends Op> = { [S in Step as S['op']]: S }[O];
type Operations = { [O in Op]: (step: StepOf<O>, state: State, actor: Actor, maker: Maker) => void };

/** Does what a step says, and says in the trace what came of it. */
export function perform<O extends Op>(step: StepOf<O>, state: State, actor: Actor, maker: Maker): void {
  (operations[step.op] as Operations[O])(step, state, actor, maker);
}

const operations: Operations = {
  die({ text }, state) {
    state.say(`die ${text}`);
    throw new Error(text);
  },

  create(step, state, actor, maker) {
    // The main program always creates: without a session POE's kernel is not ready for anything else.
    if (actor.session !== undefined && state.started >= state.program.limits.sessions) {
      state.say('create: enough');
      return;
    }
    const n = state.started++;
    const { inline, object, options = {} } = state.program.templates[step.template] ?? { inline: {}, object: {} };
    const args = state.values(step.args, actor.kernel);
    state.say(`create s${n}`);
    const created = Session.create({
      kernel: actor.kernel,
      inlineStates: { ...handlers(n, inline, maker), release: maker.releaseHandler(n) } as Record<string, Handler>,
      objectStates: [[handlers(n, object, maker), Object.keys(object)]],
      args,
      options,
    });
    state.say(`create = ${state.show(created)}`);
  },

  yield({ event, args }, state, { kernel }) {
    const result = kernel.yield(event, ...state.values(args, kernel));
    state.say(`yield ${event} = ${state.show(result)}`);
  },

  post({ to, event, args }, state, { kernel }) {
    const result = kernel.post(state.target(to, kernel), event, ...state.values(args, kernel));
    state.say(`post ${showTarget(to)} ${event} = ${state.result(result)}`);
  },

  call(step, state, { kernel }) {
    const { event } = step;
    const to = state.target(step.to, kernel);
    const args = state.values(step.args, kernel);
    const showErrno = (): string => ` ${kernel.errno}`;
    inContext(`call ${showTarget(step.to)} ${event}`, step, state, showErrno, {
      void: () => kernel.callVoid(to, event, ...args),
      scalar: () => kernel.call(to, event, ...args),
      list: () => kernel.callList(to, event, ...args),
    });
  },

  // --- timers

  alarm: setTimer,
  alarm_add: setTimer,
  alarm_set: setTimer,
  delay: setTimer,
  delay_add: setTimer,
  delay_set: setTimer,

  alarm_adjust({ timer, by }, state, { kernel }) {
    const delta = by === null ? undefined : by + state.slots.fraction();
    const time = kernel.alarmAdjust(state.timers[timer] as number, delta as number);
    state.say(`alarm_adjust ${timer} = ${state.result(time && state.slots.show(time))}`);
  },

  /** Without the errno: POE sets none if there is no such timer, though its manual says so. */
  delay_adjust({ timer, in: ahead }, state, { kernel }) {
    const delay = ahead === null ? undefined : state.slots.delayToFree(ahead);
    const time = kernel.delayAdjust(state.timers[timer] as number, delay as number);
    state.say(`delay_adjust ${timer} = ${time === undefined ? 'undef' : state.slots.show(time)}`);
  },

  alarm_remove({ timer }, state, { kernel }) {
    const removed = kernel.alarmRemove(state.timers[timer] as number);
    const shown = removed && `${removed[0]} ${state.slots.show(removed[1])} ${state.show(removed[2])}`;
    state.say(`alarm_remove ${timer} = ${state.result(shown)}`);
  },

  alarm_remove_all(_, state, { kernel }) {
    const removed = kernel.alarmRemoveAll();
    const shown = removed.map(([name, time, ...args]) => `${name} ${state.slots.show(time)} ${state.showArgs(args)}`);
    state.say(`alarm_remove_all = ${shown.join('; ')}`);
  },

  // --- names and numbers

  alias_set({ name }, state, { kernel }) {
    state.say(`alias_set ${name} = ${kernel.aliasSet(name)}`);
  },

  alias_remove({ name }, state, { kernel }) {
    state.say(`alias_remove ${name} = ${kernel.aliasRemove(name)}`);
  },

  alias_list({ to }, state, { kernel }) {
    const names = to === undefined ? kernel.aliasList() : kernel.aliasList(state.target(to, kernel));
    state.say(`alias_list = ${state.showArgs(names ?? [])}`);
  },

  resolve({ to }, state, { kernel }) {
    state.say(`resolve ${showTarget(to)} = ${state.show(kernel.aliasResolve(state.target(to, kernel)))}`);
  },

  id_of({ to }, state, { kernel }) {
    const session = state.target(to, kernel);
    const id = kernel.idSessionToId(session);
    state.say(`id_of ${showTarget(to)} = ${state.result(id && state.labelOf(session))}`);
  },

  session_of({ to }, state, { kernel }) {
    state.say(`session_of ${showTarget(to)} = ${state.result(kernel.idIdToSession(state.idOf(to)))}`);
  },

  count(_, state, { kernel }) {
    state.say(`count = ${kernel.getEventCount()}`);
  },

  active(_, state, { kernel }) {
    state.say(`active = ${state.labelOf(kernel.getActiveSession())} ${kernel.getActiveEvent() ?? 'undef'}`);
  },

  // --- reasons to live, and parents

  refcount_increment({ to, tag }, state, { kernel }) {
    const result = kernel.refcountIncrement(state.idOf(to), tag);
    const key = heldKey(to, tag);
    if (result !== undefined) state.held.set(key, (state.held.get(key) ?? 0) + 1);
    state.say(`refcount_increment ${showTarget(to)} ${tag} = ${state.result(result)}`);
  },

  /** Never below zero: POE does not mind, but loses count. */
  refcount_decrement({ to, tag }, state, { kernel }) {
    const what = `refcount_decrement ${showTarget(to)} ${tag}`;
    const id = state.idOf(to);
    const key = heldKey(to, tag);
    const held = state.held.get(key) ?? 0;
    if (held === 0 && kernel.idIdToSession(id) !== undefined) {
      state.say(`${what}: left out`);
      return;
    }
    const result = kernel.refcountDecrement(id, tag);
    if (result !== undefined) state.held.set(key, held - 1);
    state.say(`${what} = ${state.result(result)}`);
  },

  detach_child({ to }, state, { kernel }) {
    state.say(`detach_child ${showTarget(to)}`);
    state.say(`detach_child = ${state.result(kernel.detachChild(state.target(to, kernel)))}`);
  },

  /** POE tells of the loss twice if a session leaves while it is stopped or moved. */
  detach_myself(_, state, { kernel }) {
    if (state.inLifeCycle) {
      state.say('detach_myself: left out');
      return;
    }
    state.say('detach_myself');
    state.say(`detach_myself = ${state.result(kernel.detachMyself())}`);
  },

  // --- signals

  sig({ signal, event, args }, state, { kernel }) {
    kernel.sig(signal, event, ...state.values(args, kernel));
  },

  sig_handled(_, state, { kernel }) {
    kernel.sigHandled();
    state.say('sig_handled');
  },

  signal({ to, signal, args }, state, { kernel }) {
    const result = kernel.signal(state.target(to, kernel), signal, ...state.values(args, kernel));
    state.say(`signal ${showTarget(to)} ${signal} = ${state.result(result)}`);
  },

  // --- handlers, options and postbacks

  state({ event, body, method }, state, { kernel, session }, maker) {
    const n = state.sessions.indexOf(session as Session);
    const say = (result: unknown): void => state.say(`state ${event} = ${result}`);
    if (body === null) say(kernel.state(event));
    else if (method === undefined) say(kernel.state(event, maker.handler(n, body)));
    else say(kernel.state(event, handlers(n, { [method]: body }, maker), method));
  },

  option({ name, value }, state, { session }) {
    state.say(`option ${name} = ${state.show(session?.option(name, value ?? undefined))}`);
  },

  postback({ event, args }, state, { kernel, session }) {
    const number = state.postbacks.push((session as Session).postback(event, ...state.values(args, kernel))) - 1;
    state.say(`postback ${event} is ${number}`);
  },

  callback({ event, args }, state, { kernel, session }) {
    const number = state.postbacks.push((session as Session).callback(event, ...state.values(args, kernel))) - 1;
    state.say(`callback ${event} is ${number}`);
  },

  invoke(step, state, { kernel }) {
    const number = step.postback;
    const postback = state.postbacks[number];
    if (!postback) {
      state.say(`invoke ${number}: none`);
      return;
    }
    const args = state.values(step.args, kernel);
    const { invoked } = state;
    const outermost = !invoked.has(number);
    invoked.add(number);
    try {
      inContext(`invoke ${number}`, step, state, () => '', {
        void: () => postback(...args),
        scalar: () => postback(...args),
        list: () => ('callList' in postback ? postback.callList(...args) : [postback(...args)]),
      });
    } finally {
      if (outermost) invoked.delete(number);
    }
  },

  weaken({ postback: number }, state) {
    const postback = state.postbacks[number];
    postback?.weaken();
    state.say(`weaken ${number}${postback ? '' : ': none'}`);
  },

  /** Not while it is invoked: in Perl it lives until it returns. */
  drop({ postback: number }, state) {
    const postback = state.postbacks[number];
    if (!postback || state.invoked.has(number)) {
      state.say(`drop ${number}: ${postback ? 'under way' : 'none'}`);
      return;
    }
    postback.destroy();
    state.postbacks[number] = null;
    state.say(`drop ${number}`);
  },

  // --- the kernel

  /** A handler that takes its time. */
  spin({ slots }, state) {
    state.slots.spin(slots);
    state.say('spin');
  },

  /** POE fails if it is stopped while it is stopping or moving sessions. */
  stop(_, state, { kernel }) {
    if (state.inLifeCycle) {
      state.say('stop: left out');
      return;
    }
    state.say('stop');
    kernel.stop();
    state.say('stopped');
  },
};

/** The names of all operations. */
export const OPERATIONS: readonly string[] = Object.keys(operations);

/** Bodies of events as handlers: of inline states, or as the methods of an object. */
function handlers(n: number, bodies: Record<string, number>, maker: Maker): Record<string, Handler> {
  return Object.fromEntries(Object.entries(bodies).map(([event, body]) => [event, maker.handler(n, body)]));
}

function heldKey(to: StepOf<'refcount_increment'>['to'], tag: string): string {
  return `${'n' in to ? to.n : ''} ${tag}`;
}

type TimerMethod = 'alarm' | 'alarmAdd' | 'alarmSet' | 'delay' | 'delayAdd' | 'delaySet';

const TIMER_METHODS: Record<TimerOp, TimerMethod> = {
  alarm: 'alarm',
  alarm_add: 'alarmAdd',
  alarm_set: 'alarmSet',
  delay: 'delay',
  delay_add: 'delayAdd',
  delay_set: 'delaySet',
};

function setTimer({ op, event, in: ahead, args }: StepOf<TimerOp>, state: State, { kernel }: Actor): void {
  const time = timeOf(op, ahead, state) as number;
  let result: unknown = kernel[TIMER_METHODS[op]](event as string, time, ...state.values(args, kernel));
  // Those that give an id; the others give 0 or an errno.
  if (op.endsWith('_set') && result !== undefined) result = `timer ${state.timers.push(result as number) - 1}`;
  state.say(`${op} ${event ?? 'undef'} ${ahead ?? 'undef'} = ${state.result(result)}`);
}

function timeOf(op: TimerOp, ahead: Ahead, { slots }: State): number | undefined {
  if (ahead === null) return undefined;
  if (ahead === 'now') return 0;
  return op.startsWith('alarm') ? slots.epochOfFree(ahead) : slots.delayToFree(ahead);
}

/** Makes the call of the context that the step asks for, and shows the value and what `more` adds. */
function inContext(
  what: string,
  step: { context: Context; catch?: boolean },
  state: State,
  more: () => string,
  calls: Record<Context, () => unknown>,
): void {
  state.say(what);
  const { depth } = state;
  let value: unknown;
  try {
    value = calls[step.context]();
  } catch (error) {
    if (!step.catch) throw error;
    state.depth = depth;
    state.say(`${what} caught ${errorText(error)}`);
    return;
  }
  const show = {
    void: () => 'nothing',
    scalar: () => state.show(value),
    list: () => state.showArgs(value as unknown[]),
  };
  state.say(`${what} = ${show[step.context]()}${more()}`);
}
