import type { Freezer } from '../../wheels/index.ts';
import { type ChannelLimits, DEFAULT_CHANNEL_LIMITS, handshakeLimits } from './limits.ts';
import { announcedNames } from './names.ts';
import { freezerOf, type PeerOptions, serializersOf } from './peer-options.ts';

/**
 * What the connections of one server or client have in common, read from its options once.
 *
 * PERF: ikc-visits: a server reads none of it again for each visitor.
 */
export class Profile {
  readonly options: PeerOptions;
  readonly limits: Readonly<ChannelLimits>;
  readonly handshakeLimits: ReturnType<typeof handshakeLimits>;
  /** The names of the serializers, the best one first. */
  readonly freezers: readonly string[];
  readonly #made = new Map<string, Freezer>();
  readonly #kernelId: string;
  #address: string | undefined;
  #names: readonly string[] = [];

  constructor(options: PeerOptions, kernelId: string) {
    this.options = options;
    this.limits = { ...DEFAULT_CHANNEL_LIMITS, ...options.limits };
    this.handshakeLimits = handshakeLimits(this.limits);
    this.freezers = Object.freeze([...serializersOf(options)]);
    this.#kernelId = kernelId;
  }

  /** The names that are announced over a connection whose own end has this address: the same list for the same address. */
  namesAt(address: string): readonly string[] {
    if (address === this.#address) return this.#names;
    const { name, aliases = [] } = this.options;
    this.#address = address;
    this.#names = Object.freeze(announcedNames({ id: this.#kernelId, name, aliases, address }));
    return this.#names;
  }

  /** A serializer of {@link freezers}; the same one for all connections, as it keeps nothing from one message to the next. */
  freezer(name: string): Freezer | undefined {
    const known = this.#made.get(name);
    if (known !== undefined) return known;
    const freezer = freezerOf(name, this.options);
    if (freezer !== undefined) this.#made.set(name, freezer);
    return freezer;
  }
}
