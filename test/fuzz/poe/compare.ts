import { interpret, type KernelChoice } from './interpret.ts';
import type { PerlPoe } from './perl.ts';
import type { Program } from './program.ts';

const CHOICES: readonly KernelChoice[] = ['bound', 'active'];

/** Where ours goes another way than POE. */
export interface Difference {
  choice: KernelChoice;
  ours: string[];
  perls: string[];
}

/** The first of our traces that is not that of POE. */
export async function differenceFrom(perls: string[], program: Program): Promise<Difference | undefined> {
  for (const choice of CHOICES) {
    const ours = await interpret(program, choice);
    if (ours.length !== perls.length || ours.some((line, at) => line !== perls[at])) return { choice, ours, perls };
  }
  return undefined;
}

/** Runs a program on both and compares. */
export async function compare(perl: PerlPoe, program: Program): Promise<Difference | undefined> {
  return differenceFrom(await perl.run(program), program);
}

/** Both traces side by side; `|` marks the lines that differ. */
export function sideBySide({ choice, ours, perls }: Difference): string {
  const lines = [['POE', `ours (${choice} kernel)`]];
  for (let at = 0; at < Math.max(ours.length, perls.length); at++) lines.push([perls[at] ?? '', ours[at] ?? '']);
  const width = Math.min(WIDEST, Math.max(...lines.map(([left]) => (left as string).length)));
  return lines
    .map(([left, right], at) => `${left?.padEnd(width)} ${at > 0 && left !== right ? '|' : ' '} ${right}`)
    .join('\n');
}

/** The widest left side; longer lines push the right side out. */
const WIDEST = 90;
