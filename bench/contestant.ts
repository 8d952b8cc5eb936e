/**
 * The process of one contestant that is no Perl: `node contestant.js FILE CASE CONTESTANT run|server COUNT PORT`.
 *
 * Prints count and cost of its measurement and ends; a server prints `ready` when it listens, and goes on.
 */
import { isPerl } from './bench.ts';
import { benchesOf } from './catalogue.ts';

const [file = '', name, key = '', role, count, port] = process.argv.slice(2);
const benches = await benchesOf(file);
const contestant = benches.find(({ bench }) => bench.name === name)?.bench.contestants[key];
if (contestant === undefined) throw new Error(`${file} has no ${key} of ${name}`);

if (role === 'server') {
  const { server } = contestant;
  if (server === undefined || isPerl(server)) throw new Error(`${key} of ${name} has no server here`);
  await server(Number(port));
  console.log('ready');
} else {
  if (isPerl(contestant.run)) throw new Error(`${key} of ${name} does not run here`);
  const sample = await contestant.run(Number(count), Number(port));
  console.log(`${sample.count} ${sample.cost}`);
  // Sessions and connections that were only there to be measured end with the process.
  process.exit(0);
}
