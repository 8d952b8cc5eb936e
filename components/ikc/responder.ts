import {
  kernel as defaultKernel,
  type KernelView,
  Peek,
  PoeUsageError,
  Session,
  type SessionOrKernel,
  warn,
} from '../../core/index.ts';
import { AwaitedCalls, type CallOptions } from './awaited-calls.ts';
import type { AwayLink } from './away-link.ts';
import { Claims } from './claims.ts';
import type { Contract, DeclaredBy, EveryEvent, Remote } from './contract.ts';
import { DeadLetters } from './dead-letters.ts';
import { ErrorReports } from './error-reports.ts';
import type { IkcError } from './errors.ts';
import { type IkcHooks, ikcHooks } from './hooks.ts';
import { Kernels, type LinkRecord } from './kernels.ts';
import { type Link, namesOf } from './link.ts';
import { LocalKernel } from './local-kernel.ts';
import { IKC_SESSION, type IkcMessage, readMessage, type WireMessage, type WireSpecifier } from './message.ts';
import { type MonitorEvent, type MonitorStates, Monitors } from './monitors.ts';
import { Outages, type Remains } from './outages.ts';
import { isHash, isTrue } from './perl.ts';
import { Publications } from './publications.ts';
import { Receipts } from './receipts.ts';
import { makeRemote, type RemoteOptions, readSession } from './remote.ts';
import { handleRequest, type RequestContext } from './requests.ts';
import { Sending } from './sending.ts';
import {
  parseSpecifier,
  type Rsvp,
  type Specifier,
  type SpecifierLike,
  shownSpecifier,
  specifierName,
  specifierPart,
} from './specifier.ts';
import { type ProxyRecord, readForeign, readOfKernel, Subscriptions } from './subscriptions.ts';
import { Thunks } from './thunks.ts';

/** A session, its alias or its number; published and retracted by that name. */
type SessionName = Session | string | number;

/**
 * The session `IKC` of a kernel: passes messages between the sessions here and other kernels.
 *
 * It is made by whatever needs it first. Programs talk to it by events (`kernel.post('IKC', 'post', ...)`), as in Perl, or by the
 * methods here; `Responder.spawn()` returns it.
 *
 * Events: `post`, `post2`, `call`, `raw_message`, `publish`, `retract`, `published`, `subscribe`, `unsubscribe`, `monitor`,
 * `default`, `register_local`, `ping`, `shutdown`; other kernels reach `ping`, `do_you_have`, `remote_error`, and `published`, which
 * the original does not let out: `poe ls` asks it.
 *
 * @example
 * const ikc = Responder.spawn();
 * const time = await ikc.call('poe://Pulse/timeserver/time', null, { timeout: 5 });
 * @remarks Mirrors POE::Component::IKC::Responder.
 */
