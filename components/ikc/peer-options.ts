import { PoeUsageError } from '../../core/index.ts';
import { FREEZER_NAMES, type Freezer, freezerFor } from '../../wheels/index.ts';
import { type Protocol, ServerHandshake } from './handshake/index.ts';
import { type HeartbeatOptions, readHeartbeat } from './heartbeat.ts';
import { type ChannelLimits, DEFAULT_CHANNEL_LIMITS } from './limits.ts';
import { checkThaw, type MessageThawOptions } from './message.ts';
import { announcedNames } from './names.ts';
import { checkKnown, refuse } from './parameters.ts';

/** Told of trouble while connecting and shaking hands: operation, errno and text. */
export type OnError = (operation: string, errno: number, message: string) => void;

/** What Server and Client pass on to their channels. */
export interface PeerOptions {
  /** Name of this kernel. */
  name?: string | undefined;
  /** More names of it. */
  aliases?: readonly string[] | undefined;
  /** How to shake hands: `IKC0` (default) in one line each, `IKC` step by step. Either falls back where the peer needs it. */
  protocol?: Protocol | undefined;
  /**
   * The serializers, the best one first: names of those that there are, or one of your own, which is offered under its name.
   * Default: Storable, FreezeThaw, POE::Component::IKC::Freezer.
   */
  serializers?: string | readonly (string | Freezer)[] | undefined;
  /** Turns numbers that travelled as text, as `"1.5"` does, back into numbers. Default false. */
  numericStrings?: boolean | undefined;
  /** How received values look otherwise. */
  thaw?: MessageThawOptions | undefined;
  onError?: OnError | undefined;
  /**
   * Pings an idle peer and closes the link if nothing comes: by default when idle for 20 s, closed after 3 intervals. False: never.
   * Genuine Perl kernels answer without a word; one that works for 50 s in one handler is closed: give it more misses, or false.
   */
  heartbeat?: boolean | HeartbeatOptions | undefined;
  limits?: Partial<ChannelLimits> | undefined;
}

const PEER_PARAMETERS = [
  'name',
  'aliases',
  'protocol',
  'serializers',
  'numericStrings',
  'thaw',
  'onError',
  'heartbeat',
  'limits',
] as const satisfies readonly (keyof PeerOptions)[];

function listed({ serializers = FREEZER_NAMES }: PeerOptions): readonly (string | Freezer)[] {
  return typeof serializers === 'string' ? [serializers] : serializers;
}

/** The names of the serializers of one side, the best one first. */
export function serializersOf(options: PeerOptions): readonly string[] {
  return listed(options).map((each) => (typeof each === 'string' ? each : each.name));
}

/** The serializer of a name: one of the program's own, or one that is known, for values as the options say. */
export function freezerOf(name: string, options: PeerOptions): Freezer | undefined {
  const own = listed(options).find((each) => typeof each !== 'string' && each.name === name);
  if (own !== undefined) return own as Freezer;
  const { numericStrings, thaw = {} } = options;
  return freezerFor(name)?.(numericStrings === undefined ? thaw : { ...thaw, numericStrings });
}

/** Refuses parameters that nobody knows. */
export function checkParameters(what: string, options: object, own: readonly string[]): void {
  checkKnown(what, options, [...own, ...PEER_PARAMETERS]);
}

/**
 * Looks at everything that would otherwise fail at the first connection.
 *
 * @throws PoeUsageError `POE_ERR_IKC_PARAMETER`, `POE_ERR_IKC_FREEZER`, `POE_ERR_IKC_NAME`, and what serializers throw for
 * options of theirs.
 */
export function checkPeer(what: string, options: PeerOptions, kernelId: string): void {
  const { name, aliases = [], protocol, limits = {} } = options;
  checkThaw(what, options.thaw);
  readHeartbeat(options.heartbeat);
  if (!Array.isArray(aliases)) refuse(what, 'aliases is no list', "Give an array, as in aliases: ['Other']");
  if (protocol !== undefined && protocol !== 'IKC' && protocol !== 'IKC0') {
    refuse(what, `there is no protocol '${String(protocol)}'`, 'The protocols are IKC and IKC0');
  }
  for (const [limit, value] of Object.entries(limits)) {
    if (!Object.hasOwn(DEFAULT_CHANNEL_LIMITS, limit)) {
      refuse(what, `unknown limit '${limit}'`, `The limits are ${Object.keys(DEFAULT_CHANNEL_LIMITS).join(', ')}`);
    }
    if (value !== undefined && !(value > 0))
      refuse(what, `the limit ${limit} is ${String(value)}`, 'Give a number above 0');
  }
  const freezers = serializersOf(options);
  for (const freezer of freezers) {
    if (freezerOf(freezer, options) !== undefined) continue;
    throw new PoeUsageError(
      'POE_ERR_IKC_FREEZER',
      `Cannot start ${what}: there is no serializer '${String(freezer)}'`,
      {
        hint: `The serializers are ${FREEZER_NAMES.join(', ')}`,
      },
    );
  }
  // Names are looked at where they are announced.
  new ServerHandshake({ protocol, names: announcedNames({ id: kernelId, name, aliases }), freezers, pid: 0 });
}
