import { fileURLToPath } from 'node:url';

/** The root of the project, seen from a compiled test in `dist/test/helpers`. */
const ROOT = new URL('../../../', import.meta.url);

/** The path of a file under `test/fixtures`. Fixtures are not compiled, so they stay where the sources are. */
export function fixture(name: string): string {
  return fileURLToPath(new URL(`test/fixtures/${name}`, ROOT));
}
