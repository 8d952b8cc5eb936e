import type { List, Session } from '../../core/index.ts';
import type { CallOptions } from './awaited-calls.ts';

// biome-ignore lint/suspicious/noExplicitAny: what is not declared is loose on purpose
type Loose = any;

/**
 * What a session publishes, declared once for both sides: names of events to functions, or to tuples where nothing is answered.
 * IKC carries one argument.
 *
 * @example
 * interface TimeServer {
 *   now: (zone: string) => string;
 *   zones: () => string[];
 *   note: [text: string];
 * }
 */
export type Contract<C> = { [K in keyof C]: readonly [argument?: Loose] | ((argument: Loose) => unknown) };

type IsAny<T> = 0 extends 1 & T ? true : false;

type ArgumentsOf<D> = D extends (...args: infer A extends unknown[]) => unknown
  ? A
  : D extends readonly [...infer A extends unknown[]]
    ? A
    : never;

type ResultOf<D> = D extends (...args: never) => infer R ? Awaited<R> : unknown;

// biome-ignore lint/suspicious/noConfusingVoidType: it is what functions that return nothing return
type Nothing = undefined | void;

/** What comes back of a value: undef is no answer. */
type Answer<R> = IsAny<R> extends true ? R : R extends List ? unknown : R extends Nothing | null ? never : R;

/** All the values that come back where the event is called in list context. */
type Answers<R> = [R] extends [List] ? unknown[] : [Exclude<R, Nothing>];

/** Posts: nobody hears whether it arrived. */
export interface RemotePost<A extends unknown[]> {
  /**
   * Posts the event.
   * @returns The number of kernels it was sent to, as {@link Responder.post} does.
   */
  post(...argument: A): number | undefined;
}

/** An event of another kernel's session, to be called and awaited. */
export interface RemoteCall<A extends unknown[], R> extends RemotePost<A> {
  /** Calls the event. Rejects with an {@link IkcError}. */
  (...argument: A): Promise<Answer<R>>;
  /**
   * The same event, called in another way: with its own time limit, to be aborted, or in list context.
   * @example
   * const now = await time.now.with({ timeout: 2, signal: AbortSignal.timeout(1000) })('UTC');
   */
  with(options: CallOptions & { list: true }): (...argument: A) => Promise<Answers<R>>;
  with(options: CallOptions): (...argument: A) => Promise<Answer<R>>;
}

/** One that never answers can only be posted. */
export type RemoteEvent<D> = [Answer<ResultOf<D>>] extends [never]
  ? RemotePost<ArgumentsOf<D>>
  : RemoteCall<ArgumentsOf<D>, ResultOf<D>>;

/** Names that a JavaScript object has, and that mean something to promises and JSON: no events of a remote. */
type Reserved = keyof typeof Object.prototype | '__proto__' | 'then' | 'toJSON';

/**
 * A session of another kernel: each of its events as a method that returns a promise. Without a contract any event has any argument.
 */
export type Remote<C> =
  IsAny<C> extends true
    ? { readonly [event: string]: RemoteCall<[argument?: unknown], Loose> }
    : { readonly [K in keyof C as K extends Reserved ? never : K]: RemoteEvent<C[K]> };

/** A list of as many names as a contract has events. */
export type EveryEvent<C> = AsManyAs<keyof C & string, keyof C & string>;

type AsManyAs<Names, Name, Found extends readonly Name[] = []> = [Names] extends [never]
  ? Readonly<Found>
  : AsManyAs<Exclude<Names, LastOf<Names>>, Name, [...Found, Name]>;

/** One member of a union: what TypeScript takes of overloads is the last of them. */
type LastOf<U> = (U extends unknown ? (of: () => U) => void : never) extends (of: infer I) => void
  ? I extends () => infer Last
    ? Last
    : never
  : never;

/** The events that a session declares, of which some may be published. */
export type DeclaredBy<S> =
  S extends Session<Loose, infer E> ? (IsAny<E> extends true ? string : keyof E & string) : string;
