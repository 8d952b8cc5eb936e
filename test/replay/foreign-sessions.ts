/**
 * The sessions that a recorded server had besides those of the interop contract, made up from what they did: their events answer what
 * they answered, and post and call what they posted and called.
 */
import { isDeepStrictEqual } from 'node:util';
import { type KernelView, list, Session } from 'poe-kernel';
import { fromNeutral, type NeutralNode } from '../helpers/neutral.ts';
import { type Conversation, errorOf, eventOf, nodeOf, type Said, targetOf } from './conversation.ts';
import type { Told } from './observations.ts';
import type { Side } from './recording.ts';
import { at, child, type Plain, plainOf, plainValue, programValue } from './values.ts';

/** Sessions that our server has of itself. */
const OWN = new Set(['interop', 'private', 'ghost', 'IKC', '']);

/** Whether it had IKC act at once, or posted an event to it, which is handled after the answer to the request. */
type How = 'call' | 'post';

/** What a session did on its own account. */
type Act =
  | { do: 'post'; how: How; event: unknown; params: unknown }
  | { do: 'call'; how: How; event: unknown; params: unknown; rsvp: unknown }
  /** It posted to the sender of the request. */
  | { do: 'reply'; state: string; args: unknown[] }
  | { do: 'publish' | 'retract'; state: string }
  /** It closed the connection to a kernel. */
  | { do: 'close'; kernel: string }
  | { do: 'leave' }
  | { do: 'shutdown' };

/** What one request led to. */
interface Reaction {
  state: string;
  acts: Act[];
  answer: NeutralNode | undefined;
}

/** What one such session did, by order of the requests. */
interface ForeignSession {
  name: string;
  /** Whether there was such a session: what is published need not be. */
  exists: boolean;
  /** The events that were published from the beginning. */
  published: Set<string>;
  /** What it did as soon as a client was there. */
  first: Act[];
  reactions: Reaction[];
  /** What its calls were answered with: event, then value and further arguments. */
  answered: Told[];
}

export function foreignSessionsOf(conversation: Conversation): ForeignSession[] {
  const { said } = conversation;
  const names = new Set(said.flatMap((each) => namesIn(each)).filter((name) => !OWN.has(name)));
  const sessions = [...names].map((name) => sessionOf(name, conversation));
  addShutdown(sessions, conversation);
  addClosing(sessions, conversation);
  return sessions;
}

/** Sessions of the server that a message shows to exist. */
function namesIn({ from, message }: Said): string[] {
  if (from === 'server') return [String(at(at(message, 'from'), 'session') ?? '')];
  const { session } = eventOf(message);
  return [/^\d+$/.test(session) ? '' : session];
}

function sessionOf(name: string, conversation: Conversation): ForeignSession {
  const session: ForeignSession = {
    name,
    exists: true,
    published: new Set(),
    first: [],
    reactions: [],
    answered: [],
  };
  const refused = refusedRequests(conversation);
  /** Whether each event could be reached the last time. */
  const reachable = new Map<string, boolean>();
  const open: { said: Said; reaction: Reaction }[] = [];
  const calls: Said[] = [];
  let last: Reaction | undefined;
  for (const each of conversation.said) {
    const { message } = each;
    if (each.from === 'client') {
      const call = calls.find((one) => isDeepStrictEqual(at(one.message, 'rsvp'), at(message, 'event')));
      const { session: target, state } = targetOf(message);
      if (call !== undefined) session.answered.push(answeredBy(each));
      else if (target === name) {
        const isRefused = refused.has(each);
        // What it published and took back meanwhile it did at the request before.
        const before = reachable.get(state);
        if (before !== undefined && before === isRefused) {
          last?.acts.push({ do: isRefused ? 'retract' : 'publish', state });
        }
        reachable.set(state, !isRefused);
        if (isRefused) continue;
        if (before !== false || last === undefined) session.published.add(state);
        last = { state, acts: [], answer: undefined };
        session.reactions.push(last);
        open.push({ said: each, reaction: last });
      }
      continue;
    }
    if (isGone(message, name)) {
      // The request that failed found nobody; the one before has sent the session away, if it was ever there.
      session.reactions.pop();
      session.exists = session.reactions.length > 0;
      session.reactions.at(-1)?.acts.push({ do: 'leave' });
      continue;
    }
    const request = open.findIndex(({ said }) => isDeepStrictEqual(at(said.message, 'rsvp'), at(message, 'event')));
    if (request >= 0) {
      const [{ reaction }] = open.splice(request, 1) as [{ said: Said; reaction: Reaction }];
      reaction.answer = nodeOf(each, 'params');
    } else if (at(at(message, 'from'), 'session') === name) {
      const acts = last?.acts ?? session.first;
      if (at(message, 'rsvp') !== null) calls.push(each);
      const act = actOf(each, last?.answer === undefined ? 'call' : 'post', conversation);
      if (!acts.some((other) => isToAll(message) && isDeepStrictEqual(other, act))) acts.push(act);
    }
  }
  spread(session.reactions);
  return session;
}

