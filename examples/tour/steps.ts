import { performance } from 'node:perf_hooks';
import pc from 'picocolors';

/** Prints what has happened, in plain words, and how long it took since the step before. */
export function steps(who: string): (words: string) => void {
  let before = performance.now();
  return (words) => {
    const now = performance.now();
    const took = `${(now - before).toFixed(1)} ms`.padStart(9);
    before = now;
    console.log(`${pc.dim(took)}  ${pc.bold(who.padEnd(6))}  ${words}`);
  };
}
