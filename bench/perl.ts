import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { PerlProgram } from './bench.ts';
import { sourceFolder } from './folders.ts';

const { IKC_LIB } = process.env;
const switches = IKC_LIB === undefined || IKC_LIB === '' ? [] : [`-I${IKC_LIB}`];
const versions = new Map<PerlProgram['needs'] | 'perl', string | undefined>();

/**
 * The version of a module of Perl, or of Perl itself; undefined if there is none. IKC is looked for in the folder that
 * the environment variable IKC_LIB names, too.
 */
export function perlVersion(what: PerlProgram['needs'] | 'perl'): string | undefined {
  if (!versions.has(what)) versions.set(what, askVersion(what));
  return versions.get(what);
}

function askVersion(what: PerlProgram['needs'] | 'perl'): string | undefined {
  const load =
    what === 'perl'
      ? ['-e', 'print $^V']
      : // IKC has its version in a file that loads nothing; its server is what has to load.
        [
          `-M${what}`,
          ...(what === 'POE::Component::IKC' ? [`-M${what}::Server`, `-M${what}::ClientLite`] : []),
          '-e',
          `print $${what}::VERSION`,
        ];
  // POE warns if it was loaded and never run.
  const { status, stdout } = spawnSync('perl', [...switches, ...load], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return status === 0 && stdout !== '' ? stdout : undefined;
}

/** Command line of a case's Perl program. */
export function perlCommand(file: string, program: PerlProgram, count: number, port: number): string[] {
  const script = join(sourceFolder('cases'), `${file}.pl`);
  return ['perl', ...switches, script, ...program.args, String(count), String(port)];
}
