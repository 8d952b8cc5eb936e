import type { Engine } from '../engine.ts';
import { KIND_EVENT } from '../event.ts';

// biome-ignore lint/suspicious/noExplicitAny: methods of any kind
type Method = (...args: any[]) => unknown;
type MethodOf<T> = { [K in keyof T]: T[K] extends Method ? K : never }[keyof T];

/**
 * Puts another method in the place of one, on this one object: so traces and assertions reach the kernel without a test in its
 * hot path. `make` is given the method that was there; several layers lie one around the other.
 */
export function around<T extends object, K extends MethodOf<T>>(
  object: T,
  name: K,
  make: (original: T[K]) => T[K],
): void {
  const original = object[name] as Method;
  const bound = (...args: unknown[]): unknown => original.apply(object, args);
  object[name] = make(bound as T[K]);
}

/** Like {@link around} for all handlers that the kernel runs, calls of a session to itself left out: events of the queue have a shorter way. */
export function aroundHandlers(engine: Engine, make: (invoke: Engine['invoke']) => Engine['invoke']): void {
  around(engine, 'invoke', make);
  engine.handle = (...event) => void engine.invoke(...event, KIND_EVENT);
}
