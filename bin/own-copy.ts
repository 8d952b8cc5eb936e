import { readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/**
 * The command of the package that a program will import, if it is another copy than this one: the kernel of this one is not
 * the program's, and plugins would watch over a kernel that nobody runs.
 *
 * @param folder - Absolute, of the program.
 * @returns The URL of its command, or undefined.
 */
export function commandOfOtherCopy(folder: string): string | undefined {
  const own = realpathSync(fileURLToPath(new URL('../../package.json', import.meta.url)));
  try {
    const other = realpathSync(createRequire(join(folder, 'program.js')).resolve('poe-kernel/package.json'));
    if (other === own) return undefined;
    const { bin } = JSON.parse(readFileSync(other, 'utf8')) as { bin: { poe: string } };
    return pathToFileURL(join(dirname(other), bin.poe)).href;
  } catch {
    // The program has none of its own.
    return undefined;
  }
}
