/**
 * Keeps a kernel busy with everything it can do, and says whether it stays as fast as it was and holds no more than it did.
 *
 *     npm run --silent soak:kernel -- [--seconds N]      default 600
 *
 * Rates are events in a second of this process's CPU time, and thirds of the run are compared by their medians: what else goes on
 * on the machine takes its time, but hardly any of ours. Status 0 if the run is steady, otherwise 1.
 */
import { parseArgs } from 'node:util';
import { KernelLoad } from '../helpers/kernel-load.ts';
import { heldOctets, mebi } from '../helpers/memory.ts';
import { judge, type Stretch } from '../helpers/steadiness.ts';

const STRETCHES = 30;
/** From so many seconds on a run is long enough to be told by 5 % whether it slows down. */
const LONG = 300;

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '600' } } });
const seconds = Number(values.seconds);
if (!(seconds >= 1)) throw new RangeError(`Cannot run for '${values.seconds}' seconds: give a number from 1 on`);
const limits = {
  // Stretches of a short run take a fraction of a second each: caches and clock rates that neighbours change show in them.
  slower: seconds >= LONG ? 0.05 : 0.25,
  more: 2 ** 20,
};

const load = new KernelLoad();
const stretches: Stretch[] = [];
const stretchMs = (seconds * 1000) / STRETCHES;
const begin = performance.now();
let start = mark();
let warm = false;

function mark() {
  return { time: performance.now(), cpu: process.cpuUsage(), events: load.events };
}

/** Ends a stretch when it is over; false when that was the last one. */
function goOn(): boolean {
  if (performance.now() - start.time < stretchMs) return true;
  const { user, system } = process.cpuUsage(start.cpu);
  const rate = (load.events - start.events) / ((user + system) / 1e6);
  const held = heldOctets();
  // The first stretch is the compiler's.
  if (warm) {
    stretches.push({ rate, held });
    const at = ((performance.now() - begin) / 1000).toFixed(1).padStart(6);
    console.log(`${at} s  ${(rate / 1e6).toFixed(2)} M events per CPU second  ${mebi(held)} held`);
  }
  warm = true;
  start = mark();
  return stretches.length < STRETCHES - 1;
}

await load.run(goOn);
const { slower, more, steady } = judge(stretches, limits);
const percent = (part: number): string => `${(part * 100).toFixed(1)} %`;
console.log(
  `${load.events} events, ${load.visitors} sessions that came and went. The last third of the run against the first, by medians: ` +
    `${slower > 0 ? `${percent(slower)} slower` : `${percent(-slower)} faster`} (allowed: ${percent(limits.slower)} slower), ` +
    `${mebi(more)} more held (allowed: ${mebi(limits.more)}): ${steady ? 'steady' : 'NOT STEADY'}`,
);
process.exitCode = steady ? 0 : 1;
