import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

/** The folder of the package, found from wherever this file lies when it was compiled. */
const root = findRoot(here);

function findRoot(folder: string): string {
  // What is compiled has a package.json of its own.
  if (existsSync(join(folder, 'package-lock.json'))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error(`No package-lock.json above ${here}`);
  return findRoot(parent);
}

export const packageFile = join(root, 'package.json');

/** A folder of the sources of the benchmarks, where Perl's programs lie. */
export function sourceFolder(name: string): string {
  return join(root, 'bench', name);
}

/** What a contestant is run with to find the library as it is published: in a few files. */
export const AS_PUBLISHED = '--conditions=poe-kernel-bundle';

/** The compiled program that runs in the processes of the contestants. */
export const contestantProgram = join(here, 'contestant.js');

/** The programs that the case `start` starts. */
export const ikcProgram = join(here, 'start-ikc.js');
export const emptyProgram = join(here, 'start-empty.js');
