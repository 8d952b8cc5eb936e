import pc from 'picocolors';
import { PoeError } from '../core/index.ts';

/** Status of a command that was called wrongly, or whose config is wrong. */
export const MISUSED = 2;

/** Ends the command because of something that the user should know. */
export function fail(why: string, status = 1): never {
  console.error(pc.red(why));
  process.exit(status);
}

/** {@link fail} for an error of this package with what would be right; any other error is a fault and comes out. */
export function failBy(error: unknown): never {
  if (!(error instanceof PoeError)) throw error;
  console.error(pc.red(error.message));
  if (error.hint !== undefined) console.error(pc.dim(error.hint));
  process.exit(MISUSED);
}
