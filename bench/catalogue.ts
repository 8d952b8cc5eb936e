import { readdirSync } from 'node:fs';
import type { Bench } from './bench.ts';
import { sourceFolder } from './folders.ts';

/** One case and the file, without its ending, that it was found in. */
export interface FoundBench {
  file: string;
  bench: Bench;
}

/** All cases, by the files in `cases/`. */
export async function allBenches(): Promise<FoundBench[]> {
  const files = readdirSync(sourceFolder('cases'))
    .filter((file) => file.endsWith('.bench.ts'))
    .map((file) => file.slice(0, -'.bench.ts'.length));
  const found = await Promise.all(files.map(benchesOf));
  return found.flat();
}

/** The cases of one file. */
export async function benchesOf(file: string): Promise<FoundBench[]> {
  const { benches } = (await import(`./cases/${file}.bench.js`)) as { benches: readonly Bench[] };
  return benches.map((bench) => ({ file, bench }));
}

const GROUPS: readonly Bench['group'][] = ['local', 'timers', 'memory', 'wheels', 'ikc', 'codec', 'prefork', 'start'];

/**
 * The cases that names mean, in the order of the groups: a name is that of a group, of a file or of a case. Without names, all.
 * @throws Error for a name that means nothing.
 */
export function choose(all: readonly FoundBench[], names: readonly string[]): FoundBench[] {
  const means = ({ file, bench }: FoundBench, name: string): boolean =>
    bench.group === name || file === name || bench.name === name;
  const unknown = names.find((name) => !all.some((found) => means(found, name)));
  if (unknown !== undefined) {
    const known = [...new Set(all.flatMap(({ bench }) => [bench.group, bench.name]))].join(', ');
    throw new Error(`There is no benchmark '${unknown}'; there are ${known}`);
  }
  const chosen = names.length === 0 ? all : all.filter((found) => names.some((name) => means(found, name)));
  return [...chosen].sort((a, b) => GROUPS.indexOf(a.bench.group) - GROUPS.indexOf(b.bench.group));
}
