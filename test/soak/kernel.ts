/**
 * Keeps a kernel busy with everything it can do, and says whether it stays as fast as it was and holds no more than it did.
 *
 *     npm run --silent soak:kernel -- [--seconds N]      default 600
 *
 * What else goes on on the machine should not matter. So it counts events in a second of this process's own CPU time; in between,
 * again and again, it gives a new kernel the same work for a moment, and sets the old one's rate against the new one's; and it
 * compares thirds of the run by their medians. Status 0 if the run is steady, otherwise 1.
 */
import { parseArgs } from 'node:util';
import { KernelLoad } from '../helpers/kernel-load.ts';
import { heldOctets, mebi } from '../helpers/memory.ts';
import { judge, type Stretch } from '../helpers/steadiness.ts';

const STRETCHES = 30;
/** New kernels there are in a run, as many in a short one as in a long one: each costs the engine below some octets for good. */
const NEW_KERNELS = 600;
/** From so many seconds on a run is long enough to be told by 5 % whether it slows down. */
const LONG = 300;

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '600' } } });
const seconds = Number(values.seconds);
if (!(seconds >= 1)) throw new RangeError(`Cannot run for '${values.seconds}' seconds: give a number from 1 on`);
const limits = {
  // Stretches of a short run take a fraction of a second each, and scatter. What gets worse with every event shows all the
  // same: it makes a kernel many times slower within some million of them.
  slower: seconds >= LONG ? 0.05 : 0.3,
  more: 2 ** 20,
};

/** Events, and the CPU time they took in seconds. */
class Work {
  events = 0;
  seconds = 0;

  add(events: number, since: NodeJS.CpuUsage): void {
    const { user, system } = process.cpuUsage(since);
    this.events += events;
    this.seconds += (user + system) / 1e6;
  }

  get rate(): number {
    return this.events / this.seconds;
  }
}

/** The old kernel works for so long, then a new one for half of that. */
const oldMs = (seconds * 1000) / NEW_KERNELS / 1.5;
const load = new KernelLoad();
const begin = performance.now();
const stretches: Stretch[] = [];
let [ofOld, ofNew] = [new Work(), new Work()];
let stretchBegin = begin;
let warm = false;
/** When the old kernel went on last, and after how many events. */
let resumed = { time: begin, cpu: process.cpuUsage(), events: 0 };

async function goOn(): Promise<boolean> {
  if (performance.now() - resumed.time < oldMs) return true;
  ofOld.add(load.events - resumed.events, resumed.cpu);
  await giveNewKernelWork();
  const more = performance.now() - stretchBegin < (seconds * 1000) / STRETCHES || endStretch();
  resumed = { time: performance.now(), cpu: process.cpuUsage(), events: load.events };
  return more;
}

async function giveNewKernelWork(): Promise<void> {
  const [time, cpu] = [performance.now(), process.cpuUsage()];
  const fresh = new KernelLoad();
  await fresh.run(() => performance.now() - time < oldMs / 2);
  ofNew.add(fresh.events, cpu);
}

/** Whether another one is to follow. */
function endStretch(): boolean {
  const held = heldOctets();
  // The first stretch is the compiler's.
  if (warm) {
    stretches.push({ rate: ofOld.rate / ofNew.rate, held });
    const at = ((performance.now() - begin) / 1000).toFixed(1).padStart(6);
    const [perSecond, relative] = [(ofOld.rate / 1e6).toFixed(2), (ofOld.rate / ofNew.rate).toFixed(3)];
    console.log(`${at} s  ${perSecond} M events per CPU second, ${relative} of a new kernel's  ${mebi(held)} held`);
  }
  warm = true;
  [ofOld, ofNew] = [new Work(), new Work()];
  stretchBegin = performance.now();
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
