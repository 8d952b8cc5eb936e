import type { IkcHooks, LinkInfo } from './hooks.ts';
import type { Link } from './link.ts';
import type { IkcMessage } from './message.ts';
import { isHash, isTrue, own } from './perl.ts';
import { parseSpecifier, type Specifier, type SpecifierLike } from './specifier.ts';

/** Text by name that travels with a call beside its value, such as a trace context. A Perl peer passes over it. */
export type CallHeaders = Record<string, string>;

/** A call to another kernel whose answer is awaited. The same object stands for it in both hooks. */
export interface CallInfo {
  readonly to: Specifier;
  /** What travels with it; empty at first. */
  readonly headers: CallHeaders;
}

/** An event that another kernel posts or calls. The same object stands for it in both hooks. */
export interface RequestInfo {
  readonly to: Specifier;
  /** The connection that it came by. */
  readonly peer: LinkInfo;
  /** Whether the other side waits for the value. */
  readonly awaited: boolean;
  /** What came with it: the peer's claim, and nothing more. */
  readonly headers: Readonly<CallHeaders>;
  /** Calls the handler and returns what it returns: for taps that have it run in a context of their own. */
  around?: <T>(act: () => T) => T;
}

/** Most headers of one message, and most characters of a name and of a value; what is beyond is left out. */
const MOST_HEADERS = 16;
const LONGEST_NAME = 64;
const LONGEST_VALUE = 1024;

/** The headers of a message as it came: a peer may have put anything there. */
export function readHeaders(value: unknown): Readonly<CallHeaders> {
  const headers: CallHeaders = Object.create(null);
  if (!isHash(value)) return headers;
  for (const name of Object.keys(value).slice(0, MOST_HEADERS)) {
    const text = own(value, name);
    if (typeof text !== 'string' || text.length > LONGEST_VALUE || name.length > LONGEST_NAME) continue;
    headers[name] = text;
  }
  return headers;
}

/** A call that hooks are told of. */
export class ToldCall {
  readonly #hooks: IkcHooks;
  readonly #call: CallInfo;

  private constructor(hooks: IkcHooks, to: SpecifierLike) {
    this.#hooks = hooks;
    this.#call = { to: parseSpecifier(to) ?? { kernel: '', session: '', state: '' }, headers: {} };
    hooks.callStarted.call(this.#call);
  }

  /** Tells that a call begins; undefined if nobody wants to know. */
  static start(hooks: IkcHooks, to: SpecifierLike): ToldCall | undefined {
    return hooks.callStarted.isUsed() || hooks.callEnded.isUsed() ? new ToldCall(hooks, to) : undefined;
  }

  /** What travels with the call, if anything. */
  get headers(): CallHeaders | undefined {
    const { headers } = this.#call;
    return Object.keys(headers).length === 0 ? undefined : headers;
  }

  ended(error: Error | undefined): void {
    this.#hooks.callEnded.call(this.#call, error);
  }
}

/** A request that hooks are told of. */
export class ToldRequest {
  readonly #hooks: IkcHooks;
  readonly #request: RequestInfo;

  private constructor(hooks: IkcHooks, request: RequestInfo) {
    this.#hooks = hooks;
    this.#request = request;
    hooks.requestStarted.call(request);
  }

  /** Tells that a request is about to be carried out; undefined if nobody wants to know. */
  static start(hooks: IkcHooks, message: IkcMessage, to: Specifier, link: Link): ToldRequest | undefined {
    if (!hooks.requestStarted.isUsed() && !hooks.requestEnded.isUsed()) return undefined;
    const { realName: kernel, aliases, sessionId } = link;
    return new ToldRequest(hooks, {
      to,
      peer: { kernel, aliases, sessionId },
      awaited: isTrue(message.rsvp),
      headers: readHeaders(message.headers),
    });
  }

  /** Calls the handler. */
  run<T>(act: () => T): T {
    const { around } = this.#request;
    return around === undefined ? act() : around(act);
  }

  ended(error: unknown): void {
    this.#hooks.requestEnded.call(this.#request, error);
  }
}
