import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of this package, found from wherever the compiled test lies. */
export const root = findRoot(dirname(fileURLToPath(import.meta.url)));

function findRoot(folder: string): string {
  // What is compiled has a package.json of its own.
  if (existsSync(join(folder, 'package-lock.json'))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error(`No package-lock.json above ${folder}`);
  return findRoot(parent);
}

/** The command `poe` as it is published. Programs outside of this package that it runs find the published library, too. */
export const poe = join(root, 'dist/bundle/poe.js');

/**
 * What a program among the tests is run with to find the doors as they are published. None that imports inner modules: they would be a second
 * copy.
 */
export const AS_PUBLISHED = '--conditions=poe-kernel-bundle';

/** The text of a file, given by its path from the root. */
export function readText(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** The paths, from the root, of all files that git knows or would take, those deleted left out. */
export function repositoryFiles(): string[] {
  const list = execFileSync(
    'git',
    ['-c', 'safe.directory=*', 'ls-files', '--cached', '--others', '--exclude-standard', '-z'],
    {
      cwd: root,
      encoding: 'utf8',
    },
  );
  return list.split('\0').filter((path) => path !== '' && existsSync(join(root, path)));
}

/** The library's own source files: what is compiled, less tests, examples and benchmarks. */
export function librarySources(): string[] {
  return repositoryFiles().filter((path) => /^(core|wheels|components|plugins|bin)\/.*\.ts$/.test(path));
}
