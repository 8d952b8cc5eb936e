import { readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** This command: where it was bundled, this is its very file. */
const OWN = new URL('./poe.js', import.meta.url);

/**
 * The command of the package that a program will import, if it is another copy than this one: the kernel of this one is not
 * the program's, and plugins would watch over a kernel that nobody runs. The modules of this package are another copy than the bundle.
 *
 * @param folder - Absolute, of the program.
 * @returns The URL of its command, or undefined.
 */
export function commandOfOtherCopy(folder: string): string | undefined {
  try {
    const found = realpathSync(createRequire(join(folder, 'program.js')).resolve('poe-kernel/package.json'));
    const { bin } = JSON.parse(readFileSync(found, 'utf8')) as { bin: { poe: string } };
    const command = realpathSync(join(dirname(found), bin.poe));
    return command === realpathSync(fileURLToPath(OWN)) ? undefined : pathToFileURL(command).href;
  } catch {
    // The program has none of its own.
    return undefined;
  }
}
