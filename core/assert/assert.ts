import type { Engine } from '../engine.ts';
import { ASSERTS, type AssertName, isSwitchedOn } from '../switches.ts';
import { assertConsistency } from './consistency.ts';
import { assertNoMiss } from './retvals.ts';
import { assertUsage } from './usage.ts';

/** What a kernel is to assert: by name, and `default` for the names that are not given. */
export type AssertOptions = { readonly [name in AssertName | 'default']?: boolean };

/**
 * Lays those assertions around a new kernel that are on. It is settled here, once: a kernel that asserts nothing has nothing
 * to ask.
 *
 * @param options - Where they say nothing the environment does, with `POE_ASSERT_*`.
 */
export function assertOn(engine: Engine, options: AssertOptions): void {
  const wanted = new Set<AssertName>(
    ASSERTS.filter((name) => options[name] ?? options.default ?? isSwitchedOn('ASSERT', name)),
  );
  if (wanted.has('retvals')) assertNoMiss(engine);
  if (wanted.has('usage')) assertUsage(engine);
  if (wanted.has('states')) engine.warnsUnhandled = true;
  assertConsistency(engine, wanted);
}