export class Responder {
  /** Where a plugin may watch: see `docs/hooks.md`. */
  get hooks(): IkcHooks {
    return ikcHooks(this.#kernel);
  }
  readonly #kernels = new Kernels();
  readonly #claims = new Claims(this.#kernels);
  #kernel!: KernelView;
  #monitors!: Monitors;
  #letters!: DeadLetters;
  #publications!: Publications;
  #receipts!: Receipts;
  #calls!: AwaitedCalls;
  #thunks!: Thunks;
  #subscriptions!: Subscriptions;
  #outages!: Outages;
  #errors!: ErrorReports;
  #sending!: Sending;
  #requests!: RequestContext;
  #local: LocalKernel | null = null;
  #down = false;

  private constructor() {}

  /**
   * The responder of a kernel, if it has one. Unlike {@link spawn} this makes none, and leaves `errno` alone.
   * @returns undefined if the kernel has none.
   */
  static of(kernel: KernelView): Responder | undefined {
    const session = new Peek(kernel).resolveAlias(IKC_SESSION);
    const heap = session instanceof Session ? session.getHeap() : undefined;
    return heap instanceof Responder ? heap : undefined;
  }

  /**
   * The responder of a kernel; makes it if there is none.
   *
   * @param options - `kernel`: default the exported `kernel`.
   * @remarks Mirrors POE::Component::IKC::Responder, "spawn".
   */
  static spawn(options: { kernel?: KernelView } = {}): Responder {
    const kernel = options.kernel ?? defaultKernel;
    const existing = Responder.of(kernel);
    if (existing !== undefined) return existing;
    const responder = new Responder();
    Session.create<Responder>({
      kernel,
      heap: responder,
      inlineStates: {
        _start: ({ kernel }) => {
          kernel.aliasSet(IKC_SESSION);
          responder.#start(kernel);
        },
        post: ({ sender }, to: SpecifierLike, params: unknown) =>
          responder.#sending.attempt(() => responder.post(to, params, sender)),
        post2: (_, to: SpecifierLike, sender: SessionName, params: unknown) =>
          responder.#sending.attempt(() => responder.post(to, params, responder.#session(sender))),
        call: ({ sender }, to: SpecifierLike, params: unknown, rsvp: SpecifierLike) => {
          responder.#sending.attempt(() => responder.#callBack(to, params, rsvp, sender));
        },
        raw_message: (_, message: WireMessage | undefined, sender: SessionName) => {
          responder.#sending.attempt(() =>
            responder.send(message ?? NO_MESSAGE, asSession(responder.#session(sender))),
          );
        },
        publish: ({ sender }, session: SessionName | undefined, states: readonly string[]) =>
          responder.publish(session || (sender as Session), states),
        retract: ({ sender }, session: SessionName | undefined, states?: readonly string[]) =>
          responder.retract(session || (sender as Session), states),
        published: (_, session?: unknown) =>
          // Other kernels may ask with anything.
          isNoName(session) ? [] : responder.published(session as SessionName),
        subscribe: ({ sender }, specifiers: SpecifierLike | readonly SpecifierLike[], callback: unknown) =>
          responder.#sending.attempt(() => responder.#subscribeFor(specifiers, callback, sender as Session)),
        unsubscribe: (_, names: string | readonly string[]) => responder.unsubscribe(names),
        monitor: ({ sender }, name: string, states?: MonitorStates) =>
          responder.#sending.attempt(() => responder.monitor(name, states, sender as Session)),
        default: (_, name: string) => responder.default(name),
        register_local: (_, names: string | readonly string[]) => responder.registerLocal(names),
        do_you_have: (_, question: unknown) => responder.#doYouHave(question),
        remote_error: (_, error: unknown) => responder.#errors.remote(error),
        in_turn: (_, act: () => void) => act(),
        late: (_, state: string) => responder.#receipts.late(state),
        ping: () => 'PONG',
        shutdown: () => responder.shutdown(),
      },
    });
    return responder;
  }

  #start(kernel: KernelView): void {
    this.#kernel = kernel;
    this.#monitors = new Monitors(kernel, this.#kernels);
    this.#letters = new DeadLetters(kernel, this.#monitors, this.hooks);
    this.#publications = new Publications(kernel);
    this.#receipts = new Receipts(kernel, this.#publications);
    const sending = new Sending({
      kernel,
      kernels: this.#kernels,
      monitors: this.#monitors,
      letters: this.#letters,
      publications: this.#publications,
    });
    this.#sending = sending;
    this.#calls = new AwaitedCalls({
      kernel,
      receipts: this.#receipts,
      hooks: this.hooks,
      send: (message) => sending.send(message) ?? [],
      isAway: (name) => this.#kernels.isAway(name),
      inTurn: (act) => this.#inTurn(act),
    });
    this.#thunks = new Thunks(kernel, (message, sender, link) =>
      sending.attempt(() => sending.sendBack(message, sender, link)),
    );
    this.#subscriptions = new Subscriptions({
      kernel,
      kernels: this.#kernels,
      monitors: this.#monitors,
      receipts: this.#receipts,
      send: (message, sender) => sending.attempt(() => this.send(message, sender)) ?? 0,
      inTurn: (act) => void kernel.yield('in_turn', act),
    });
    this.#outages = new Outages({
      kernels: this.#kernels,
      publications: this.#publications,
      receipts: this.#receipts,
      calls: this.#calls,
      subscriptions: this.#subscriptions,
      letters: this.#letters,
      sendOver: (link, message, sender) => void sending.attempt(() => sending.sendOver(link, message, sender)),
    });
    this.#errors = new ErrorReports({
      kernel,
      kernels: this.#kernels,
      monitors: this.#monitors,
      letters: this.#letters,
      calls: this.#calls,
    });
    this.#requests = {
      kernel,
      publications: this.#publications,
      thunks: this.#thunks,
      receipts: this.#receipts,
      hooks: this.hooks,
      send: (message, sender, link) => sending.sendBack(message, sender, link),
      localError: (text, kernelName, stage) => this.#errors.local(text, kernelName, stage),
    };
  }

  /**
   * Carries something out behind what has been posted before: that may be on its way here through other sessions. PERF: ikc-calls:
   * now, if nothing has been.
   */
  #inTurn(act: () => void): void {
    if (this.#kernel.getPostedEventCount() > 0) this.#kernel.yield('in_turn', act);
    else act();
  }

  /** The kernel, bound to the session IKC. */
  get kernel(): KernelView {
    return this.#kernel;
  }

  /** The ways to other kernels and to this one, as they stand now. */
  links(): LinkRecord[] {
    return this.#kernels.records();
  }

  // --- sending

  /**
   * Posts one value to an event of another kernel.
   *
   * @param to - Text or hash; the kernel may be a name, `*` for all, or missing for the default one.
   * The event `post` does the same, but never throws: the monitors of errors are told (operation `send`) or, if there are none,
   * a warning `POE_WARN_IKC_UNSENT` is given.
   *
   * @returns The number of kernels it was sent to, 0 for an unknown one; undefined if session, state or kernel is missing.
   * @throws PoeUsageError `POE_ERR_IKC_SPECIFIER` for what is no specifier; what the serializer throws for a value that it
   * cannot carry.
   * @remarks Mirrors POE::Component::IKC::Responder, "post".
   */
  post(to: SpecifierLike, params?: unknown, sender: SessionOrKernel | undefined = this.#active()): number | undefined {
    return this.send({ event: withScheme(to), params: params ?? null }, asSession(sender));
  }

  /**
   * A session of another kernel as an object: each of its published events is a method that returns a promise.
   *
   * Nothing is sent before a method is called, and nobody need be connected yet. `then`, `toJSON` and what every JavaScript object
   * has (`toString`, `constructor` ...) are no events; symbols neither. For events of such names take {@link call}. A remote of an own
   * name works, too; its values do not travel and are not copied.
   *
   * @param specifier - Kernel and session: `'poe://Pulse/timeserver'`, `'Pulse/timeserver'`, or a hash. Without a kernel, the default one.
   * @param options - `timeout` (seconds, default 30) and `signal` for every call; `remote.event.with({ ... })` has its own.
   * @returns The remote. Its methods reject with an {@link IkcError}, of which `stage` says how far it came.
   * @throws PoeUsageError `POE_ERR_IKC_SPECIFIER` for what names no session, or an event.
   * @example
   * interface TimeServer { now: (zone: string) => string }
   * const time = ikc.remote<TimeServer>('poe://Pulse/timeserver', { timeout: 5 });
   * const now = await time.now('UTC');
   * const soon = await time.now.with({ timeout: 0.5 })('UTC');
   * @remarks Not of POE::Component::IKC.
   */
  // biome-ignore lint/suspicious/noExplicitAny: without a contract events need no declaration
  remote<C extends Contract<C> = any>(specifier: SpecifierLike, options: RemoteOptions = {}): Remote<C> {
    const to = readSession(withScheme(specifier));
    if (to.kernel === this.#kernel.id && this.#local === null) this.registerLocal([]);
    const call = (to: SpecifierLike, params: unknown, options: CallOptions) => this.#calls.call(to, params, options);
    return makeRemote<C>({ call, post: (to, params) => this.post(to, params) }, to, options);
  }

  /**
   * Calls an event of another kernel.
   *
   * With an rsvp, the value that its handler returns comes as an event of its own: `'poe:event'` in the calling session, or a full
   * specifier. Otherwise this returns a promise of the value. A handler that returns undef does not answer, unless it is
   * called in list context.
   *
   * @returns A promise, which rejects with an {@link IkcError} if the other side refuses, there is no such kernel, or no answer
   * comes in time; with an rsvp as {@link post}.
   * @example
   * const sum = await ikc.call('poe://Server/calc/sum', [1, 2, 3], { timeout: 5 });
   * ikc.call('poe://Server/calc/sum', [1, 2, 3], 'poe:got_sum');
   * @remarks Mirrors POE::Component::IKC::Responder, "call", and goes beyond it.
   */
  call(to: SpecifierLike, params: unknown, rsvp: string | Rsvp): number | undefined;
  call(to: SpecifierLike, params?: unknown, options?: CallOptions): Promise<unknown>;
  call(to: SpecifierLike, params?: unknown, how?: string | Rsvp | CallOptions): Promise<unknown> | number | undefined {
    if (typeof how === 'string' || (how && 'state' in how)) {
      return this.#callBack(to, params, how as SpecifierLike, this.#active());
    }
    return this.#calls.call(withScheme(to), params, how as CallOptions | undefined);
  }

  #callBack(to: SpecifierLike, params: unknown, rsvp: SpecifierLike, sender: SessionOrKernel): number | undefined {
    if (!isTrue(rsvp)) return this.#sending.refuse("Missing 'rsvp' parameter in poe:IKC/call");
    const answerTo = parseSpecifier(withScheme(rsvp));
    if (answerTo === undefined) return this.#sending.refuse(`Bad 'rsvp' parameter '${String(rsvp)}' in poe:IKC/call`);
    if (!isTrue(answerTo.state)) return this.#sending.refuse('rsvp state not set in poe:IKC/call');
    const session = asSession(sender);
    // POE: numbers of sessions travel as numbers.
    const filled: WireSpecifier = isTrue(answerTo.session) ? { ...answerTo } : { ...answerTo, session: session?.id };
    return this.send({ event: withScheme(to), params: params ?? null, rsvp: filled }, session);
  }

  /**
   * Sends a message as it is. `from` is added for a sender that has published something.
   * @returns As {@link post}.
   */
  send(message: WireMessage, sender?: Session): number | undefined {
    return this.#sending.send(message, sender)?.length;
  }

  /** A message that a connection can take no more. @internal */
  undeliverable(message: WireMessage, sender: Session | undefined, text: string): void {
    this.#letters.tell(message, { reason: 'disconnected', text, sender });
  }

  /** Asks the other side of a connection for a sign of life, which `answered` is told of. @internal */
  ping(link: Link, seconds: number, answered: () => void): void {
    const state = this.#receipts.expect('ping', seconds, (value) => {
      if (value !== undefined) answered();
    });
    const message: WireMessage = {
      event: { kernel: link.realName, session: IKC_SESSION, state: 'ping' },
      params: 'PING',
      rsvp: { kernel: this.#kernel.id, session: IKC_SESSION, state },
    };
    if (!this.#sending.sendOver(link, message, undefined)) this.#receipts.forget(state);
  }

  // --- receiving

  /** A message from another kernel. @internal */
  receive(message: IkcMessage, link: Link): void {
    handleRequest(this.#requests, message, link);
  }

  // --- publishing

  /**
   * Lets other kernels reach events of a session.
   *
   * @param session - A session (under all its aliases), or an alias as text, which need not exist yet.
   * @param states - Events. Of a session that declares its events, only those; with a contract, all of the contract's.
   * @returns 1.
   * @throws PoeUsageError `POE_ERR_IKC_PUBLISH` for events that are no list.
   * @example
   * interface TimeServer { now: (zone: string) => string; zones: () => string[] }
   * ikc.publish<TimeServer>('timeserver', ['now', 'zones']);
   * @remarks Mirrors POE::Component::IKC::Responder, "publish".
   */
  publish<S extends SessionName>(session: S, states: readonly DeclaredBy<S>[]): 1;
  publish<C extends Contract<C>>(session: SessionName, states: EveryEvent<C>): 1;
  publish(session: SessionName, states: readonly string[]): 1 {
    if (!Array.isArray(states)) {
      throw new PoeUsageError('POE_ERR_IKC_PUBLISH', `Cannot publish: the events are ${typeof states}, not a list`, {
        hint: "Pass an array of event names, as in ikc.publish('clock', ['time'])",
      });
    }
    for (const name of this.#names(session)) this.#publications.publish(name, states);
    return 1;
  }

  /**
   * Takes published events back, all of the session's without a list.
   * @returns 1; 0 and a warning if the session has published nothing.
   * @remarks Mirrors POE::Component::IKC::Responder, "retract".
   */
  retract(session: SessionName, states?: readonly string[]): 0 | 1 {
    for (const name of this.#names(session)) {
      if (this.#publications.retract(name, states)) continue;
      warn('POE_WARN_IKC_RETRACT', `Session '${name}' has published nothing, cannot retract`, this.#kernel);
      return 0;
    }
    return 1;
  }

  /**
   * The published events of a session, or of all sessions by name.
   * @remarks Mirrors POE::Component::IKC::Responder, "published".
   */
  published(session: SessionName): string[];
  published(session?: undefined): Record<string, string[]>;
  published(session?: SessionName): string[] | Record<string, string[]>;
  published(session?: SessionName): string[] | Record<string, string[]> {
    if (session === undefined || session === null || session === '') return this.#publications.all();
    return this.#names(session).flatMap((name) => this.#publications.of(name) ?? []);
  }

  #names(session: SessionName): readonly string[] {
    if (typeof session !== 'object') return [String(session)];
    const aliases = this.#kernel.aliasList(session) ?? [];
    return aliases.length === 0 ? [String(session.id)] : aliases;
  }

  // --- subscribing

  /**
   * Subscribes to sessions of other kernels: each that is granted gets a proxy session here, under its full name and, if that is
   * free, its own.
   *
   * @param specifiers - `poe://kernel/session`; with an event, that one must be published. `poe://*\/session` asks every kernel.
   * @param callback - Called once with those that were granted, as they were given.
   * @returns 1; undefined for an empty list.
   * @throws PoeUsageError `POE_ERR_IKC_SPECIFIER` for one without kernel and session. The event `subscribe` does not throw: see {@link post}.
   * @remarks Mirrors POE::Component::IKC::Responder, "subscribe".
   */
  subscribe(
    specifiers: SpecifierLike | readonly SpecifierLike[],
    callback?: (granted: SpecifierLike[]) => void,
  ): 1 | undefined {
    return this.#subscribe(specifiers, callback, readForeign);
  }

  #subscribe(
    specifiers: SpecifierLike | readonly SpecifierLike[],
    callback: ((granted: SpecifierLike[]) => void) | undefined,
    read: (specifier: SpecifierLike) => Specifier,
  ): 1 | undefined {
    const list = Array.isArray(specifiers) ? (specifiers as SpecifierLike[]) : [specifiers as SpecifierLike];
    if (list.length === 0) return undefined;
    this.#subscriptions.subscribe(list, (granted) => callback?.(granted), read);
    return 1;
  }

  #subscribeFor(
    specifiers: SpecifierLike | readonly SpecifierLike[],
    callback: unknown,
    sender: Session,
  ): 1 | undefined {
    const { id } = sender;
    return this.#subscribe(
      specifiers,
      typeof callback === 'function'
        ? (callback as (granted: SpecifierLike[]) => void)
        : typeof callback === 'string'
          ? (granted) => this.#kernel.post(id, callback, granted)
          : undefined,
      readOfKernel,
    );
  }

  /** Ends proxies, by either of their names. @remarks Mirrors POE::Component::IKC::Responder, "unsubscribe". */
  unsubscribe(names: string | readonly string[] | undefined): void {
    this.#subscriptions.unsubscribe(typeof names === 'string' ? [names] : (names ?? []));
  }

  /** The question of another kernel whether a session, or one event of it, is published. */
  #doYouHave(question: unknown): unknown {
    const asked: unknown = Array.isArray(question) ? question[0] : undefined;
    const to = parseSpecifier(asked);
    if (to === undefined) return `Refused subscription ${shownSpecifier(asked)}`;
    const published =
      this.#publications.knows(to.session) && (to.state === '' || this.#publications.has(to.session, to.state));
    if (!published) return `Refused subscription ${specifierName(to)}`;
    return [{ ...to, kernel: isTrue(to.kernel) ? to.kernel : this.#kernel.id }, this.#kernel.id];
  }

  // --- monitoring

  /**
   * Tells a session what happens to a kernel: `(name, kernel, real, data, ...details)` for each event in `states`. `real` is 1 for
   * the kernel's real name and undefined for an alias.
   *
   * @param name - A kernel name, a specifier with one, or `*` for all.
   * @param states - Events to post; an empty or missing hash ends it. A second call replaces the first.
   * @remarks Mirrors POE::Component::IKC::Responder, "monitor".
   */
  monitor(name: string, states?: MonitorStates, session: SessionOrKernel = this.#active()): void {
    const kernelName = name === '*' ? '*' : specifierPart(name, 'kernel');
    if (kernelName === undefined || kernelName === '') {
      throw new PoeUsageError('POE_ERR_IKC_SPECIFIER', `Cannot monitor '${name}': it names no kernel`, {
        hint: "Pass a kernel's name, or '*'",
      });
    }
    this.#monitors.set(kernelName, name, session.id, states);
  }

  /** Tells the monitors of a link of something that happened to it. @internal */
  tell(link: Link, event: MonitorEvent, ...details: unknown[]): number {
    return this.#down || !this.#kernels.isRegistered(link) ? 0 : this.#monitors.tell(namesOf(link), event, ...details);
  }

  /** Tells the monitors of a channel's trouble. Returns how many were told. @internal */
  channelError(link: Link, operation: string, text: string): number {
    return this.#errors.ofChannel(link, operation, text);
  }

  /** Tells the monitors of `*` of a server's or client's trouble. Returns how many were told. @internal */
  serverError(operation: string, errno: number, message: string): number {
    return this.#errors.ofServer(operation, errno, message);
  }

  // --- kernels

  /** Notes a connection whose handshake begins. @internal */
  begin(link: Link): void {
    this.#kernels.begin(link);
    this.#thunks.prepare();
  }

  /**
   * Registers a connection under its names. If the name is somebody else's, that one is asked whether it is still there: it may be
   * an earlier connection of the same kernel. Once it has gone, the newcomer has the name.
   * @internal
   */
  register(link: Link, realName: string, aliases: readonly string[], pid: number | undefined): boolean {
    const registered = this.#kernels.register(link, realName, aliases);
    if (registered) {
      this.tell(link, 'register', pid);
    } else {
      const text = `Remote kernel '${realName}' already exists; the newcomer cannot be reached by name`;
      warn('POE_WARN_IKC_NAME_TAKEN', text, this.#kernel);
      this.#claims.add(link, realName, aliases, pid);
    }
    return registered;
  }

  /**
   * Forgets a connection. `before` is called while its names still stand.
   *
   * @param remains - What it leaves behind; nothing yet if the program closes it.
   * @returns What stands for it until it comes back, if it is to.
   * @internal
   */
  unregister(link: Link, before: () => void, remains: Remains = NOTHING_LEFT): AwayLink | undefined {
    if (this.#kernels.isRegistered(link)) {
      before();
      this.tell(link, 'unregister');
    }
    this.#claims.remove(link);
    const away = this.#outages.lost(link, this.#down ? { ...remains, keep: undefined } : remains);
    if (!this.#down) {
      this.#claims.settle((newcomer, pid) => {
        this.tell(newcomer, 'register', pid);
        this.tell(newcomer, 'channel', 'ready', newcomer.sessionId);
      });
    }
    return away;
  }

  /** A connection has come back: what was kept for it is sent. @internal */
  isBack(away: AwayLink, link: Link): void {
    this.#outages.isBack(away, link);
  }

  /** A connection does not come back. @internal */
  isGone(away: AwayLink): void {
    this.#outages.isGone(away);
  }

  /** Subscribes anew, and gives proxies their names back. `done` gets those that were refused. @internal */
  restore(records: readonly ProxyRecord[], link: Link, done: (refused: ProxyRecord[]) => void): void {
    this.#subscriptions.restore(records, link, done);
  }

  /** Gives up what was to be restored. @internal */
  forget(records: readonly ProxyRecord[]): void {
    this.#subscriptions.forget(records);
  }

  /** A peer takes less than is sent to it, or has caught up. @internal */
  queueMark(link: Link, mark: 'high' | 'low', octets: number): void {
    this.tell(link, 'queue', mark, octets, link.sessionId);
    const hook = mark === 'high' ? this.hooks.queueHigh : this.hooks.queueLow;
    if (!hook.isUsed()) return;
    const { realName: kernel, aliases, sessionId } = link;
    hook.call({ kernel, aliases, sessionId }, octets);
  }

  /**
   * Gives the own kernel names, which work like those of other kernels.
   * @returns 1.
   * @remarks Mirrors POE::Component::IKC::Responder, "register_local".
   */
  registerLocal(names: string | readonly string[]): 1 {
    const list = (typeof names === 'string' ? [names] : (names ?? [])).filter((name) => isTrue(name));
    if (this.#local === null) {
      this.#local = new LocalKernel(this.#kernel, (message, link) => this.receive(readMessage(message), link));
      this.#kernels.register(this.#local, this.#kernel.id, []);
    }
    this.#kernels.addAliases(this.#local, list);
    return 1;
  }

  /**
   * Makes a kernel the one that specifiers without a kernel mean.
   * @returns 0, also for the own kernel; undefined, with a warning `POE_WARN_IKC_UNKNOWN_KERNEL`, if the name is unknown.
   * @remarks Mirrors POE::Component::IKC::Responder, "default".
   */
  default(name: string): 0 | undefined {
    if (this.#kernels.setDefault(name)) return 0;
    warn('POE_WARN_IKC_UNKNOWN_KERNEL', `We do not know the kernel ${name}`, this.#kernel);
    return undefined;
  }

  /**
   * Ends all of IKC here: connections close once what was sent has left, servers stop listening, proxies go.
   * @remarks Mirrors POE::Component::IKC::Responder, "shutdown".
   */
  shutdown(): void {
    if (this.#down) return;
    this.#outages.shutdown();
    this.#monitors.tell(['*'], 'shutdown');
    this.#monitors.close();
    this.#down = true;
    this.#kernel.aliasRemove(IKC_SESSION);
    for (const link of this.#kernels.all()) this.#kernel.post(link.sessionId, 'shutdown');
    this.#subscriptions.shutdown();
    this.#calls.shutdown();
    this.#kernel.alarmRemoveAll();
  }

  // --- sessions

  #active(): SessionOrKernel {
    return this.#kernel.getActiveSession();
  }

  #session(session: SessionName | undefined): SessionOrKernel | undefined {
    return session === undefined ? undefined : this.#kernel.aliasResolve(session);
  }
}

/**
 * Makes the responder; the older word for {@link Responder.spawn}.
 * @remarks Mirrors POE::Component::IKC::Responder, "create_ikc_responder".
 */
export function createIkcResponder(options: { kernel?: KernelView } = {}): Responder {
  return Responder.spawn(options);
}

/** What the program closes itself, it need not be warned of. */
const NOTHING_LEFT: Remains = Object.freeze({ doubtful: [], unsent: [], keep: undefined, known: true });

/** What is sent by a program that gives no message: it goes nowhere. */
const NO_MESSAGE: WireMessage = { event: '' };

/** What names no session, but was given for one. */
function isNoName(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !(value instanceof Session);
}

function asSession(session: SessionOrKernel | undefined): Session | undefined {
  return session instanceof Session ? session : undefined;
}

/** A specifier as it travels. POE: text begins with `poe:`, and a hash has all its parts. */
function withScheme(specifier: SpecifierLike): SpecifierLike {
  if (typeof specifier === 'string') {
    return specifier !== '' && !specifier.startsWith('poe:') ? `poe://${specifier}` : specifier;
  }
  if (!isHash(specifier)) return specifier;
  const { kernel, session, state } = specifier;
  if (kernel != null && session != null && state != null) return specifier;
  return { ...specifier, kernel: kernel ?? '', session: session ?? '', state: state ?? '' };
}
