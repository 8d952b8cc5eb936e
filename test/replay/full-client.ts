/** Our full client, doing what a recorded program did: its sessions post, call, subscribe and answer as those of the recording. */
import { isDeepStrictEqual } from 'node:util';
import { Kernel, type KernelView, Session } from 'poe-kernel';
import { Client, Responder } from 'poe-kernel/ikc';
import { freezerFor } from '../../wheels/index.ts';
import { fromNeutral, type NeutralNode } from '../helpers/neutral.ts';
import type { Bindings } from './bindings.ts';
import type { Play } from './case.ts';
import type { Driver, Where } from './client-role.ts';
import { type Conversation, errorOf, eventOf, nodeOf, type Said, targetOf } from './conversation.ts';
import { isErrorText } from './match.ts';
import { type Told, toldDifference, toldIn, Watchers } from './observations.ts';
import { octetHandles } from './octet-host.ts';
import type { Program } from './programs.ts';
import { at, type Plain, plainValue, programValue, same, shown } from './values.ts';

/** What has happened to a program because of a message. */
type Happened =
  | { what: 'event'; session: string; state: string; args: Plain[] }
  | { what: 'error'; operation: string; text: string }
  | { what: 'granted'; granted: boolean };

export interface ClientOptions {
  program: Program;
  play: Play;
  where: Where;
  bindings: Bindings;
}

export class FullClient implements Driver {
  readonly notes = new Set<string>();
  readonly #options: ClientOptions;
  readonly #conversation: Conversation;
  readonly #kernel: Kernel;
  readonly #watchers: Watchers;
  readonly #sessions = new Map<string, Session>();
  readonly #published = new Set<string>();
  /** What has happened, and how much of each kind was looked at: monitors are told later than events arrive. */
  readonly #happened: Happened[] = [];
  readonly #looked = new Set<Happened>();
  /** Answers to what the server calls, by session and event, in order. */
  readonly #answers = new Map<string, (NeutralNode | undefined)[]>();
  readonly #running: Promise<void>;
  /** Channels that are ready, by their sessions' numbers, in the order of the connections. */
  readonly #channels: number[] = [];
  #connected = 0;

  constructor(options: ClientOptions) {
    this.#options = options;
    const { program, play } = options;
    this.#conversation = play.conversation;
    this.#kernel = new Kernel({ id: program.id, ...(play.octets ? { host: { handles: octetHandles() } } : {}) });
    this.#spawnMonitor();
    for (const name of this.#sessionNames()) this.#spawnSession(name);
    this.#watchers = new Watchers(this.#kernel, program.observed, play.patience.changed);
    this.#collectAnswers();
    this.#running = this.#kernel.run();
  }

  // --- sessions

  #own(): Said[] {
    const conns = new Set(this.#options.program.connections.map(({ conn }) => conn));
    return this.#conversation.said.filter(({ conn, kind }) => kind === 'frame' && conns.has(conn));
  }

  /** The sessions that the program had: those that send, and those that are sent to. */
  #sessionNames(): Set<string> {
    const names = new Set<string>(['me']);
    for (const { from, message } of this.#own()) {
      const name = from === 'client' ? at(at(message, 'from'), 'session') : eventOf(message).session;
      if (typeof name === 'string' && name !== 'IKC' && name !== '' && !/^\d+$/.test(name)) names.add(name);
    }
    return names;
  }

