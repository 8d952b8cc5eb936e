/** What `POE_TRACE_*` can turn on: each is the debug name `poe:kernel:<trace>`. */
export const TRACES = ['destroy', 'events', 'files', 'refcnt', 'retvals', 'sessions', 'signals', 'statistics'] as const;

/** What `POE_ASSERT_*` can turn on. */
export const ASSERTS = ['data', 'events', 'files', 'retvals', 'states', 'usage'] as const;

export type AssertName = (typeof ASSERTS)[number];

/** Whether a value of the environment means yes: Perl's idea of truth, so neither nothing nor 0. */
export function isOn(value: string | undefined): boolean {
  return value !== undefined && value !== '' && Number(value) !== 0;
}

/**
 * Whether the environment turns a trace or assertion on: its own variable says so, or that of `DEFAULT` where it has none.
 *
 * @param name - As in {@link TRACES} and {@link ASSERTS}.
 * @remarks Mirrors POE::Kernel, "DEBUGGING POE AND PROGRAMS USING IT".
 */
export function isSwitchedOn(kind: 'TRACE' | 'ASSERT', name: string): boolean {
  return isOn(process.env[`POE_${kind}_${name.toUpperCase()}`] ?? process.env[`POE_${kind}_DEFAULT`]);
}
