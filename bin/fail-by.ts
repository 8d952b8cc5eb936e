import pc from 'picocolors';
import { PoeError } from '../core/index.ts';
import { MISUSED } from './fail.ts';

/** Ends the command for an error of this package with what would be right; any other error is a fault and comes out. */
export function failBy(error: unknown): never {
  if (!(error instanceof PoeError)) throw error;
  console.error(pc.red(error.message));
  if (error.hint !== undefined) console.error(pc.dim(error.hint));
  process.exit(MISUSED);
}

/** {@link failBy}, for other programs. */
export function failInJson(error: unknown): never {
  if (!(error instanceof PoeError)) throw error;
  const { code, message, hint } = error;
  console.log(JSON.stringify({ ok: false, code, message, hint }));
  process.exit(MISUSED);
}
