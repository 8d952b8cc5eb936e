import { setTimeout as sleep } from 'node:timers/promises';
import { checkAddress } from './address.ts';
import { failAs, type PeerOptions, withServer } from './connect.ts';

/** `poe ping`: asks a kernel whether it answers, and how soon. */
export function ping(
  address: string | undefined,
  options: PeerOptions & { count?: number; interval?: number },
): Promise<void> {
  const { count = 1, interval = 1, json } = options;
  checkAddress(address, options);
  return withServer(address, options, async (client) => {
    for (let n = 1; n <= count; n++) {
      const began = performance.now();
      if (!(await client.ping())) failAs(client);
      const milliseconds = Number((performance.now() - began).toFixed(3));
      const kernel = client.serverNames[0];
      console.log(json ? JSON.stringify({ kernel, milliseconds }) : `PONG from ${kernel}: ${milliseconds} ms`);
      if (n < count) await sleep(interval * 1000);
    }
  });
}
