import { errnoNumber, type SystemError } from '../errno.ts';

const OUT_OF_DESCRIPTORS: ReadonlySet<number> = new Set([errnoNumber('EMFILE'), errnoNumber('ENFILE')]);

/**
 * A failure by the operation that POE would name: Node makes a socket only when it binds or connects, so that it is then that
 * no descriptor is left for it.
 */
export function socketFailure(failure: SystemError): SystemError {
  return OUT_OF_DESCRIPTORS.has(failure.errno) ? { ...failure, operation: 'socket' } : failure;
}
