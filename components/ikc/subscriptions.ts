import { type KernelView, PoeUsageError, type Session, warn } from '../../core/index.ts';
import type { Kernels } from './kernels.ts';
import type { Link } from './link.ts';
import { IKC_SESSION, type WireMessage } from './message.ts';
import type { Monitors } from './monitors.ts';
import { spawnProxy } from './proxy.ts';
import type { Receipts } from './receipts.ts';
import { parseSpecifier, type Specifier, type SpecifierLike, specifierName } from './specifier.ts';

/** How long the other side may take to answer, in seconds. */
const ANSWER_SECONDS = 60;

/** What subscriptions need from the responder. */
export interface SubscriptionContext {
  readonly kernel: KernelView;
  readonly kernels: Kernels;
  readonly monitors: Monitors;
  /** Sends a message. Returns how many kernels it went to. */
  send(message: WireMessage, sender?: Session): number;
  readonly receipts: Receipts;
  /** Carries something out in its turn, behind what was posted before. */
  inTurn(act: () => void): void;
}

/** A proxy, and what it stands for. */
export class ProxyRecord {
  /** What was granted; its kernel is the name that events go to. */
  to: Specifier;
  kernelId: string;
  session: Session['id'] | undefined;
  /** Whether the program still wants it. */
  wanted = true;

  constructor(to: Specifier, kernelId: string) {
    this.to = to;
    this.kernelId = kernelId;
  }

  /** Whether it goes by that name, long or short. */
  isCalled(name: string): boolean {
    const { kernel, session } = this.to;
    return name === session || name === specifierName({ kernel, session });
  }
}

/** One request to subscribe to a list of sessions. */
class Subscription {
  readonly #granted = new Set<SpecifierLike>();
  readonly #done: (granted: SpecifierLike[]) => void;
  #open: number;

  constructor(count: number, done: (granted: SpecifierLike[]) => void) {
    this.#open = count;
    this.#done = done;
  }

  expect(more: number): void {
    this.#open += more;
  }

  settle(specifier: SpecifierLike, granted: boolean): void {
    if (granted) this.#granted.add(specifier);
    if (--this.#open === 0) this.#done([...this.#granted]);
  }
}

/** Asks other kernels for their sessions, and makes proxies of those that are granted. */
export class Subscriptions {
  readonly #context: SubscriptionContext;
  /** Proxies by the kernel name they send to. */
  readonly #proxies = new Map<string, Set<ProxyRecord>>();
  /** Those whose link is down and is to come back. */
  readonly #resting = new Set<ProxyRecord>();
  /** Events that answers are to come to, and the kernel that was asked. */
  readonly #asked = new Map<string, string>();

  constructor(context: SubscriptionContext) {
    this.#context = context;
  }

  /**
   * Subscribes to sessions; `done` gets those that were granted, as they were given.
   *
   * @param read - Reads each of them.
   */
  subscribe(
    specifiers: readonly SpecifierLike[],
    done: (granted: SpecifierLike[]) => void,
    read: (specifier: SpecifierLike) => Specifier,
  ): void {
    const wanted = specifiers.map((specifier) => [specifier, read(specifier)] as const);
    const subscription = new Subscription(wanted.length, done);
    for (const [specifier, to] of wanted) this.#ask(subscription, specifier, to);
  }

  #ask(subscription: Subscription, specifier: SpecifierLike, to: Specifier): void {
    const { kernels } = this.#context;
    // All kernels: each is asked by its own name, so that each gets a proxy of its own.
    const names =
      to.kernel === '*'
        ? kernels
            .select('*')
            .filter((link) => !link.isLocal)
            .map((link) => link.realName)
        : [to.kernel];
    if (names.length === 0) {
      this.#unknown(to);
      subscription.settle(specifier, false);
      return;
    }
    subscription.expect(names.length - 1);
    for (const kernel of names) this.#askOne(subscription, specifier, { ...to, kernel });
  }

