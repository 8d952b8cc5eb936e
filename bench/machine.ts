import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { packageFile } from './folders.ts';
import { perlVersion } from './perl.ts';

/** One line about what was measured on what. */
export function machineLine(): string {
  const { name, version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { name: string; version: string };
  const processors = cpus();
  const perl = (['perl', 'POE', 'POE::Component::IKC', 'Storable'] as const)
    .map((what) => [what, perlVersion(what)] as const)
    .filter(([, found]) => found !== undefined)
    .map(([what, found]) => `${what} ${found}`);
  return [
    `${name} ${version}`,
    `node ${process.version}`,
    ...perl,
    `${process.platform} ${process.arch}`,
    `${processors.length} × ${processors[0]?.model ?? 'unknown processor'}`,
  ].join(', ');
}
