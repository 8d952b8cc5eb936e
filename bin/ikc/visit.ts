import { Client, type ClientOptions, type OnError, Responder } from '../../components/ikc/index.ts';
import { Kernel, Session } from '../../core/index.ts';
import { EXIT } from '../exit.ts';
import { fail } from '../fail.ts';
import { DEFAULT_PLACE, placeName, splitAddress } from './address.ts';
import type { PeerOptions } from './connect.ts';

type States = NonNullable<Parameters<typeof Session.create>[0]['inlineStates']>;

/** A kernel of the command's own, connected to a server. */
export interface Visit {
  readonly ikc: Responder;
  /** What is left of the command line's text without the address. */
  readonly rest: string;
  /** Ends it; the command ends with a status, and with a reason if there is one. */
  end(status?: number, why?: string): void;
}

/** The session of the command, which other kernels may post to. */
export const SESSION = 'poe';

/**
 * Connects as a kernel and stays until it is ended, by what happens or by Ctrl-C.
 *
 * @param begin - Makes the states of the session `poe`; `_leave` and `_interrupted` are its own. `_start` is called before the connection is made.
 */
export async function visit(
  text: string | undefined,
  options: PeerOptions,
  link: Pick<ClientOptions, 'reconnect' | 'heartbeat'>,
  begin: (visit: Visit) => States,
): Promise<void> {
  const { place = DEFAULT_PLACE, rest } = splitAddress(text, options);
  const kernel = new Kernel();
  const ikc = Responder.spawn({ kernel });
  let client: number | undefined;
  let ended = false;
  let result: { status: number; why?: string | undefined } = { status: 0 };
  const end = (status = 0, why?: string): void => {
    if (ended) return;
    ended = true;
    result = { status, why };
    // What still comes is not looked at: nobody would hear of it.
    if (client !== undefined) kernel.call(client, 'shutdown');
    kernel.post(SESSION, '_leave');
    ikc.shutdown();
  };
  const { _start, ...states } = begin({ ikc, rest, end });
  Session.create({
    kernel,
    inlineStates: {
      ...states,
      _start(context, ...args) {
        context.kernel.aliasSet(SESSION);
        context.kernel.sig('INT', '_interrupted');
        return _start?.(context, ...args);
      },
      _interrupted({ kernel }) {
        kernel.sigHandled();
        end();
      },
      _leave({ kernel }) {
        kernel.sig('INT');
        kernel.aliasRemove(SESSION);
        kernel.alarmRemoveAll();
      },
    },
  });
  const onError: OnError = (operation, _errno, message) =>
    end(EXIT.unreachable, `Cannot connect to ${placeName(place)}: ${operation}: ${message}`);
  client = Client.spawn({
    kernel,
    ...place,
    ...link,
    name: options.name,
    protocol: options.protocol,
    serializers: [options.serializer],
    limits: { handshakeTimeout: options.timeout },
    // One that tries again has monitors told of what went wrong.
    ...(link.reconnect ? {} : { onError }),
  });
  await kernel.run();
  if (result.why !== undefined) fail(result.why, result.status);
  process.exitCode = result.status;
}
