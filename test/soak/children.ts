/**
 * Runs children one after another, some at once, each of which gives back what it is given. Then nothing must be left of them.
 *
 *     npm run --silent soak:children [children]      default 1,000
 */
import assert from 'node:assert/strict';
import { Children } from '../helpers/children.ts';

const count = Number(process.argv[2] ?? 1000);
const children = new Children(20);
await children.run(40);
const start = children.counts();
const memory = process.memoryUsage().rss;
const began = Date.now();
const octets = await children.run(count);
const seconds = (Date.now() - began) / 1000;
assert.equal(octets, count * Children.OCTETS);
assert.deepEqual(await children.atRest(start), start);
const grown = (process.memoryUsage().rss - memory) / 2 ** 20;
console.log(
  `${count} children in ${seconds.toFixed(1)} s, ${(octets / 1e6).toFixed(0)} MB each way; descriptors ${start.descriptors}, handles ` +
    `${start.handles}, sessions ${start.sessions}, zombies ${start.zombies} as before; ${grown.toFixed(1)} MiB more resident`,
);