/** Replies go to their requests in order: the recording does not tell which belongs to which, since all are alike. */
function spread(reactions: Reaction[]): void {
  const replies = reactions.flatMap(({ acts }) => acts.filter((act) => act.do === 'reply'));
  for (const reaction of reactions) {
    if (replies.length === 0) return;
    reaction.acts = [...reaction.acts.filter((act) => act.do !== 'reply'), replies.shift() as Act];
  }
  reactions.at(-1)?.acts.push(...replies);
}

function answeredBy(said: Said): Told {
  const event = at(said.message, 'event');
  const args = at(event, 'args');
  return { event: eventOf(said.message).state, args: [at(said.message, 'params'), ...(args === null ? [] : [args])] };
}

/** The requests whose events were not published when they came: of those that a refusal may mean, the last. */
function refusedRequests({ said }: Conversation): Set<Said> {
  const refused = new Set<Said>();
  const count = (from: Side, key: string, rsvp: string): number =>
    said.filter((one) => one.from === from && JSON.stringify(at(one.message, key)) === rsvp).length;
  // Where one rsvp serves several requests, answers do not tell which of them were taken.
  const isAnswered = ({ message }: Said): boolean => {
    const rsvp = at(message, 'rsvp');
    const text = JSON.stringify(rsvp);
    return rsvp !== null && count('server', 'event', text) >= count('client', 'rsvp', text);
  };
  for (const refusal of [...said].reverse()) {
    if (refusal.from !== 'server' || errorOf(refusal.message)?.stage !== 'check') continue;
    const mayBe = said.filter((one) => isRefusalOf(refusal, one) && !isAnswered(one) && !refused.has(one));
    // Errors are never told of; such a message goes the way of the others.
    const told = mayBe.findLast(({ message }) => at(message, 'is_error') === null);
    for (const one of mayBe) if (one === told || at(one.message, 'is_error') !== null) refused.add(one);
  }
  return refused;
}

function isRefusalOf(refusal: Said, request: Said): boolean {
  const { text = '' } = errorOf(refusal.message) ?? {};
  const { session, state } = targetOf(request.message);
  return (
    request.from === 'client' &&
    request.conn === refusal.conn &&
    request.step <= refusal.step &&
    (text.startsWith(`Session '${session}' has not published state '${state}'`) ||
      text.startsWith(`Session '${session}' is not available`))
  );
}

function isGone(message: Plain, name: string): boolean {
  const error = errorOf(message);
  return error?.stage === 'resolve' && error.text.startsWith(`Unknown session '${name}'`);
}

function isToAll(message: Plain): boolean {
  return eventOf(message).kernel === '*';
}

function actOf(said: Said, how: How, { said: all }: Conversation): Act {
  const event = programValue(nodeOf(said, 'event'));
  const params = built(nodeOf(said, 'params'));
  const rsvp = nodeOf(said, 'rsvp');
  if (rsvp !== undefined) return { do: 'call', how, event, params, rsvp: ownRsvp(rsvp) };
  const { kernel, session, state } = eventOf(said.message);
  const asked = all.some(({ from, message, step }) => {
    const sender = at(message, 'from');
    return (
      from === 'client' && step <= said.step && at(sender, 'kernel') === kernel && at(sender, 'session') === session
    );
  });
  if (!asked) return { do: 'post', how, event, params };
  if (state !== 'IKC:proxy') return { do: 'reply', state, args: params as unknown[] };
  const [inner, args] = params as [unknown, unknown[]];
  return { do: 'reply', state: String(inner), args };
}

/** What a program gave as rsvp, before IKC filled in its own kernel and session. */
function ownRsvp(node: NeutralNode): unknown {
  const args = child(node, 'args');
  const state = String(plainOf(child(node, 'state')));
  const session = child(node, 'session');
  return {
    ...(session?.t === 'bytes' && !/^\d+$/.test(session.v ?? '') ? { session: session.v } : {}),
    state,
    ...(args === undefined ? {} : { args: programValue(args) }),
  };
}

