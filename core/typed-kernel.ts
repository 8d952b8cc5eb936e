import type { Aliases } from './declared-aliases.ts';
import type { EventArgs, EventFor, EventName, EventsMarker, ExtraArgs, IsAny, IsLoose } from './declared-events.ts';
import type { DieDetails } from './engine.ts';
import type { ErrnoName } from './errno.ts';
import type { Handle } from './host/handles.ts';
import type { KernelView, ProcessId, SessionOrKernel } from './kernel-view.ts';
import type { Session } from './session.ts';
import type { EventHandler, MethodName, MethodOwner } from './typed-states.ts';

// biome-ignore lint/suspicious/noExplicitAny: what is not declared is loose on purpose
type Loose = any;

/** The kernel in the handlers of a session: checked if the session declares its events. */
export type KernelOf<H, E> = IsLoose<E> extends true ? KernelView : TypedKernel<H, E>;

/** The events of what an address means: of a session, or of a name in {@link Aliases}; `any` if they are not declared. */
export type EventsOf<D> = [D] extends [never]
  ? Loose
  : IsAny<D> extends true
    ? Loose
    : D extends Session<Loose, infer E>
      ? E
      : D extends keyof Aliases
        ? Aliases[D]
        : Loose;

/** What an address means, where that is known. */
export type Resolved<D> =
  IsAny<D> extends true
    ? SessionOrKernel
    : D extends Session
      ? D
      : D extends keyof Aliases
        ? Session<Loose, Aliases[D]>
        : SessionOrKernel;

/** A name that a session with these events may take: any but those in {@link Aliases} of which it lacks an event. */
type AliasFor<E, A extends string> = A extends keyof Aliases
  ? E extends Aliases[A]
    ? A
    : `the events of '${A}' in Aliases, which this session lacks`
  : A;

/** What signals bring behind their name. Of a name that is not here anything is expected. */
interface SignalArgs {
  CHLD: [pid: number, status: number];
  DIE: [details: DieDetails];
  IDLE: [];
  HUP: [];
  INT: [];
  QUIT: [];
  TERM: [];
  USR1: [];
  USR2: [];
  WINCH: [];
}

type SignalEvent<S> = [signal: S, ...(S extends keyof SignalArgs ? SignalArgs[S] : Loose[])];

/** What the kernel brings, and whatever the program adds to it. */
type AndMore<Brought extends unknown[]> = [...Brought, ...Loose[]];

type ReadEvent<T> = [handle: T, mode: 0];
type WriteEvent<T> = [handle: T, mode: 1];
type ExpediteEvent<T> = [handle: T, mode: 2];
type ChildEvent = [signal: 'CHLD', pid: number, status: number];

/** Nothing or a time of null removes; a time sets. */
type TimeAndArgs<A extends readonly unknown[]> = [time?: null] | [time: number | null | undefined, ...args: A];

/**
 * The kernel in the handlers of a session that declares its events: what it does for its own session is checked. It
 * is {@link KernelView} in every other way.
 *
 * An event can be sent if it is declared, also `_start` and the other names that the kernel itself sends. What the kernel brings (a
 * handle and a mode, a signal's name) a handler may leave out at its end, as any function may.
 */
export interface TypedKernel<H, E> extends KernelView, EventsMarker<E> {
  readonly session: Session<H, E>;

  yield<N extends EventName<E>>(event: N, ...args: EventArgs<E, N>): undefined;

  alarm<N extends EventName<E>>(event: N, ...args: TimeAndArgs<EventArgs<E, N>>): 0 | ErrnoName;
  alarmAdd<N extends EventName<E>>(event: N, time: number, ...args: EventArgs<E, N>): 0 | ErrnoName;
  alarmSet<N extends EventName<E>>(event: N, time: number, ...args: EventArgs<E, N>): number | undefined;
  delay<N extends EventName<E>>(event: N, ...args: TimeAndArgs<EventArgs<E, N>>): 0 | ErrnoName;
  delayAdd<N extends EventName<E>>(event: N, seconds: number, ...args: EventArgs<E, N>): 0 | ErrnoName;
  delaySet<N extends EventName<E>>(event: N, seconds: number, ...args: EventArgs<E, N>): number | undefined;

  selectRead<T extends Handle, N extends EventFor<E, AndMore<ReadEvent<T>>> = never>(
    handle: T,
    event?: N | null,
    ...args: ExtraArgs<E, N, ReadEvent<T>>
  ): 0;
  selectWrite<T extends Handle, N extends EventFor<E, AndMore<WriteEvent<T>>> = never>(
    handle: T,
    event?: N | null,
    ...args: ExtraArgs<E, N, WriteEvent<T>>
  ): 0;
  selectExpedite<T extends Handle, N extends EventFor<E, AndMore<ExpediteEvent<T>>> = never>(
    handle: T,
    event?: N | null,
    ...args: ExtraArgs<E, N, ExpediteEvent<T>>
  ): 0;
  select<T extends Handle, A extends unknown[]>(
    handle: T,
    read?: EventFor<E, [...ReadEvent<T>, ...A]> | null,
    write?: EventFor<E, [...WriteEvent<T>, ...A]> | null,
    expedite?: EventFor<E, [...ExpediteEvent<T>, ...A]> | null,
    ...args: A
  ): 0;

  sig<S extends string, N extends EventFor<E, AndMore<SignalEvent<S>>> = never>(
    name: S,
    event?: N | null,
    ...args: S extends keyof SignalArgs ? ExtraArgs<E, N, SignalEvent<S>> : unknown[]
  ): void;
  sigChild<N extends EventFor<E, AndMore<ChildEvent>> = never>(
    process: ProcessId,
    event?: N | null,
    ...args: ExtraArgs<E, N, ChildEvent>
  ): void;

  aliasSet<A extends string>(name: AliasFor<E, A>): 0 | ErrnoName;

  state<N extends EventName<E>, T extends EventHandler<H, E, N> | MethodOwner>(
    event: N,
    handler?: T | null,
    method?: MethodName<T>,
  ): 0 | ErrnoName;
}
