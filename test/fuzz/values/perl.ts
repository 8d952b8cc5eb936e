/** Random values through real Perl's Storable and back. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Storable } from '../../../wheels/filters/freezers/storable/index.ts';
import { root } from '../../helpers/repository.ts';
import { difference } from './carries.ts';
import { cases } from './generate.ts';

/** Why there is no Perl to ask; undefined if there is. */
export function whyNoStorable(): string | undefined {
  const { error, status } = spawnSync('perl', ['-MStorable', '-e', '1']);
  if (error !== undefined) return `no perl: ${error.message}`;
  return status === 0 ? undefined : 'this perl has no Storable';
}

const ORDERS = ['network', 'native'] as const;
/** Values that one Perl process is given. */
const BATCH = 12_500;

/**
 * Freezes random values here, has Perl thaw and freeze them again, thaws that, and compares; the first half in network order, the other
 * one in Perl's own.
 *
 * @throws Error that names the seed of the first value that did not come through.
 */
export function throughStorable(count: number, seed: number): void {
  for (let done = 0; done < count; done += BATCH) {
    const order = done * 2 < count ? ORDERS[0] : ORDERS[1];
    throughPerl(Math.min(BATCH, count - done), seed + done, order);
  }
}

function throughPerl(count: number, seed: number, byteOrder: (typeof ORDERS)[number]): void {
  const storable = new Storable({ byteOrder, strings: 'exact' });
  const sent = cases(count, seed);
  const images = sent.map(({ value }) => Buffer.from(storable.freeze([value])));
  const input = Buffer.concat(images.flatMap((image) => [lengthOf(image), image]));
  const script = join(root, 'test/fuzz/values/thaw-freeze.pl');
  const perl = spawnSync('perl', [script, byteOrder], { input, maxBuffer: 2 ** 30 });
  if (perl.status !== 0) throw new Error(`perl ended with status ${perl.status}: ${perl.stderr}`);
  let at = 0;
  for (const [index, { seed, value }] of sent.entries()) {
    const length = perl.stdout.readUInt32BE(at);
    const again = perl.stdout.subarray(at + 4, at + 4 + length);
    at += 4 + length;
    const fail = (what: string): never => {
      throw new Error(`npm run fuzz:values -- --count 1 --seed ${seed} (${byteOrder} order): ${what}`);
    };
    if (length === 0) fail(`Perl cannot thaw it: ${perl.stderr}`);
    const here = difference([value], storable.thaw(images[index] as Buffer));
    if (here !== undefined) fail(`frozen and thawed here, ${here}`);
    const there = difference([value], storable.thaw(again));
    if (there !== undefined) fail(`through Perl, ${there}`);
  }
}

function lengthOf(image: Uint8Array): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(image.length);
  return head;
}
