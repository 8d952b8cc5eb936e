import { ClientLite, type ClientLiteOptions, type Protocol, parseSpecifier } from '../../components/ikc/index.ts';
import { EXIT } from '../exit.ts';
import { fail } from '../fail.ts';
import { DEFAULT_PLACE, type Place, type PlaceOptions, placeName, splitAddress } from './address.ts';

/** What every command that talks to a server takes. */
export interface PeerOptions extends PlaceOptions {
  name?: string;
  timeout: number;
  protocol: Protocol;
  serializer: string;
  json?: boolean;
}

/**
 * Connects to a server, does something, and disconnects.
 *
 * @param text - A specifier or an address; `act` gets what is left of it without the address.
 */
export async function withServer(
  text: string | undefined,
  options: PeerOptions,
  act: (client: ClientLite, rest: string, place: Place) => Promise<void>,
  more: Pick<ClientLiteOptions, 'onError'> = {},
): Promise<void> {
  const { place = DEFAULT_PLACE, rest } = splitAddress(text, options);
  const { name, timeout, protocol, serializer: serialiser } = options;
  const client = await ClientLite.spawn({ ...place, name, timeout, protocol, serialiser, ...more });
  if (client === undefined) fail(`Cannot connect to ${placeName(place)}: ${ClientLite.error()}`, EXIT.unreachable);
  try {
    await act(client, rest, place);
  } finally {
    // What was written still leaves.
    client.disconnect();
  }
}

/** {@link withServer} for an event. What names none ends the command before anything is sent. */
export function withEvent(
  spec: string,
  options: PeerOptions,
  act: (client: ClientLite, event: string) => Promise<void>,
  more: Pick<ClientLiteOptions, 'onError'> = {},
): Promise<void> {
  const { rest } = splitAddress(spec, options);
  const to = parseSpecifier(rest.startsWith('poe:') ? rest : `poe://server/${rest}`);
  if (!to?.session || !to.state) fail(`'${spec}' names no event of a session`, EXIT.usage);
  return withServer(spec, options, act, more);
}

const STATUS = { connect: EXIT.unreachable, timeout: EXIT.timeout, refused: EXIT.error } as const;

/** Ends the command with what the last request came to. */
export function failAs(client: ClientLite): never {
  const failure = client.failure();
  fail(
    client.error(),
    failure !== undefined && failure in STATUS ? STATUS[failure as keyof typeof STATUS] : EXIT.error,
  );
}
