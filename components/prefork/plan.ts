import type { Child } from './child.ts';

/** How many there should be. */
export interface Wanted {
  /** Children that serve. */
  readonly size: number;
  /** Spares that are booted or boot. */
  readonly spares: number;
  /** Spares beyond which one is let go. */
  readonly maxSpares: number;
}

/** What is to be done now. */
export interface Plan {
  /** Spares that are to serve. */
  readonly promote: readonly Child[];
  /** Children that are to finish what they have, with the reason. */
  readonly retire: readonly (readonly [child: Child, reason: string])[];
  /** Children that should be started. */
  readonly start: number;
}

/**
 * Says what brings the children there are nearer to those there should be. Nothing is taken away before its replacement serves: an
 * outdated child goes when there is one too many, and there is one too many once a new one serves.
 */
export function plan(children: readonly Child[], { size, spares, maxSpares }: Wanted): Plan {
  const serving = children.filter((child) => child.state === 'serving' || child.promised);
  const waiting = children.filter((child) => child.state === 'spare' && !child.promised);
  const current = waiting.filter(isCurrent);
  const outdated = serving.filter((child) => !isCurrent(child));
  // Whoever has been told to serve has to say that it does before anything else is changed.
  const isSteady = serving.every((child) => !child.promised);
  const lacking = Math.max(0, size - serving.length);
  const surplus = isSteady ? Math.max(0, serving.length - size) : 0;

  // An old spare is better than none.
  const fillIns = [...current, ...waiting.filter((child) => !isCurrent(child))].slice(0, lacking);
  const mayReplace = isSteady && serving.length === size && outdated.length > 0;
  const promote = mayReplace ? current.slice(0, 1) : fillIns;

  const retire: [Child, string][] = [...outdated, ...serving.filter(isCurrent)]
    .slice(0, surplus)
    .map((child) => [child, child.outdated ?? 'scale']);
  const left = waiting.filter((child) => !promote.includes(child));
  const isReplacing = outdated.length > 0;
  for (const child of left) {
    const hasNewer = isReplacing || left.some(isCurrent);
    if (child.outdated !== undefined && hasNewer) retire.push([child, child.outdated]);
  }
  for (const child of left.filter(isCurrent).slice(Math.max(1, maxSpares))) retire.push([child, 'spare']);

  const coming = left.filter(isCurrent).length + children.filter((child) => isBooting(child)).length;
  const needed = lacking - fillIns.length + Math.max(spares, isReplacing ? 1 : 0);
  return { promote, retire, start: Math.max(0, needed - coming) };
}

function isCurrent(child: Child): boolean {
  return child.outdated === undefined;
}

function isBooting(child: Child): boolean {
  return child.state === 'starting' && isCurrent(child);
}
