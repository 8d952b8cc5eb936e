import type { List } from './list.ts';
import type { Session } from './session.ts';

// biome-ignore lint/suspicious/noExplicitAny: what is not declared is loose on purpose
type Loose = any;

/**
 * Events that a session declares: names to the tuples of their arguments, or to functions where what the handler returns
 * matters too.
 *
 * @example
 * interface Events {
 *   note: [text: string];
 *   add: (left: number, right: number) => number;
 * }
 */
export type EventMap<E> = { [K in keyof E]: readonly Loose[] | ((...args: Loose[]) => unknown) };

/** An empty marker that carries the types of a session's events. */
export interface EventsMarker<E> {
  /** Types only: nothing has it. @internal */
  readonly _events?: E;
}

/**
 * Declares the events of a session, once. From then on they are checked: in its handlers, in what its `kernel` sends to
 * itself, in what others send to it, and in the wheels that are given its `kernel`. A session without it takes anything.
 *
 * A tuple says what the arguments are, a function also what the handler returns and `kernel.call` gives.
 *
 * @example
 * interface Events {
 *   note: [text: string];
 *   add: (left: number, right: number) => number;
 * }
 * const calculator = Session.create({
 *   events: events<Events>(),
 *   inlineStates: {
 *     _start({ kernel }) { kernel.yield('note', 'ready'); },
 *     note(_, text) { console.log(text.toUpperCase()); },
 *     add: (_, left, right) => left + right,
 *   },
 * });
 * const sum: number | undefined = kernel.call(calculator, 'add', 1, 2);
 * @returns An empty object: it is there for its type. TypeScript cannot infer the heap while it is told the events, unless they
 * come as a value.
 */
export function events<E extends EventMap<E>>(): EventsMarker<E> {
  return {};
}

/** Whether a type is `any`. */
export type IsAny<T> = 0 extends 1 & T ? true : false;

/** Whether nothing was declared of a session's events: their type is `any`, or any name has any arguments. */
export type IsLoose<E> =
  IsAny<E> extends true ? true : string extends keyof E ? (Record<string, Loose[]> extends E ? true : false) : false;

/**
 * The names of declared events; any name if nothing was declared. It is more than `keyof E & string` so that editors and errors
 * list the names, and not this type.
 */
export type EventName<E> = IsAny<E> extends true ? string : { [K in keyof E & string]: K }[keyof E & string];

/** The same type where nothing is inferred from it. Unlike `NoInfer` it leaves no trace in what editors and errors show. */
export type Settled<T> = [T] extends [infer U] ? U : never;

type ArgsOf<D> = D extends (...args: infer A extends unknown[]) => unknown
  ? A
  : D extends readonly [...infer A extends unknown[]]
    ? A
    : never;

/** The arguments of an event. */
export type EventArgs<E, N> = IsLoose<E> extends true ? Loose[] : N extends keyof E ? ArgsOf<E[N]> : Loose[];

/** What the handler of an event has to return. */
export type EventResult<E, N> = N extends keyof E ? (E[N] extends (...args: never) => infer R ? R : unknown) : unknown;

/** What `kernel.call` gives for an event: undefined if there is no such session, or if the handler throws. */
export type CallResult<E, N> =
  IsLoose<E> extends true
    ? Loose
    : N extends keyof E
      ? E[N] extends (...args: never) => infer R
        ? Scalar<R> | undefined
        : Loose
      : Loose;

/** A handler's value in scalar context. A session of another session's handler arrives as its text. */
type Scalar<R> = R extends List ? Loose : R extends Session ? R | string : R extends void ? undefined : R;

/** Whether a handler of that event can take these arguments. It may take fewer, as any function may. */
type Accepts<D, Sent extends readonly unknown[]> = ((...args: ArgsOf<D>) => void) extends (...args: Sent) => void
  ? true
  : false;

/** The names of the events whose handlers can take these arguments; any name if nothing was declared. */
export type EventFor<E, Sent extends readonly unknown[]> =
  IsLoose<E> extends true
    ? string
    : {
        [K in keyof Settled<E> & string]: Accepts<Settled<E>[K], Sent> extends true ? K : never;
      }[keyof Settled<E> & string];

/** What is left of an event's arguments behind those that the kernel brings; none if there is no event. */
export type ExtraArgs<E, N, Brought extends readonly unknown[]> = [N] extends [never]
  ? []
  : Behind<EventArgs<E, N>, Brought>;

type Behind<A extends readonly unknown[], Brought extends readonly unknown[]> = Brought extends readonly [
  unknown,
  ...infer Later,
]
  ? A extends readonly []
    ? []
    : A extends readonly [_?: unknown, ...rest: infer Rest]
      ? Behind<Rest, Later>
      : never
  : A;

/**
 * The event of a postback: one that takes what the postback is made with and what it is called with. Not a constraint of `N`:
 * a session whose events are declared, and any subclass, has to remain assignable to one whose events are not.
 */
export type PostbackEvent<E, N> = IsLoose<E> extends true ? string : N extends PostbackName<E> ? N : PostbackName<E>;

type PostbackName<E> =
  IsAny<E> extends true
    ? string
    : {
        [K in keyof E & string]: ArgsOf<E[K]> extends readonly [made?: readonly unknown[], called?: readonly unknown[]]
          ? K
          : Loose[] extends ArgsOf<E[K]>
            ? K
            : never;
      }[keyof E & string];

/** What a postback of that event is made with. */
export type MadeWith<E, N> =
  IsLoose<E> extends true
    ? Loose[]
    : EventArgs<E, N> extends readonly [made: infer A extends unknown[], ...rest: unknown[]]
      ? A
      : Loose[];

/** What a postback of that event is called with. */
export type CalledWith<E, N> =
  IsLoose<E> extends true
    ? Loose[]
    : EventArgs<E, N> extends readonly [made: unknown, called: infer A extends unknown[]]
      ? A
      : Loose[];

/** What `args` of a session may be: the arguments of `_start`, or the only one of them, if `_start` is among the events. */
export type StartArgs<E> =
  IsLoose<E> extends true
    ? unknown
    : '_start' extends keyof E
      ? ArgsOf<E['_start']> | TheOnly<ArgsOf<E['_start']>>
      : unknown;

/** An array would be spread. */
type TheOnly<A extends readonly unknown[]> = A extends readonly [_?: infer One]
  ? One extends readonly unknown[]
    ? never
    : One
  : never;

/** `args` has to be there if the handler of `_start` cannot do without. */
export type NeededArgs<E> =
  IsLoose<E> extends true
    ? unknown
    : '_start' extends keyof E
      ? [] extends ArgsOf<E['_start']>
        ? unknown
        : { args: unknown }
      : unknown;
