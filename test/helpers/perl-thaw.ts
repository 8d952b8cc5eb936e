/** Lets real Perl thaw what we froze. One process reads many images. */
import { Buffer } from 'node:buffer';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fixture } from './fixture.ts';
import type { NeutralNode } from './neutral.ts';

/** What Perl thaws with; `Dumper` evaluates the text, as IKC's own serializer does. */
export type PerlThawer = 'Storable' | 'FreezeThaw' | 'Dumper';

/** Why this machine cannot run {@link perlThaw}; undefined if it can. The value suits the option `skip` of a test. */
export function whyNoPerl(thawer: PerlThawer): string | undefined {
  const modules = ['JSON::PP', ...(thawer === 'Dumper' ? [] : [thawer])];
  const { status, error } = spawnSync('perl', [...modules.map((module) => `-M${module}`), '-e', '1']);
  if (error !== undefined) return `no perl: ${error.message}`;
  return status === 0 ? undefined : `this perl has not all of ${modules.join(', ')}`;
}

/** What Perl made of the images, and whether anything in them was run. */
export interface PerlThawed {
  readonly nodes: NeutralNode[];
  /** `{ canary: 'alive', file: 'absent' }`, unless an image was run as code. */
  readonly canary: { canary: string; file: string };
}

/**
 * Thaws images in one Perl process.
 *
 * @param makeImages - Is given the path of a file that does not exist; an image that were run could make it.
 */
export function perlThaw(thawer: PerlThawer, makeImages: (canaryFile: string) => readonly Uint8Array[]): PerlThawed {
  const folder = mkdtempSync(join(tmpdir(), 'poe-kernel-thaw-'));
  try {
    const canaryFile = join(folder, 'canary');
    const images = makeImages(canaryFile).map((image) => {
      const head = Buffer.alloc(4);
      head.writeUInt32BE(image.length);
      return Buffer.concat([head, image]);
    });
    const perl = spawnSync('perl', [fixture('ikc/thaw.pl'), thawer, canaryFile], {
      input: Buffer.concat(images),
      maxBuffer: 2 ** 28,
      encoding: 'utf8',
    });
    if (perl.status !== 0) throw new Error(`perl ended with status ${perl.status}: ${perl.stderr}`);
    const lines = perl.stdout.trimEnd().split('\n');
    const canary = JSON.parse(lines.pop() as string) as PerlThawed['canary'];
    if (existsSync(canaryFile)) canary.file = 'made';
    return { nodes: lines.map((line) => JSON.parse(line) as NeutralNode), canary };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
