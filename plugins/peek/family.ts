import { type ChildInfo, preforkedOf, type Supervisor, supervisorOf } from '../../components/index.ts';
import { type KernelView, PoeUsageError } from '../../core/index.ts';
import type { Section, SectionRow } from './sections.ts';

/**
 * What a process is in a program of several: its `parent`, a `child`, or a parent that is `ending`, perhaps as another one has taken
 * over; null for a program of one process.
 */
export type Role = 'parent' | 'child' | 'ending' | null;

/** The children of a program that runs in several processes. */
export interface FamilyRecord {
  /** How many are to serve. */
  readonly size: number;
  /** How often it has been reloaded. */
  readonly generation: number;
  /** Whether all of them are ending. */
  readonly stopping: boolean;
  readonly children: readonly ChildInfo[];
  /** Those that have ended, the latest one last. */
  readonly exits: readonly ChildInfo[];
}

/** The rows of the section `children`: those that run, in the order in which they were started. */
const SECTION = 'children';

export function roleOf(kernel: KernelView): Role {
  const found = preforkedOf(kernel);
  if (found?.role === 'parent') return found.supervisor.stopping ? 'ending' : 'parent';
  return found?.role ?? null;
}

/** How many children serve; null if the program runs in one process, or this is no parent. */
export function servingChildren(kernel: KernelView): number | null {
  const children = supervisorOf(kernel)?.children();
  return children?.filter(({ state }) => state === 'serving').length ?? null;
}

/** Null if the program runs in one process, or this is no parent. */
export function familyOf(kernel: KernelView, limit: number): FamilyRecord | null {
  const supervisor = supervisorOf(kernel);
  if (supervisor === undefined) return null;
  const { size, stopping, generation } = supervisor;
  return {
    size,
    generation,
    stopping,
    children: supervisor.children().slice(0, limit),
    exits: supervisor.exits().slice(-limit),
  };
}

/** What page, `poe peek` and `poe top` show of the children; nothing if there can be none. */
export function childrenSection(kernel: KernelView): readonly Section[] {
  const supervisor = supervisorOf(kernel);
  if (supervisor === undefined) return [];
  return [{ name: SECTION, rows: supervisor.children().map((child) => rowOf(child)) }];
}

function rowOf({ pid, state, generation, started, connections, open, heardAt, reason }: ChildInfo): SectionRow {
  const now = Date.now() / 1000;
  return {
    pid,
    state,
    generation,
    'age, s': Math.max(0, Math.round(now - started)),
    connections,
    open,
    'heard, s ago': Math.max(0, Math.round(now - heardAt)),
    reason: reason ?? '',
  };
}

/** Replaces the children one after the other; answers with the generation that is on its way. */
export function reload(kernel: KernelView): { readonly generation: number } {
  const supervisor = needSupervisor(kernel);
  supervisor.reload();
  return { generation: supervisor.generation };
}

/** Has as many children serve as are wanted, or so many more or fewer. */
export function scale(
  kernel: KernelView,
  { count, by = 0 }: { readonly count?: number; readonly by?: number },
): { readonly from: number; readonly to: number } {
  const supervisor = needSupervisor(kernel);
  const from = supervisor.size;
  supervisor.scale(count ?? Math.max(0, from + by));
  return { from, to: supervisor.size };
}

/** Starts the program anew as a parent that takes over; answers with its number. */
export function handover(kernel: KernelView): { readonly pid: number } {
  const pid = needSupervisor(kernel).handover();
  if (pid === undefined) throw refuse('a handover is under way already, or no process can be started');
  return { pid };
}

function needSupervisor(kernel: KernelView): Supervisor {
  const supervisor = supervisorOf(kernel);
  if (supervisor === undefined) {
    throw refuse(
      roleOf(kernel) === 'child' ? 'this process is a child: its parent decides' : 'the program runs in one process',
    );
  }
  if (supervisor.stopping) throw refuse('the program is ending');
  return supervisor;
}

function refuse(found: string): PoeUsageError {
  return new PoeUsageError('POE_ERR_PEEK_ORDER', `Cannot do so: ${found}`, {
    hint: "Children are there once the program has the plugin 'prefork', or a server with 'processes'",
  });
}