function built(node: NeutralNode | undefined): unknown {
  return node === undefined ? null : fromNeutral(node);
}

/** A server that ended by itself was shut down by the last request before it closed its connections. */
function addShutdown(sessions: ForeignSession[], { recording, pieces, said }: Conversation): void {
  const closing = pieces.find(({ step }) => step.event === 'close');
  if (recording.exit.server !== 0 || closing?.step.from !== 'server') return;
  const last = said.findLast(({ from, step }) => from === 'client' && step < closing.index);
  const session = sessions.find(({ name }) => name === eventOf(last?.message ?? null).session);
  session?.reactions.at(-1)?.acts.push({ do: 'shutdown' });
}

/** A connection that the server closed while it went on was closed by the last request over it. */
function addClosing(sessions: ForeignSession[], { recording, pieces, said, connections }: Conversation): void {
  if (recording.exit.server === 0) return;
  for (const [conn, { names }] of connections) {
    const closing = pieces.find((piece) => piece.conn === conn && piece.step.event === 'close');
    const last = said.findLast((one) => one.from === 'client' && one.conn === conn && one.kind === 'frame');
    if (closing?.step.from !== 'server' || last === undefined) continue;
    const session = sessions.find(({ name }) => name === targetOf(last.message).session);
    session?.reactions.at(-1)?.acts.push({ do: 'close', kernel: names.client[0] ?? '' });
  }
}

/** Makes the session. What its calls are answered with is added to `answered`. */
export function spawnForeignSession(
  kernel: KernelView,
  foreign: ForeignSession,
  answered: Told[],
  changed: () => void,
): void {
  const { name, first, published, exists } = foreign;
  const reactions = [...foreign.reactions];
  /** The sessions of channels, by the kernels at their other ends. */
  const channels = new Map<string, number>();
  const act = (kernel: KernelView, sender: unknown, { acts }: { acts: readonly Act[] }): void => {
    for (const one of acts) perform(kernel, sender as Session, name, one, channels);
  };
  if (!exists) {
    kernel.call('IKC', 'publish', name, [...published]);
    return;
  }
  Session.create({
    kernel,
    inlineStates: {
      _start({ kernel }) {
        kernel.aliasSet(name);
        if (published.size > 0 || first.length > 0) {
          kernel.call('IKC', 'publish', name, published.size > 0 ? [...published] : ['anything']);
        }
        kernel.call('IKC', 'monitor', '*', { shutdown: '_leave', channel: '_channel' });
      },
      _leave: ({ kernel }) => kernel.aliasRemove(name),
      _channel({ kernel, sender }, _name, peer, real, _data, what, channel) {
        if (real !== 1 || what !== 'ready') return;
        channels.set(peer, channel);
        act(kernel, sender, { acts: first });
      },
      _default({ kernel, sender, wantarray }, state: string, args: unknown[]) {
        const index = reactions.findIndex((reaction) => reaction.state === state);
        if (index < 0) {
          answered.push({ event: state, args: args.map((value) => plainValue(value)) });
          changed();
          return null;
        }
        const [reaction] = reactions.splice(index, 1) as [Reaction];
        act(kernel, sender, reaction);
        if (reaction.answer === undefined) return list();
        const value = fromNeutral(reaction.answer);
        return wantarray === true && Array.isArray(value) ? list(...(value as unknown[])) : value;
      },
    },
  });
}

function perform(
  kernel: KernelView,
  sender: Session,
  name: string,
  act: Act,
  channels: ReadonlyMap<string, number>,
): void {
  switch (act.do) {
    case 'post':
      kernel[act.how]('IKC', 'post', act.event, act.params);
      break;
    case 'call':
      kernel[act.how]('IKC', 'call', act.event, act.params, act.rsvp);
      break;
    case 'reply':
      kernel.post(sender, act.state, ...act.args);
      break;
    case 'publish':
    case 'retract':
      kernel.call('IKC', act.do, name, [act.state]);
      break;
    case 'close':
      kernel.post(channels.get(act.kernel) ?? '', 'shutdown');
      break;
    case 'leave':
      kernel.aliasRemove(name);
      break;
    case 'shutdown':
      kernel.post('IKC', 'shutdown');
      break;
  }
}
