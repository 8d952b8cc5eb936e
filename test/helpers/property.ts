/**
 * fast-check with the same inputs in each run, so that a verdict about a commit is the same tomorrow.
 *
 * `PROPERTY_SEED=N npm test` tries others.
 */
import fc from 'fast-check';

export const PROPERTY_SEED = Number(process.env.PROPERTY_SEED ?? 1);

fc.configureGlobal({ seed: PROPERTY_SEED });

export { fc };
