import { join } from 'node:path';
import { root } from './repository.ts';

/** The path of a file under `test/fixtures`. Fixtures are not compiled, so they stay where the sources are. */
export function fixture(name: string): string {
  return join(root, 'test/fixtures', name);
}
