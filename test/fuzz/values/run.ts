/**
 * Sends random values through real Perl's Storable, and random messages through servers of the interop contract:
 *
 *     npm run fuzz:values -- --count 100000 --seed 1
 *
 * The values are those of the seeds from the given one on. A server is ours, and a genuine one if IKC_LIB names the folder of IKC.
 */
import { parseArgs } from 'node:util';
import { startOurServer, startPerlServer, whyNoIkc } from '../../helpers/interop.ts';
import { throughServer } from './live.ts';
import { throughStorable, whyNoStorable } from './perl.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
  },
});
const count = Number(values.count);
const seed = Number(values.seed);
console.log(`${count} values, seed ${seed}`);

async function timed(what: string, why: string | undefined, work: () => Promise<void> | void): Promise<void> {
  if (why !== undefined) return console.log(`${what}: left out, ${why}`);
  const start = performance.now();
  await work();
  console.log(`${what}: all came through, ${((performance.now() - start) / 1000).toFixed(1)} s`);
}

async function live(start: typeof startOurServer, flags: boolean): Promise<void> {
  const server = await start({ transport: 'TCP', protocol: 'IKC0' });
  try {
    await throughServer(count, seed, server.address, flags);
  } finally {
    await server.stop();
  }
}

try {
  await timed("Perl's Storable", whyNoStorable(), () => throughStorable(count, seed));
  await timed('our server', undefined, () => live(startOurServer, false));
  await timed('a genuine server', whyNoIkc(), () => live(startPerlServer, true));
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
