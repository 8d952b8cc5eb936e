import { createInterface } from 'node:readline';
import { fail } from '../fail.ts';
import { startProgress } from '../progress.ts';
import { failAs, type PeerOptions, withEvent } from './connect.ts';
import { readValue } from './values.ts';

/** Posts between two questions whether the server has come so far. */
const AT_ONCE = 256;

/**
 * `poe post`: posts one value, or one of each line of standard input. A ping behind them is answered when they have been handled, and
 * what the server refuses has been told by then.
 */
export async function post(spec: string, value: string | undefined, options: PeerOptions): Promise<void> {
  let refused: string | undefined;
  const onError = (text: string): void => {
    refused ??= text;
  };
  let sent = 0;
  await withEvent(
    spec,
    options,
    async (client, event) => {
      const confirm = async (): Promise<void> => {
        if (!(await client.ping())) failAs(client);
        if (refused !== undefined) fail(refused);
      };
      const progress = startProgress('posted');
      for await (const line of value === '-' ? createInterface({ input: process.stdin }) : [value]) {
        if ((await client.post(event, readValue(line))) === undefined) failAs(client);
        if (++sent % AT_ONCE === 0) await confirm();
        progress.update(sent);
      }
      await confirm();
      progress.stop();
    },
    { onError },
  );
  if (options.json) console.log(JSON.stringify({ posted: sent }));
}
