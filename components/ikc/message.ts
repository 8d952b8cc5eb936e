import { PoeDataError, PoeUsageError } from '../../core/errors.ts';
import type { ThawOptions } from '../../wheels/filters/index.ts';
import { bare, isHash, isTrue } from './perl.ts';
import { parseSpecifier, type Specifier, type SpecifierLike } from './specifier.ts';

/** A specifier as hash, as it travels: not normalised, names perhaps numbers. It goes back just as it came. */
export interface WireSpecifier {
  readonly kernel?: unknown;
  readonly session?: unknown;
  readonly state?: unknown;
  readonly args?: unknown;
}

/** A message as it is sent. */
export interface WireMessage {
  /** What to invoke. */
  event: SpecifierLike | WireSpecifier;
  /** The one argument; for {@link PROXY_STATE} the event's name and the list of its arguments; for {@link ERROR_STATE} text, kernel and stage. */
  params?: unknown;
  /** Where to send the value. */
  rsvp?: SpecifierLike | WireSpecifier;
  /** Who posts. Missing for sessions that have published nothing. */
  from?: WireSpecifier;
  /** Context of a call, sent by ClientLite: `'1'` list, `''` scalar, `null` none. */
  wantarray?: '1' | '' | null;
  /** This is about an error, and must not be answered by one. */
  is_error?: 1;
  /** Text by name beside the value, such as a trace context. Not of IKC; a genuine peer passes over keys that it does not know. */
  headers?: Readonly<Record<string, string>>;
}

/** Where in the handling of a request an error came up. */
export type ErrorStage = 'request' | 'check' | 'resolve' | 'invocation';

/** The state of messages that carry the name of the event, and its arguments, in `params`. */
export const PROXY_STATE = 'IKC:proxy';
/** The session of the responder. */
export const IKC_SESSION = 'IKC';
/** The state of the responder that is told of errors. */
export const ERROR_STATE = 'remote_error';

/** Whether the answer to a message is awaited here, and does not go to an event: by a call, a subscription or a ping. */
export function isAwaited({ rsvp }: WireMessage): boolean {
  return isHash(rsvp) && rsvp.session === IKC_SESSION;
}

/** A message as it was received, checked. */
export interface IkcMessage {
  /** What to invoke; `undefined` for a specifier that cannot be read, which is answered like an empty one. */
  event: Specifier | undefined;
  /** `null` if there was none. */
  params: unknown;
  /** As it came, to be sent back unchanged. */
  rsvp: SpecifierLike | undefined;
  /** As it came. It is the peer's claim, and nothing more. */
  from: WireSpecifier | undefined;
  wantarray: boolean;
  isError: boolean;
  /** As they came; undefined if there were none. */
  headers: unknown;
}

/** How received values look. Strings are JavaScript's own, since the names in a message are read from them. */
export interface MessageThawOptions extends ThawOptions {
  strings?: 'characters' | 'utf8';
}

/** @throws PoeUsageError `POE_ERR_IKC_PARAMETER` for strings that would hide the names in a message. */
export function checkThaw(what: string, { strings = 'characters' }: MessageThawOptions = {}): void {
  if (strings === 'characters' || strings === 'utf8') return;
  const found = `strings as '${String(strings)}' would hide the names in a message`;
  throw new PoeUsageError('POE_ERR_IKC_PARAMETER', `Cannot start ${what}: ${found}`, {
    hint: "Use 'characters' or 'utf8'",
  });
}

/**
 * Checks a value that a frame has carried.
 *
 * `errors_to` and `call`, which receivers write into a message for themselves, are left out even if they came over the
 * wire, and so are unknown keys.
 *
 * @throws PoeDataError `POE_ERR_IKC_MESSAGE` for a value that is no hash, an `rsvp` that is neither text nor a hash of
 * names, and a `from` that is no hash of names; a genuine peer dies of these, at once or later.
 */
export function readMessage(value: unknown): IkcMessage {
  if (!isHash(value)) return refuse('it is no hash');
  const message = bare(value);
  const { rsvp, from } = message;
  // POE: Responder asks whether rsvp and from are true, so undef, '', 0 and '0' are as good as none.
  // Text in rsvp may be anything: what it does not lead to is just not answered.
  if (isTrue(rsvp) && typeof rsvp !== 'string' && !parseSpecifier(rsvp)) return refuse('its rsvp is no specifier');
  if (isTrue(from) && !(isHash(from) && parseSpecifier(from))) return refuse('its from is no hash with names');
  return {
    event: parseSpecifier(message.event),
    params: message.params ?? null,
    rsvp: isTrue(rsvp) ? (rsvp as SpecifierLike) : undefined,
    from: isTrue(from) ? (from as WireSpecifier) : undefined,
    wantarray: isTrue(message.wantarray),
    isError: isTrue(message.is_error),
    headers: message.headers,
  };
}

function refuse(found: string): never {
  throw new PoeDataError('POE_ERR_IKC_MESSAGE', `Cannot read a message: ${found}`, {
    hint: 'The other side speaks another protocol behind the handshake, or is broken',
  });
}
