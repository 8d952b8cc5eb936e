/**
 * A random program as data: what `generate.ts` makes, `interpret.ts` runs on ours, `interpret.pl` on Perl's POE, and
 * `shrink.ts` makes smaller.
 */
export interface Program {
  /** What sessions are made of. */
  templates: Template[];
  /** What handlers do; templates and steps name them by their place here. */
  bodies: Step[][];
  /** What the main program does before each run of the kernel. */
  main: Step[][];
  /** How many handlers do anything, and how many sessions handlers create, so that every program ends. */
  limits: { handlers: number; sessions: number };
}

/** Events to bodies, as inline states and as object states. */
export interface Template {
  inline: Record<string, number>;
  object: Record<string, number>;
  options?: Record<string, number>;
}

/** Where an event goes. Sessions are numbered in the order in which they are created; one that is not yet is nobody. */
export type Target =
  | { by: 'object' | 'id' | 'text'; n: number }
  | { by: 'alias'; name: string }
  | { by: 'kernel' | 'nobody' };

export type Value = number | string | null | Target;

/** How a body ends: `return;`, one value, or a list. */
export type Returned = { kind: 'none' } | { kind: 'value'; value: Value } | { kind: 'list'; values: Value[] };

export type Context = 'void' | 'scalar' | 'list';

/** Slots of time ahead; `now` is no slot but a delay of 0. Timers have a slot each. */
export type Ahead = number | 'now' | null;

export type TimerOp = 'alarm' | 'alarm_add' | 'alarm_set' | 'delay' | 'delay_add' | 'delay_set';

/** One step of a body. Timers, postbacks and sessions are named by their number in order of creation. */
export type Step =
  | { op: 'create'; template: number; args: Value[] }
  | { op: 'yield'; event: string; args: Value[] }
  | { op: 'post'; to: Target; event: string; args: Value[] }
  | { op: 'call'; to: Target; event: string; args: Value[]; context: Context; catch?: boolean }
  | { op: TimerOp; event: string | null; in: Ahead; args: Value[] }
  | { op: 'alarm_adjust'; timer: number; by: number | null }
  | { op: 'delay_adjust'; timer: number; in: number | null }
  | { op: 'alarm_remove'; timer: number }
  | { op: 'alarm_remove_all' }
  | { op: 'alias_set' | 'alias_remove'; name: string }
  | { op: 'resolve' | 'detach_child' | 'id_of' | 'session_of'; to: Target }
  | { op: 'alias_list'; to?: Target }
  | { op: 'refcount_increment' | 'refcount_decrement'; to: Target; tag: string }
  | { op: 'detach_myself' | 'sig_handled' | 'count' | 'active' | 'stop' }
  | { op: 'sig'; signal: string; event: string | null; args: Value[] }
  | { op: 'signal'; to: Target; signal: string; args: Value[] }
  | { op: 'state'; event: string; body: number | null; method?: string }
  | { op: 'postback' | 'callback'; event: string; args: Value[] }
  | { op: 'invoke'; postback: number; args: Value[]; context: Context; catch?: boolean }
  | { op: 'weaken' | 'drop'; postback: number }
  | { op: 'option'; name: string; value: number | null }
  | { op: 'spin'; slots: number }
  | ({ op: 'return' } & Returned)
  | { op: 'die'; text: string };

/** The longest trace, in lines; what comes after that is left out on both sides. */
export const MOST_LINES = 3000;

/** The last line of a trace on either side when a program cannot end. */
export const STUCK = 'stuck';
