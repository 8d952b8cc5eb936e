/**
 * Follows files that another process writes and rotates in every way there is: renamed, removed, replaced by an empty one, copied and cut
 * off, while the writer goes on with the old one for a while. Every line has to come once and in order, and nothing be left at the end.
 *
 *     npm run --silent soak:tails [-- --files N --rotations N --period S --rate N]
 *
 * Default: 200 files of 50,000 lines a second in all, each rotated 100 times, every 5 seconds.
 */
import { parseArgs } from 'node:util';
import { followRotatingFiles } from '../helpers/tails.ts';

const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '200' },
    rotations: { type: 'string', default: '100' },
    period: { type: 'string', default: '5' },
    rate: { type: 'string', default: '50000' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
  },
});
const [files, rotations, period, rate, seed] = [
  values.files,
  values.rotations,
  values.period,
  values.rate,
  values.seed,
].map(Number) as [number, number, number, number, number];
console.log(`${files} files, ${rotations} rotations each, ${rate} lines a second, seed ${seed}`);
let seconds = 0;
const { lines, seconds: took } = await followRotatingFiles({
  files,
  rotations,
  period,
  rate,
  seed,
  pollInterval: 0.1,
  progress(sum) {
    if (++seconds % 10 === 0) console.log(`${seconds} s  ${sum} lines`);
  },
});
console.log(
  `${lines} lines in ${took.toFixed(1)} s, ${Math.round(lines / took)} a second, each once and in order; ` +
    'no descriptor, watcher or session is left',
);
