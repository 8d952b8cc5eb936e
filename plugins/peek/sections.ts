import type { KernelView } from '../../core/index.ts';

/** A row of a section: plain values only, shown as a table under the names of the first row's keys. */
export type SectionRow = Readonly<Record<string, string | number | boolean | null | undefined>>;

type Sections = Map<string, () => readonly SectionRow[]>;

const sections = new WeakMap<KernelView['hooks'], Sections>();

/** Rows of one section that are shown. */
const ROWS = 1000;

/**
 * Adds a section of one's own to what peek shows of a kernel: `poe peek sections` and the page have it as a table. Meant for plugins
 * and components that know more than the kernel does, as of child processes.
 *
 * @param name - Its title. One that exists is replaced.
 * @param read - Called when somebody looks; gives the rows. What it throws is shown in their place.
 * @returns What takes it away again.
 * @example
 * addPeekSection(kernel, 'children', () => supervisor.children().map(({ pid, state }) => ({ pid, state })));
 */
export function addPeekSection(kernel: KernelView, name: string, read: () => readonly SectionRow[]): () => void {
  const own = sections.get(kernel.hooks) ?? new Map();
  sections.set(kernel.hooks, own);
  own.set(name, read);
  return () => {
    if (own.get(name) === read) own.delete(name);
  };
}

/** A section with its rows. */
export interface Section {
  readonly name: string;
  readonly rows: readonly SectionRow[];
}

/** Every section of a kernel as it stands now. */
export function sectionsOf(kernel: KernelView): Section[] {
  return [...(sections.get(kernel.hooks) ?? [])].map(([name, read]) => ({ name, rows: rowsOf(read) }));
}

function rowsOf(read: () => readonly SectionRow[]): readonly SectionRow[] {
  try {
    return read().slice(0, ROWS);
  } catch (error) {
    return [{ error: String(error) }];
  }
}
