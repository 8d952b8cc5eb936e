import { failAs, type PeerOptions, withEvent } from './connect.ts';
import { readValue, showValue } from './values.ts';

/** `poe call`: calls an event and prints what it returns. */
export function call(
  spec: string,
  value: string | undefined,
  options: PeerOptions & { list?: boolean },
): Promise<void> {
  return withEvent(spec, options, async (client, event) => {
    const answer = await (options.list
      ? client.callList(event, readValue(value))
      : client.call(event, readValue(value)));
    if (answer === undefined) failAs(client);
    console.log(showValue(answer, options.json));
  });
}
