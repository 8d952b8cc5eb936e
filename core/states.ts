import type { HandlerContext } from './context.ts';
import { PoeUsageError } from './errors.ts';
import { SIGNAL } from './event.ts';
import type { Handler } from './types.ts';

/** Which methods of a target handle which events: names of methods, or events to names of methods. */
export type MethodMap = readonly string[] | Readonly<Record<string, string>>;

/** A handler that is a method of an object or class. */
export class MethodState {
  readonly object: Record<string, Handler>;
  readonly method: string;
  constructor(object: object, method: string) {
    this.object = object as Record<string, Handler>;
    this.method = method;
  }
}

/** What handles an event. */
export type State = Handler | MethodState;

/** The handler of an inline state, checked. */
export function inlineState(name: string, handler: unknown): State {
  if (typeof handler !== 'function') {
    throw new PoeUsageError(
      'POE_ERR_SESSION_HANDLER',
      `Cannot handle '${name}': its handler is ${describe(handler)}, not a function`,
      { hint: 'Give inlineStates functions; for methods use objectStates' },
    );
  }
  refuseSignal(name);
  return handler as Handler;
}

/** POE: the event `_signal` of old is refused, whatever would handle it. */
function refuseSignal(name: string): void {
  if (name !== SIGNAL) return;
  throw new PoeUsageError('POE_ERR_SESSION_HANDLER', `Cannot handle '${SIGNAL}': it is no longer an event`, {
    hint: 'Watch the signal with kernel.sig(name, event)',
  });
}

/** A method as a handler, checked. Which function that is is looked up when an event comes. */
export function methodState(parameter: string, name: string, target: object, method: string): State {
  if (typeof (target as Record<string, unknown> | null)?.[method] !== 'function') {
    throw new PoeUsageError(
      'POE_ERR_SESSION_HANDLER',
      `Cannot handle '${name}': ${describe(target)} has no method '${method}' (in ${parameter})`,
      { hint: 'Check the spelling of the method' },
    );
  }
  refuseSignal(name);
  return new MethodState(target, method);
}

/** The handlers that pairs of a target and its methods bring. */
export function methodStates(parameter: string, pairs: unknown): [name: string, state: State][] {
  if (pairs === undefined) return [];
  if (!Array.isArray(pairs)) throw wrongKind(parameter, 'an array of pairs', pairs);
  return pairs.flatMap((pair: readonly [object, MethodMap]) => {
    if (!Array.isArray(pair) || pair.length !== 2 || typeof pair[1] !== 'object' || pair[1] === null) {
      throw wrongKind(parameter, 'pairs of a target and its methods', pair);
    }
    const [target, methods] = pair as [object, MethodMap];
    const list: [string, string][] = Array.isArray(methods)
      ? (methods as string[]).map((name) => [name, name])
      : Object.entries(methods as Record<string, string>);
    return list.map(([name, method]): [string, State] => [name, methodState(parameter, name, target, method)]);
  });
}

/** The pairs of a parameter that is an object or absent. */
export function entriesOf(parameter: string, value: unknown): [string, unknown][] {
  if (value === undefined) return [];
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw wrongKind(parameter, 'an object', value);
  }
  return Object.entries(value);
}

/** Refuses parameters that are no object, or that are not among those known. */
export function checkParameters(what: string, options: unknown, known: ReadonlySet<string>): void {
  if (options === null || typeof options !== 'object')
    throw wrongKind('parameters', 'an object of parameters', options);
  for (const name of Object.keys(options)) {
    if (known.has(name)) continue;
    throw new PoeUsageError('POE_ERR_SESSION_PARAMETER', `Cannot create ${what}: unknown parameter '${name}'`, {
      hint: `The parameters are ${[...known].join(', ')}`,
    });
  }
}

function wrongKind(parameter: string, wanted: string, found: unknown): PoeUsageError {
  const message = `Cannot create a session: ${parameter} are ${describe(found)}, not ${wanted}`;
  return new PoeUsageError('POE_ERR_SESSION_PARAMETER', message, {
    hint: 'Session.create takes one object: { inlineStates: { _start() {} }, objectStates: [[object, [names]]] }',
  });
}

/** Whether a function is a class: then its static methods handle events, and not it itself. */
export function isClass(target: unknown): boolean {
  // PERF: ikc-visits: the handlers of a wheel are arrow functions, which need not be read.
  return Object.hasOwn(target as object, 'prototype') && /^class\b/.test(Function.prototype.toString.call(target));
}

/** What the context of a handler has as `object`. */
export function objectOf(state: State): object | undefined {
  return typeof state === 'function' ? undefined : state.object;
}

/** Calls a handler. `argc` 0 to 3: that many of the three arguments; more: all of them in `arg0`. */
export function runState(
  state: State,
  context: HandlerContext,
  argc: number,
  arg0: unknown,
  arg1: unknown,
  arg2: unknown,
): unknown {
  // PERF: ring, 1.2x: calls of fixed arity; spreading an array costs more than the handler.
  if (typeof state === 'function') {
    switch (argc) {
      case 0:
        return state(context);
      case 1:
        return state(context, arg0);
      case 2:
        return state(context, arg0, arg1);
      case 3:
        return state(context, arg0, arg1, arg2);
      default:
        return state(context, ...(arg0 as unknown[]));
    }
  }
  const { object, method } = state;
  const handler = object[method] as Handler;
  switch (argc) {
    case 0:
      return handler.call(object, context);
    case 1:
      return handler.call(object, context, arg0);
    case 2:
      return handler.call(object, context, arg0, arg1);
    case 3:
      return handler.call(object, context, arg0, arg1, arg2);
    default:
      return handler.call(object, context, ...(arg0 as unknown[]));
  }
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'function') return `class ${value.name || '(anonymous)'}`;
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return `an object of ${value.constructor?.name ?? 'no class'}`;
  return `${typeof value} '${String(value)}'`;
}
