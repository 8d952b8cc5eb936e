/**
 * Restarts a server a thousand times under a client that reconnects, and says whether names, proxies, subscriptions and monitors are back
 * each time, and whether the client holds no more than it did.
 *
 *     npm run --silent soak:restarts -- [--restarts N]      default 1000
 *
 * Time and network are simulated. Status 0 if all is well, otherwise 1.
 */
import { parseArgs } from 'node:util';
import { IkcWorld } from '../helpers/ikc-world.ts';
import { heldOctets, mebi } from '../helpers/memory.ts';
import { Restarts } from '../helpers/restarts.ts';
import { judge, type Stretch } from '../helpers/steadiness.ts';

const STRETCHES = 20;

const { values } = parseArgs({ options: { restarts: { type: 'string', default: '1000' } } });
const count = Number(values.restarts);
if (!(count >= STRETCHES)) throw new RangeError(`Cannot restart '${values.restarts}' times: give ${STRETCHES} or more`);

await IkcWorld.use(async (world) => {
  const restarts = await Restarts.begin(world);
  const sessions = restarts.client.kernel.getSessionCount();
  const stretches: Stretch[] = [];
  for (let stretch = 0; stretch < STRETCHES; stretch++) {
    const begin = performance.now();
    for (let n = 0; n < count / STRETCHES; n++) await restarts.again();
    const rate = count / STRETCHES / ((performance.now() - begin) / 1000);
    const held = heldOctets();
    stretches.push({ rate, held });
    console.log(`${((stretch + 1) * count) / STRETCHES} restarts: ${mebi(held)}, ${rate.toFixed()} a second`);
  }
  const more = restarts.client.kernel.getSessionCount() - sessions;
  // The first stretches are the compiler's, and what it holds grows by some hundred KiB all along; of the program nothing may be left over.
  const verdict = judge(stretches.slice(2), { slower: 1, more: 2 ** 21 });
  console.log(
    `${verdict.steady && more === 0 ? 'steady' : 'NOT STEADY'}: ${mebi(verdict.more)} more held, ${more} more sessions`,
  );
  if (!verdict.steady || more !== 0) process.exitCode = 1;
});
