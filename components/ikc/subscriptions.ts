import { type KernelView, PoeUsageError, type Session, warn } from '../../core/index.ts';
import type { Kernels } from './kernels.ts';
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
  readonly #proxies = new Map<string, Set<Session['id']>>();
  /** Events that answers are to come to, and the kernel that was asked. */
  readonly #asked = new Map<string, string>();

  constructor(context: SubscriptionContext) {
    this.#context = context;
  }

  /**
   * Subscribes to sessions; `done` gets those that were granted, as they were given.
   * @throws PoeUsageError `POE_ERR_IKC_SPECIFIER` for one that names no kernel and session.
   */
  subscribe(specifiers: readonly SpecifierLike[], done: (granted: SpecifierLike[]) => void): void {
    const wanted = specifiers.map((specifier) => [specifier, readForeign(specifier)] as const);
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
    const { kernel, send, receipts, inTurn } = this.#context;
    const text = typeof specifier === 'string' ? specifier : specifierName(to);
    const state = receipts.expect(`receipt ${text}`, ANSWER_SECONDS, (answer) => {
      this.#asked.delete(state);
      subscription.settle(specifier, this.#receipt(text, answer));
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
  #receipt(text: string, answer: unknown): boolean {
    const [specifier, kernelId] = Array.isArray(answer) ? (answer as unknown[]) : [];
    const granted = typeof specifier === 'string' ? undefined : parseSpecifier(specifier);
    if (granted === undefined || granted.kernel === '' || granted.session === '') {
      const refusal = typeof answer === 'string' && answer !== '' ? answer : `Refused subscription to ${text}`;
      const told = this.#context.monitors.tell(['*'], 'error', 'subscribe', refusal);
      if (told === 0) warn('POE_WARN_IKC_SUBSCRIPTION', refusal);
      return false;
    }
    this.#makeProxy(granted, typeof kernelId === 'string' ? kernelId : granted.kernel);
    return true;
  }

  #makeProxy(to: Specifier, kernelId: string): void {
    const { kernel, monitors, kernels, send } = this.#context;
    if (kernel.aliasResolve(specifierName({ kernel: to.kernel, session: to.session })) !== undefined) return;
    const told = (event: 'subscribe' | 'unsubscribe'): void => {
      const link = kernels.find(kernelId);
      monitors.tell(link === undefined ? [kernelId] : [link.realName, ...link.aliases], event, to);
    };
    const proxy = spawnProxy({
      kernel,
      kernelName: to.kernel,
      sessionName: to.session,
      send: (message, sender) => send(message, sender),
      onStopped: () => {
        this.#proxies.get(to.kernel)?.delete(proxy.id);
        told('unsubscribe');
      },
    });
    const proxies = this.#proxies.get(to.kernel) ?? new Set();
    this.#proxies.set(to.kernel, proxies.add(proxy.id));
    told('subscribe');
  }

  /** Ends proxies by name. */
  unsubscribe(names: readonly string[]): void {
    for (const name of names) this.#context.kernel.post(name, '_shutdown');
  }

  /** The kernel has gone: its proxies lose their long name, and what it was asked for is refused. */
  lost(names: readonly string[]): void {
    const { receipts } = this.#context;
    for (const [state, kernel] of [...this.#asked]) if (names.includes(kernel)) receipts.late(state);
    for (const name of names) {
      for (const proxy of this.#proxies.get(name) ?? []) this.#context.kernel.post(proxy, '_delete');
      this.#proxies.delete(name);
    }
  }

  /** Ends every proxy. */
  shutdown(): void {
    for (const proxies of this.#proxies.values()) {
      for (const proxy of proxies) this.#context.kernel.post(proxy, '_shutdown');
    }
  }
}

/** Reads the specifier of a session of another kernel. */
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
