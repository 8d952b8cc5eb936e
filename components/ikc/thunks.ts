import { type KernelView, Peek, Session, warn } from '../../core/index.ts';
import type { Link } from './link.ts';
import type { WireMessage, WireSpecifier } from './message.ts';
import { isTrue } from './perl.ts';

/** Sends a message on behalf of a session, to the link given if the kernel named in it is that link's. */
export type SendBack = (message: WireMessage, sender: Session, link: Link) => void;

/**
 * A session that stands for the sender of a request: posting event E to it sends E to where the request came from.
 */
class Thunk {
  readonly #name: string;
  readonly #sendBack: SendBack;
  readonly #peek: Peek;
  #kernel!: KernelView;
  #session!: Session;
  #from: WireSpecifier | undefined;
  #link!: Link;

  constructor(kernel: KernelView, name: string, sendBack: SendBack) {
    this.#name = name;
    this.#sendBack = sendBack;
    this.#peek = new Peek(kernel);
    Session.create({
      kernel,
      inlineStates: {
        _start: ({ kernel, session }) => {
          this.#kernel = kernel;
          this.#session = session;
          kernel.aliasSet(this.#name);
        },
        _default: ({ sender }, event: string, args: unknown[]) => this.#answer(sender as Session, event, args),
      },
    });
  }

  /** Calls an event on behalf of `from`. Exceptions come out. */
  call(
    from: WireSpecifier | undefined,
    link: Link,
    session: Session,
    state: string,
    args: readonly unknown[],
    list: boolean,
  ): unknown {
    this.#from = from;
    this.#link = link;
    return this.#kernel.callThrough(session, state, args, { list });
  }

  /** Events that wait for it; undefined if somebody holds it, or it lives no more. */
  get waiting(): number | undefined {
    const peek = this.#peek;
    const session = this.#session;
    if (peek.getSessionExtrefCount(session) > 0 || peek.resolveSessionToId(session) === undefined) return undefined;
    return peek.eventCountTo(session);
  }

  /** Lets it go on for its one sender, for as long as somebody needs it. */
  retire(): void {
    this.#kernel.aliasRemove(this.#name);
  }

  #answer(sender: Session, event: string, args: unknown[]): void {
    // POE: events of POE's own are not for the other side.
    if (event.startsWith('_')) return;
    const from = this.#from;
    if (from === undefined) {
      const text = `Attempt to respond to an anonymous foreign post with '${event}'`;
      warn('POE_WARN_IKC_ANONYMOUS', text, this.#kernel);
    } else if (isTrue(from.state)) {
      this.#sendBack({ event: from, params: [event, args] }, sender, this.#link);
    } else {
      this.#sendBack({ event: Object.assign({}, from, { state: event }), params: args }, sender, this.#link);
    }
  }
}

/**
 * The thunks of a kernel. One serves request after request until somebody holds it by a reference count; then it goes on for its own
 * sender, and a new one takes over. While answers wait in it, another one stands in: so the origin is bound to each request. Once they
 * have left it serves again, as programs expect that compare senders, or keep the number of one.
 */
export class Thunks {
  readonly #kernel: KernelView;
  readonly #sendBack: SendBack;
  /** The one for the next request, unless it has to wait until its session has settled. */
  #spare: Thunk | null = null;
  #made = 0;

  constructor(kernel: KernelView, sendBack: SendBack) {
    this.#kernel = kernel;
    this.#sendBack = sendBack;
  }

  /**
   * Makes a thunk before there is a request. PERF: ikc-posts: an event of the kernel's keeps a new session alive for a moment,
   * and only when that has passed can be told for sure that nobody has posted to the thunk.
   */
  prepare(): void {
    this.#spare ??= this.#make();
  }

  /** Calls an event with a thunk as its sender. Exceptions come out; a promise of an async handler is returned. */
  call(
    from: WireSpecifier | undefined,
    link: Link,
    session: Session,
    state: string,
    args: readonly unknown[],
    list: boolean,
  ): unknown {
    const spare = this.#takeSpare();
    const thunk = spare ?? this.#make();
    // PERF: ikc-posts: to count is a good part of what a thunk costs, and for a spare one nothing waits.
    const before = spare === null ? thunk.waiting : 0;
    try {
      const value = thunk.call(from, link, session, state, args, list);
      // A handler that is not through may still answer to its sender.
      if (value instanceof Promise) {
        const retire = (): void => thunk.retire();
        value.then(retire, retire);
      } else {
        this.#giveBack(thunk, before);
      }
      return value;
    } catch (error) {
      this.#giveBack(thunk, before);
      throw error;
    }
  }

  /** Keeps a thunk for the next request, unless somebody holds it; of two, the one that no answers wait in. */
  #giveBack(thunk: Thunk, before: number | undefined): void {
    const { waiting } = thunk;
    const spare = this.#spare;
    if (waiting === undefined || (spare !== null && (waiting !== before || spare.waiting === 0))) {
      thunk.retire();
    } else {
      this.#spare = thunk;
      spare?.retire();
    }
  }

  /** The thunk that nobody uses, also not a request around this one, and that nothing waits for; `null` if there is none. */
  #takeSpare(): Thunk | null {
    const spare = this.#spare;
    if (spare === null) return null;
    const { waiting } = spare;
    if (waiting === undefined) spare.retire();
    if (waiting === undefined || waiting === 0) this.#spare = null;
    return waiting === 0 ? spare : null;
  }

  #make(): Thunk {
    const name = `POEComponentIKCResponderThunk${String(++this.#made).padStart(8, '0')}`;
    return new Thunk(this.#kernel, name, this.#sendBack);
  }
}