  #askOne(subscription: Subscription, specifier: SpecifierLike, to: Specifier): void {
    const text = typeof specifier === 'string' ? specifier : specifierName(to);
    this.#question(to, text, (answer) =>
      subscription.settle(
        specifier,
        this.#receipt(text, answer, (granted, id) => this.#makeProxy(granted, id)),
      ),
    );
  }

  /** Asks whether a session is published; `answered` gets what the other side says, or undefined if that is nothing. */
  #question(to: Specifier, text: string, answered: (answer: unknown) => void): void {
    const { kernel, send, receipts, inTurn } = this.#context;
    const state = receipts.expect(`receipt ${text}`, ANSWER_SECONDS, (answer) => {
      this.#asked.delete(state);
      answered(answer);
    });
    this.#asked.set(state, to.kernel);
    const own = { kernel: kernel.id, session: IKC_SESSION };
    const sent = send({
      event: { kernel: to.kernel, session: IKC_SESSION, state: 'do_you_have' },
      params: [to, kernel.id],
      from: own,
      rsvp: { ...own, state },
    });
    if (sent > 0) return;
    this.#unknown(to);
    // As if the other side had said no, but once everybody else has been asked.
    inTurn(() => receipts.late(state));
  }

  #unknown(to: Specifier): void {
    this.#context.monitors.tell(['*'], 'error', 'subscribe', `Unknown kernel ${to.kernel}`);
  }

  /** What the other side has said: a pair of specifier and kernel ID, or why not. */
  #receipt(text: string, answer: unknown, accept: (to: Specifier, kernelId: string) => void): boolean {
    const [specifier, kernelId] = Array.isArray(answer) ? (answer as unknown[]) : [];
    const granted = typeof specifier === 'string' ? undefined : parseSpecifier(specifier);
    if (granted === undefined || granted.kernel === '' || granted.session === '') {
      const refusal = typeof answer === 'string' && answer !== '' ? answer : `Refused subscription to ${text}`;
      const told = this.#context.monitors.tell(['*'], 'error', 'subscribe', refusal);
      if (told === 0) warn('POE_WARN_IKC_SUBSCRIPTION', refusal, this.#context.kernel);
      return false;
    }
    accept(granted, typeof kernelId === 'string' ? kernelId : granted.kernel);
    return true;
  }

  #makeProxy(to: Specifier, kernelId: string): void {
    const { kernel, inTurn } = this.#context;
    const name = specifierName({ kernel: to.kernel, session: to.session });
    if (kernel.aliasResolve(name) !== undefined) return;
    // The program asks anew for what is to be restored anyway.
    const resting = [...this.#resting].find((record) => record.isCalled(name));
    if (resting !== undefined) {
      this.#renew(resting, to, kernelId);
      return;
    }
    const record = new ProxyRecord(to, kernelId);
    this.#spawn(record);
    // POE: who has subscribed hears of it before the monitors do.
    inTurn(() => this.#tell('subscribe', record));
  }

  #spawn(record: ProxyRecord): void {
    const { kernel, send } = this.#context;
    record.session = spawnProxy({
      kernel,
      kernelName: () => record.to.kernel,
      sessionName: record.to.session,
      send: (message, sender) => send(message, sender),
      onUnsubscribed: () => {
        record.wanted = false;
      },
      onStopped: () => {
        record.session = undefined;
        this.#proxies.get(record.to.kernel)?.delete(record);
        this.#tell('unsubscribe', record);
      },
    }).id;
    this.#add(record);
  }

  #add(record: ProxyRecord): void {
    const { kernel } = record.to;
    const proxies = this.#proxies.get(kernel) ?? new Set();
    this.#proxies.set(kernel, proxies.add(record));
  }

  #tell(event: 'subscribe' | 'unsubscribe', { kernelId, to }: ProxyRecord): void {
    const { kernels, monitors } = this.#context;
    const link = kernels.find(kernelId);
    monitors.tell(link === undefined ? [kernelId] : [link.realName, ...link.aliases], event, to);
  }

  /** Ends proxies by name. */
  unsubscribe(names: readonly string[]): void {
    for (const name of names) {
      this.#context.kernel.post(name, '_shutdown');
      // One whose link is down may have no name left to be told by.
      for (const record of this.#resting) if (record.isCalled(name)) record.wanted = false;
    }
  }

  /**
   * The kernel has gone: its proxies lose their long name, and what it was asked for is refused.
   *
   * @param comesBack - Whether the proxies are to be kept in mind, for {@link restore}.
   * @returns Those that are.
   */
  lost(names: readonly string[], comesBack: boolean): ProxyRecord[] {
    const { receipts, kernel } = this.#context;
    const kept: ProxyRecord[] = [];
    for (const [state, kernel] of [...this.#asked]) if (names.includes(kernel)) receipts.late(state);
    for (const name of names) {
      for (const record of this.#proxies.get(name) ?? []) {
        if (record.session !== undefined) kernel.post(record.session, '_delete');
        if (comesBack) kept.push(record);
      }
      this.#proxies.delete(name);
    }
    for (const record of kept) this.#resting.add(record);
    return kept;
  }

  /**
   * A kernel is back: asks it for the sessions that were subscribed to, and gives their proxies back their names; what has been
   * unsubscribed from meanwhile is left alone.
   *
   * @param done - Gets those that were refused.
   */
  restore(records: readonly ProxyRecord[], link: Link, done: (refused: ProxyRecord[]) => void): void {
    for (const record of records) if (!record.wanted) this.#resting.delete(record);
    const wanted = records.filter((record) => this.#resting.has(record));
    const refused: ProxyRecord[] = [];
    let open = wanted.length;
    if (open === 0) done(refused);
    for (const record of wanted) {
      // A kernel that was meant by its ID has another one now.
      const kernel = link.claims(record.to.kernel) ? record.to.kernel : link.realName;
      const to = { ...record.to, kernel };
      const text = specifierName(to);
      this.#question(to, text, (answer) => {
        const granted = this.#receipt(text, answer, (_, kernelId) => {
          if (this.#resting.has(record) && record.wanted) this.#renew(record, to, kernelId);
        });
        if (!granted) refused.push(record);
        if (--open === 0) done(refused);
      });
    }
  }

  /** Gives up what was to be restored: the kernel does not come back. */
  forget(records: readonly ProxyRecord[]): void {
    for (const record of records) this.#resting.delete(record);
  }

  #renew(record: ProxyRecord, to: Specifier, kernelId: string): void {
    this.#resting.delete(record);
    Object.assign(record, { to, kernelId, wanted: true });
    if (record.session === undefined) {
      this.#spawn(record);
    } else {
      this.#context.kernel.call(record.session, '_restore');
      this.#add(record);
    }
    this.#tell('subscribe', record);
  }

  /** Ends every proxy. */
  shutdown(): void {
    for (const records of [...this.#proxies.values(), this.#resting]) {
      for (const { session } of records) if (session !== undefined) this.#context.kernel.post(session, '_shutdown');
    }
  }
}

/** Reads a specifier that has to name a kernel only. POE: without a session the other side refuses it. */
export function readOfKernel(specifier: SpecifierLike): Specifier {
  const to = parseSpecifier(specifier);
  return to !== undefined && to.kernel !== '' ? to : readForeign(specifier);
}

/**
 * Reads the specifier of a session of another kernel.
 * @throws PoeUsageError `POE_ERR_IKC_SPECIFIER` for one that names no kernel and session.
 */
export function readForeign(specifier: SpecifierLike): Specifier {
  const to = parseSpecifier(specifier);
  if (to !== undefined && to.kernel !== '' && to.session !== '') return to;
  const text = typeof specifier === 'string' ? specifier : specifierName(to ?? '');
  throw new PoeUsageError(
    'POE_ERR_IKC_SPECIFIER',
    `Cannot subscribe to '${text}': it names no session of another kernel`,
    { hint: "Name kernel and session, as in 'poe://Server/logger'" },
  );
}
