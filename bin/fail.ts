import pc from 'picocolors';
import { clearProgress } from './progress.ts';

/** Status of a command that was called wrongly, or whose config is wrong. */
export const MISUSED = 2;

/** Ends the command because of something that the user should know. */
export function fail(why: string, status = 1): never {
  clearProgress();
  console.error(pc.red(why));
  process.exit(status);
}
