import type { EventArgs, EventMap, EventName, EventResult, IsAny } from './declared-events.ts';
import type { KernelView } from './kernel-view.ts';
import type { MachineContext } from './machine-context.ts';
import type { Session } from './session.ts';

// biome-ignore lint/suspicious/noExplicitAny: what is not declared is loose on purpose
type Loose = any;

/** States that a machine declares: names to the events that are handled in them. */
export type StateMap<S> = { [K in keyof S]: EventMap<S[K]> };

/** An empty marker that carries the types of a machine's states and events. */
export interface StatesMarker<S> {
  /** Types only: nothing has it. @internal */
  readonly _states?: S;
}

/**
 * Declares the states of a machine and the events that are handled in each, as `events` does for a session: handlers, moves
 * and what is sent to the machine are checked then.
 *
 * @example
 * interface Door {
 *   closed: { push: [who: string] };
 *   open: { enter: [who: string]; pull: [] };
 * }
 * NFA.spawn({
 *   states: states<Door>(),
 *   inlineStates: {
 *     closed: { push: ({ machine }, who) => machine.gotoState('open', 'enter', who) },
 *     open: { pull: ({ machine }) => machine.gotoState('closed') },
 *   },
 * });
 */
export function states<S extends StateMap<S>>(): StatesMarker<S> {
  return {};
}

/** The events of one state. */
export type StateEvents<S, K> = K extends keyof S ? S[K] : Loose;

/** The events of all states. One that several states handle takes what any of them takes. */
export type MachineEvents<S> =
  IsAny<S> extends true
    ? Loose
    : { [N in NameIn<S[keyof S]>]: { [K in keyof S]: N extends keyof S[K] ? S[K][N] : never }[keyof S] };

type NameIn<E> = E extends unknown ? keyof E : never;

/** The arguments of an event in a state; none without an event. */
export type EntryArgs<S, K, N> =
  IsAny<S> extends true ? Loose[] : [N] extends [never] ? [] : EventArgs<StateEvents<S, K>, N>;

/** A handler of a machine: the context first, then what Perl has in ARG0 and on. */
export type MachineHandler<R = Loose, S = Loose, A extends readonly unknown[] = Loose[], V = unknown> = (
  context: MachineContext<R, S>,
  ...args: A
) => V;

/** What every state may handle, whatever its own events are. `leave` is called when the machine leaves the state. */
interface StateLifecycle<R, S> {
  leave?: MachineHandler<R, S, []>;
  _child?: MachineHandler<R, S, [reason: 'create' | 'gain' | 'lose', child: Session, value?: unknown]>;
  _parent?: MachineHandler<R, S, [oldParent: Session | KernelView, newParent: Session | KernelView]>;
  _default?: MachineHandler<R, S, [event: string, args: unknown[]]>;
}

/** State names to event names to handlers: checked where the states are declared, loose otherwise. */
export type MachineStates<R, S> =
  IsAny<S> extends true
    ? Readonly<Record<string, Readonly<Record<string, MachineHandler<R>>>>>
    : {
        [K in keyof S]?: {
          [N in keyof S[K]]?: MachineHandler<R, S, EventArgs<S[K], N>, EventResult<S[K], N>>;
        } & Omit<StateLifecycle<R, S>, keyof S[K]>;
      };

/** The names of a machine's states. */
export type StateName<S> = EventName<S>;
