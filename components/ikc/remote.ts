import { inspect } from 'node:util';
import { PoeUsageError } from '../../core/index.ts';
import type { CallOptions } from './awaited-calls.ts';
import type { Remote } from './contract.ts';
import { isTrue } from './perl.ts';
import { parseSpecifier, type Specifier, type SpecifierLike, specifierName } from './specifier.ts';

/** How calls of a remote wait, unless they say otherwise. */
export type RemoteOptions = Pick<CallOptions, 'timeout' | 'signal'>;

/** What a remote needs from the responder. */
export interface RemoteContext {
  call(to: SpecifierLike, params: unknown, options: CallOptions): Promise<unknown>;
  post(to: SpecifierLike, params: unknown): number | undefined;
}

type AnyEvent = ((argument?: unknown) => Promise<unknown>) & {
  with(options: CallOptions): (argument?: unknown) => Promise<unknown>;
  post(argument?: unknown): number | undefined;
};

/** Reads the specifier of a session. @throws PoeUsageError `POE_ERR_IKC_SPECIFIER`. */
export function readSession(specifier: SpecifierLike): Specifier {
  const to = parseSpecifier(specifier);
  if (to !== undefined && isTrue(to.session) && !isTrue(to.state)) return to;
  const text = typeof specifier === 'string' ? specifier : specifierName(to ?? '');
  const found = to !== undefined && isTrue(to.state) ? 'an event' : 'no session';
  throw new PoeUsageError('POE_ERR_IKC_SPECIFIER', `Cannot make a remote of '${text}': it names ${found}`, {
    hint: "Name kernel and session, as in 'poe://Pulse/timeserver'; events are its methods",
  });
}

/**
 * Makes an object whose methods are the events of a session in another kernel. What promises, JSON and JavaScript itself look for on
 * any object is no event: a remote can be awaited, printed and compared without a message going out.
 */
export function makeRemote<C>(context: RemoteContext, to: Specifier, defaults: RemoteOptions): Remote<C> {
  const name = specifierName(to);
  const target = Object.freeze({ toString: () => name, [inspect.custom]: () => `Remote ${name}` });
  const events = new Map<string, AnyEvent>();
  return new Proxy(target, {
    get(target, key) {
      if (typeof key === 'symbol' || isReserved(key)) return Reflect.get(target, key);
      let event = events.get(key);
      if (event === undefined) {
        event = makeEvent(context, { ...to, state: key }, defaults);
        events.set(key, event);
      }
      return event;
    },
  }) as unknown as Remote<C>;
}

function makeEvent(context: RemoteContext, to: Specifier, defaults: RemoteOptions): AnyEvent {
  const specifier = { ...to };
  const calling = (options: CallOptions) => (argument?: unknown) => context.call(specifier, argument, options);
  return Object.assign(calling(defaults), {
    with: (options: CallOptions) => calling({ ...defaults, ...options }),
    post: (argument?: unknown) => context.post(specifier, argument),
  });
}

function isReserved(key: string): boolean {
  return key === 'then' || key === 'toJSON' || key in Object.prototype;
}
