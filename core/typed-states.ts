import type { HandlerContext } from './context.ts';
import type { EventArgs, EventName, EventResult, IsAny, IsLoose } from './declared-events.ts';
import type { KernelView } from './kernel-view.ts';
import type { Session } from './session.ts';
import type { MethodMap } from './states.ts';
import type { Handler } from './types.ts';

// biome-ignore lint/suspicious/noExplicitAny: what is not declared is loose on purpose
type Loose = any;

/** The handler of a declared event. */
export type EventHandler<H, E, N> = (context: HandlerContext<H, E>, ...args: EventArgs<E, N>) => EventResult<E, N>;

/** The handlers every session may have, whatever its own events are. */
export interface LifecycleStates<H, E = Loose> {
  _start?: Handler<H, Loose[], E>;
  _stop?: Handler<H, [], E>;
  _child?: Handler<H, [reason: 'create' | 'gain' | 'lose', child: Session, value?: unknown], E>;
  _parent?: Handler<H, [oldParent: Session | KernelView, newParent: Session | KernelView], E>;
  _default?: Handler<H, [event: string, args: unknown[]], E>;
}

/** Event names to handlers: checked where the events are declared, loose otherwise. */
export type InlineStates<H, E> =
  IsLoose<E> extends true
    ? Record<string, Handler<H>>
    : { [N in keyof E]?: EventHandler<H, E, N> } & Omit<LifecycleStates<H, E>, keyof E>;

// --- methods

/** What has methods that can handle events: an object or a class, and no handler itself. */
export type MethodOwner = (object & { bind?: never }) | (abstract new (...args: never) => unknown);

/** The names of the methods of an object that are functions of that kind. */
export type MethodName<T, F = (...args: Loose[]) => unknown> =
  IsAny<T> extends true ? string : { [K in keyof T & string]: T[K] extends F ? K : never }[keyof T & string];

/** A target and those of its methods that handle events. */
type MethodPair = readonly [target: object, methods: MethodMap];

export type MethodPairs = readonly MethodPair[];

/**
 * Pairs of a target and its methods. Where the events are declared, an event must be one of them, and the method must exist and take
 * its arguments, as far as the names are literals.
 */
export type CheckedPairs<H, E, P> = IsLoose<E> extends true ? P : { [I in keyof P]: CheckedPair<H, E, P[I]> };

type CheckedPair<H, E, P> = P extends readonly [infer T, infer M]
  ? readonly [
      target: T,
      methods: M extends readonly string[]
        ? string extends M[number]
          ? M
          : readonly {
              [N in HandledName<E>]: N extends MethodName<T, HandlerOf<H, E, N>> ? N : never;
            }[HandledName<E>][]
        : string extends keyof M
          ? M
          : { readonly [N in HandledName<E>]?: MethodName<T, HandlerOf<H, E, N>> },
    ]
  : P;

type HandledName<E> = EventName<E> | keyof LifecycleStates<Loose>;

type HandlerOf<H, E, N> = N extends keyof E
  ? EventHandler<H, E, N>
  : N extends keyof LifecycleStates<H, E>
    ? Required<LifecycleStates<H, E>>[N]
    : never;
