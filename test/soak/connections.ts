/**
 * Connects to an IKC server of ours and leaves without a word, over and over, as port scans do; a genuine server ends at the
 * first. Then as many clients of a `ServerTCP` ask something and leave. Nothing must be left of them, and the servers must serve.
 *
 *     npm run --silent soak:connections [times]      default 10,000
 */
import assert from 'node:assert/strict';
import { EchoServer } from '../helpers/echo-server.ts';
import { TestServer } from '../helpers/ikc-server.ts';
import { knock } from '../helpers/knock.ts';

const times = Number(process.argv[2] ?? 10_000);

await TestServer.use({}, async (server) => {
  await knock(server.port, 100);
  await server.serves();
  const start = await server.atRest();
  const memory = process.memoryUsage().rss;
  const began = Date.now();
  await knock(server.port, times);
  const seconds = (Date.now() - began) / 1000;
  await server.serves();
  await server.backTo(start);
  const grown = (process.memoryUsage().rss - memory) / 2 ** 20;
  console.log(
    `${times} connections in ${seconds.toFixed(1)} s; sessions ${start.sessions}, descriptors ${start.descriptors} as before; ` +
      `${grown.toFixed(1)} MiB more resident; ${server.warnings.length} warnings`,
  );
});

const echo = new EchoServer();
await echo.serve(100);
const start = echo.held();
const began = Date.now();
await echo.serve(times);
const seconds = (Date.now() - began) / 1000;
await knock(echo.port, 100);
assert.deepEqual(await echo.atRest(start), start);
await echo.stop();
console.log(
  `${times} clients of a ServerTCP in ${seconds.toFixed(1)} s; sessions ${start.sessions}, descriptors ${start.descriptors}, ` +
    `watched handles ${start.handles} as before`,
);