  #spawnSession(name: string): void {
    const session = Session.create({
      kernel: this.#kernel,
      inlineStates: {
        _start: ({ kernel }) => {
          kernel.aliasSet(name);
        },
        _act: ({ kernel }, act: (kernel: KernelView) => unknown) => act(kernel),
        _default: (_, state: string, args: unknown[]) => {
          if (state.startsWith('_')) return null;
          this.#happen({ what: 'event', session: name, state, args: args.map((value) => plainValue(value)) });
          const answer = this.#answers.get(`${name}/${state}`)?.shift();
          return answer === undefined ? null : fromNeutral(answer);
        },
      },
    });
    this.#sessions.set(name, session);
  }

  #spawnMonitor(): void {
    Session.create({
      kernel: this.#kernel,
      inlineStates: {
        _start: ({ kernel, session }) => {
          kernel.aliasSet('monitor of the replay');
          // Keeps a kernel alive that has no connection yet, or no more.
          kernel.refcountIncrement(session, 'replay');
          Responder.spawn({ kernel });
          kernel.call('IKC', 'monitor', '*', { error: 'error', channel: 'channel' });
        },
        error: (_, _name, _kernel, _real, _data, operation: string, text: string) => {
          if (/^(remote|local)|^subscribe$/.test(operation)) this.#happen({ what: 'error', operation, text });
        },
        channel: (_, _name, _kernel, real, _data, what: string, session: number) => {
          if (real !== 1 || what !== 'ready') return;
          this.#channels.push(session);
          this.#options.play.patience.changed();
        },
      },
    });
  }

  /** What its events have to return: what the program sent to the rsvp of each message that reached it. */
  #collectAnswers(): void {
    const own = this.#own();
    for (const call of own) {
      if (call.from !== 'server' || errorOf(call.message) !== undefined) continue;
      const { session, state } = targetOf(call.message);
      const answer = own.find((said) => said.from === 'client' && isAnswerTo(said, call));
      const key = `${session}/${state}`;
      const value = answer === undefined ? undefined : nodeOf(answer, 'params');
      this.#answers.set(key, [...(this.#answers.get(key) ?? []), value]);
    }
  }

  #happen(happened: Happened): void {
    this.#happened.push(happened);
    this.#options.play.patience.changed();
  }

  // --- the connection

  connect(): void {
    const { program, where } = this.#options;
    this.#connected++;
    Client.spawn({
      kernel: this.#kernel,
      ...where,
      name: program.name,
      aliases: program.aliases,
      protocol: program.protocol,
      serializers: program.freezers.filter((name) => freezerFor(name) !== undefined),
      onError: () => {},
    });
    if (this.#connected === 1) this.#publishFirst();
  }

  async close(conn: number): Promise<void> {
    const { connections, observed } = this.#options.program;
    const established = connections.some((connection) => connection.conn === conn && connection.framesAt !== undefined);
    if (established) await this.#ready();
    const index = connections.findIndex((connection) => connection.conn === conn);
    // A program that was told of its closed channel has closed just that; one that shut IKC down is told no more.
    const told = toldIn(observed).filter(
      ({ event, args }) => event === 'channel' && args[2] !== null && args[4] === 'close',
    );
    const channel = this.#channels[index];
    if (channel !== undefined && told.length > index) this.#kernel.post(channel, 'shutdown');
    else this.#kernel.post('IKC', 'shutdown');
  }

  async #ready(): Promise<void> {
    await this.#options.play.patience.until(() => (this.#channels.length >= this.#connected ? true : undefined));
  }

  // --- requests

  async act(said: Said): Promise<void> {
    await this.#ready();
    const { message } = said;
    if (this.isReaction(said)) return;
    const event = eventOf(message);
    const sender = at(at(message, 'from'), 'session');
    const asked = event.session === 'IKC' && event.state === 'do_you_have';
    const name = typeof sender === 'string' && sender !== 'IKC' ? sender : this.#callerOf(message);
    if (!asked) this.#publish(name, sender === name);
    const session = this.#sessions.get(name) as Session;
    if (asked) await this.#subscribe(said);
    else this.#kernel.call(session.id, '_act', (kernel: KernelView) => this.#request(kernel, said));
  }

  /** The session that a call was made by: the one its rsvp names. */
  #callerOf(message: Plain): string {
    const { session } = eventOf(message, 'rsvp');
    return this.#sessions.has(session) ? session : 'me';
  }

  isReaction(said: Said): boolean {
    if (errorOf(said.message) !== undefined) return true;
    return this.#own().some((call) => call.from === 'server' && call.step < said.step && isAnswerTo(said, call));
  }

  #request(kernel: KernelView, said: Said): void {
    const { message } = said;
    const { kernel: to, session, state } = eventOf(message);
    const params = fromNode(nodeOf(said, 'params'));
    const event = programValue(nodeOf(said, 'event'));
    const rsvp = nodeOf(said, 'rsvp');
    if (state === 'IKC:proxy' && kernel.aliasResolve(`poe://${to}/${session}`) !== undefined) {
      const [name, args] = params as [unknown, unknown[]];
      kernel.post(`poe://${to}/${session}`, String(name), ...args);
    } else if (at(message, 'wantarray') !== null || at(message, 'is_error') !== null) {
      kernel.call('IKC', 'raw_message', { ...(programValue(said.frame?.value) as object), params });
    } else if (rsvp === undefined) kernel.call('IKC', 'post', event, params);
    else kernel.call('IKC', 'call', event, params, this.#ownRsvp(rsvp));
  }

  /** What the program gave as rsvp, before IKC filled in its kernel and session. */
  #ownRsvp(node: NeutralNode): unknown {
    const { kernel, session, state, args } = programValue(node) as { [key: string]: unknown };
    const named = /^\d+$/.test(String(session)) ? {} : { session };
    return {
      ...(kernel === this.#options.program.name ? {} : { kernel }),
      ...named,
      state,
      ...(args === undefined ? {} : { args }),
    };
  }

  async #subscribe({ message, step }: Said): Promise<void> {
    const [wanted] = at(message, 'params') as Plain[];
    const [kernel, session, state] = ['kernel', 'session', 'state'].map((key) => at(wanted as Plain, key) as string);
    const specifier = `poe://${kernel}/${session}${state ? `/${state}` : ''}`;
    const ikc = Responder.spawn({ kernel: this.#kernel });
    const proxy = `poe://${kernel}/${session}`;
    if (this.#hasUnsubscribed(step) && this.#kernel.aliasResolve(proxy) !== undefined) {
      ikc.unsubscribe(proxy);
      const gone = (): true | undefined => (this.#kernel.aliasResolve(proxy) === undefined ? true : undefined);
      const looking = setInterval(this.#options.play.patience.changed, 1);
      await this.#options.play.patience.until(gone).finally(() => clearInterval(looking));
    }
    ikc.subscribe(specifier, (granted) => {
      this.#happen({ what: 'granted', granted: granted.length > 0 });
    });
  }

  /** Whether the program had ended a subscription by then, which does not show on the wire. */
  #hasUnsubscribed(step: number): boolean {
    const { t_ms: now = Number.POSITIVE_INFINITY } = this.#conversation.recording.steps[step] ?? {};
    return this.#options.program.observed.some(({ what, t_ms }) => what === 'monitor unsubscribe' && t_ms < now);
  }

  // --- publishing

  #publishFirst(): void {
    for (const name of this.#sessions.keys()) {
      const first = this.#own().find(
        ({ from, message }) => from === 'client' && errorOf(message) === undefined && this.#senderOf(message) === name,
      );
      const reached = this.#statesOf(name).length > 0;
      const sender = first === undefined ? undefined : at(at(first.message, 'from'), 'session');
      this.#publish(name, first === undefined ? reached : sender === name);
    }
  }

  #senderOf(message: Plain): string {
    const sender = at(at(message, 'from'), 'session');
    return typeof sender === 'string' ? sender : this.#callerOf(message);
  }

  /** The events of a session that the server reached without having been asked to answer there. */
  #statesOf(name: string): string[] {
    const own = this.#own();
    const states = own.flatMap((said) => {
      if (said.from !== 'server') return [];
      const { session, state } = targetOf(said.message);
      const awaited = own.some((call) => call.from === 'client' && isAnswerTo(said, call));
      return session === name && !awaited && !this.#wasRefused(session, state) ? [state] : [];
    });
    return [...new Set(states)];
  }

  #wasRefused(session: string, state: string): boolean {
    const texts = this.#own().flatMap(({ from, message }) => (from === 'client' ? (errorOf(message)?.text ?? '') : ''));
    return texts.some(
      (text) =>
        text.startsWith(`Session '${session}' has not published state '${state}'`) ||
        text.startsWith(`Session '${session}' is not available`),
    );
  }

  /** Sees to it that the session has published something, or nothing: only who has is named as sender. */
  #publish(name: string, wanted: boolean): void {
    if (wanted === this.#published.has(name)) return;
    const states = this.#statesOf(name);
    if (wanted) {
      this.#published.add(name);
      this.#kernel.call('IKC', 'publish', name, states.length > 0 ? states : ['anything']);
    } else {
      this.#published.delete(name);
      this.#kernel.call('IKC', 'retract', name);
    }
  }

  // --- what comes in

  expected(said: Said): Said['frame'] {
    const event = eventOf(said.message);
    if (event.kernel !== '*' || event.state !== 'do_you_have' || said.frame === undefined) return said.frame;
    // A subscription to all kernels asks each by its own name.
    this.notes.add('subscribing to * asks each kernel by its own name');
    const server = this.#options.program.connections[0]?.names.server[0] as string;
    return JSON.parse(JSON.stringify(said.frame).replaceAll('"v":"*"', JSON.stringify({ v: server }).slice(1, -1)));
  }

  prepare(): void {}

  async received(said: Said): Promise<void> {
    const { message } = said;
    const error = errorOf(message);
    const { session, state } = targetOf(said.message);
    if (error !== undefined) {
      const text = this.#options.bindings.text(error.text);
      await this.#expect({ what: 'error', operation: `remote-${error.stage}`, text });
    } else if (session === 'IKC' && state.startsWith('IKC:')) await this.#expectReceipt(message);
    else if (session === 'IKC') return;
    else if (this.#wasRefused(session, state)) {
      const refusal = this.#own().find(
        ({ from, step, message }) => from === 'client' && step >= said.step && errorOf(message),
      );
      await this.#expect({
        what: 'error',
        operation: 'local-check',
        text: errorOf(refusal?.message ?? null)?.text ?? '',
      });
    } else await this.#expect({ what: 'event', session: this.#sessionOf(session), state, args: argsOf(said) });
  }

  /** The session that a number means. */
  #sessionOf(name: string): string {
    return /^\d+$/.test(name) ? 'me' : name;
  }

  async #expectReceipt(message: Plain): Promise<void> {
    const params = at(message, 'params');
    if (typeof params === 'string') await this.#expect({ what: 'error', operation: 'subscribe', text: params });
    await this.#expect({ what: 'granted', granted: typeof params !== 'string' });
  }

  /** The first of a kind that was not looked at; among errors the one expected, as the program makes errors of its own. */
  #next(expected: Happened): Happened | undefined {
    return this.#happened.find(
      (happened) =>
        !this.#looked.has(happened) &&
        happened.what === expected.what &&
        (happened.what !== 'error' || isSame(expected, happened)),
    );
  }

  async #expect(expected: Happened): Promise<void> {
    const { patience } = this.#options.play;
    const found = await patience.until(() => this.#next(expected)).catch(() => undefined);
    if (found === undefined || !isSame(expected, found)) {
      const [other] = this.#happened.filter((happened) => !this.#looked.has(happened));
      throw new Error(`expected of our program ${shown(expected)}, got ${shown(found ?? other)}`);
    }
    this.#looked.add(found);
  }

  // --- the end

  async finish(): Promise<void> {
    const { patience } = this.#options.play;
    const expected = fromTheWire(toldIn(this.#options.program.observed));
    const ours = (): Told[] => fromTheWire(this.#watchers.told);
    await patience.until(() => (ours().length >= expected.length ? true : undefined), 1000).catch(() => undefined);
    await patience.settle();
    const difference = toldDifference(expected, ours(), this.#options.bindings);
    if (difference !== undefined) throw new Error(difference);
    const extra = this.#happened.find((happened) => happened.what !== 'error' && !this.#looked.has(happened));
    if (extra !== undefined) throw new Error(`expected no more of our program, got ${shown(extra)}`);
  }

  async stop(): Promise<void> {
    this.#kernel.post('IKC', 'shutdown');
    await this.#options.play.patience.settle();
    this.#kernel.stop();
    await this.#running;
  }
}

function isSame(expected: Happened, found: Happened): boolean {
  if (expected.what === 'error' && found.what === 'error') {
    return expected.operation === found.operation && isErrorText(expected.text, found.text);
  }
  return isDeepStrictEqual(expected, found);
}

/** The arguments that the event gets. */
function argsOf({ message }: Said): Plain[] {
  const params = at(message, 'params');
  const event = at(message, 'event');
  const args = typeof event === 'string' ? (/\?(\w+)$/.exec(event)?.[1] ?? null) : at(event, 'args');
  const own = eventOf(message).state === 'IKC:proxy' && Array.isArray(params) ? (params[1] as Plain[]) : [params];
  return args === null ? own : [...own, args];
}

/** Whether a message goes where the rsvp of another one says. */
function isAnswerTo(said: Said, call: Said): boolean {
  const rsvp = at(call.message, 'rsvp');
  return call.step <= said.step && rsvp !== null && same(rsvp, at(said.message, 'event'));
}

function fromNode(node: NeutralNode | undefined): unknown {
  return node === undefined ? null : fromNeutral(node);
}

/** What monitors were told because of the other side, not because of what the program did by itself. */
function fromTheWire(told: readonly Told[]): Told[] {
  return told.filter(({ event, args }) => {
    if (event === 'unsubscribe' || event === 'shutdown') return false;
    if (event !== 'error') return true;
    const text = String(args[5]);
    return args[4] !== 'resolve' && !/^(Unknown kernel|Refused subscription)/.test(text);
  });
}
