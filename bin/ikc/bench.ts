import type { ClientLite } from '../../components/ikc/index.ts';
import { fail } from '../fail.ts';
import { startProgress } from '../progress.ts';
import { failAs, type PeerOptions, withEvent } from './connect.ts';
import { readValue } from './values.ts';

interface BenchOptions extends PeerOptions {
  seconds?: number;
  inFlight?: number;
  post?: boolean;
}

/** Posts that are sent before a ping asks whether they have been taken. */
const BATCH = 100;

/** `poe bench`: calls or posts for a time, or until Ctrl-C, and says how many a second and how long one took. */
export async function bench(spec: string, value: string | undefined, options: BenchOptions): Promise<void> {
  const { seconds = 5, inFlight = 1, post = false, json } = options;
  let refused: string | undefined;
  const onError = (text: string): void => {
    refused ??= text;
  };
  const rounds: number[] = [];
  let milliseconds = 0;
  await withEvent(
    spec,
    options,
    async (client, event) => {
      const params = readValue(value);
      const round = post ? () => postBatch(client, event, params) : () => callOnce(client, event, params);
      const progress = startProgress('seconds', seconds);
      const began = performance.now();
      let until = began + seconds * 1000;
      const stop = (): void => {
        until = 0;
      };
      process.on('SIGINT', stop);
      const work = async (): Promise<void> => {
        do {
          const before = performance.now();
          await round();
          if (refused !== undefined) fail(refused);
          const now = performance.now();
          rounds.push(now - before);
          progress.update(Math.min(seconds, Math.floor((now - began) / 1000)));
        } while (performance.now() < until);
      };
      await Promise.all(Array.from({ length: inFlight }, work));
      process.off('SIGINT', stop);
      milliseconds = performance.now() - began;
      progress.stop();
    },
    { onError },
  );
  rounds.sort((a, b) => a - b);
  const messages = rounds.length * (post ? BATCH : 1);
  const result = {
    [post ? 'posts' : 'calls']: messages,
    perSecond: Math.round((messages / milliseconds) * 1000),
    median: quantile(rounds, 0.5),
    p95: quantile(rounds, 0.95),
    p99: quantile(rounds, 0.99),
    longest: quantile(rounds, 1),
  };
  if (json) console.log(JSON.stringify(result));
  else {
    console.log(`${messages} ${post ? 'posts' : 'calls'}, ${result.perSecond} a second, ${inFlight} at a time`);
    const { median, p95, p99, longest } = result;
    const what = post ? `${BATCH} posts and a ping` : 'a call';
    console.log(`${what}: ${median} ms (median), 95 %: ${p95}, 99 %: ${p99}, longest: ${longest}`);
  }
}

async function callOnce(client: ClientLite, event: string, params: unknown): Promise<void> {
  if ((await client.call(event, params)) === undefined) failAs(client);
}

async function postBatch(client: ClientLite, event: string, params: unknown): Promise<void> {
  for (let n = 0; n < BATCH; n++) if ((await client.post(event, params)) === undefined) failAs(client);
  if (!(await client.ping())) failAs(client);
}

/** The value below which a share of them is, in milliseconds. */
function quantile(sorted: readonly number[], share: number): number {
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return Number(value.toFixed(3));
}
