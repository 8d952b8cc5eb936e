import type { Engine } from '../engine.ts';
import type { ErrnoName } from '../errno.ts';
import { PoeUsageError } from '../errors.ts';
import { around } from '../trace/around.ts';
import { shown } from '../trace/describe.ts';

const REASONS: { readonly [name in ErrnoName]?: string } = {
  EEXIST: 'another session has that name',
  EINVAL: 'something that is needed is missing',
  EPERM: 'it is not for this session to do',
  ESRCH: 'there is no such thing, or no longer',
};

/** `POE_ASSERT_RETVALS`: a method that misses throws instead of returning. */
export function assertNoMiss(engine: Engine): void {
  around(engine, 'missed', (missed) => (method, errno, found) => {
    missed(method, errno, found);
    if (engine.givesBack) return;
    const given = found === undefined ? '' : ` (given ${shown(found)})`;
    throw new PoeUsageError(
      'POE_ERR_ASSERT_RETVALS',
      `Cannot ${method}: ${errno}, ${REASONS[errno] ?? 'it missed'}${given}`,
      {
        hint: 'POE_ASSERT_RETVALS makes every miss an error. Without it the method returns, and kernel.errno says why',
      },
    );
  });
}
