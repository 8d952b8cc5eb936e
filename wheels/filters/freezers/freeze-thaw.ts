import { FreezeThawReader } from './freeze-thaw/reader.ts';
import { FreezeThawWriter } from './freeze-thaw/writer.ts';
import type { Freezer, ThawOptions } from './freezer.ts';

/**
 * The serializer of Perl's FreezeThaw module: text that holds undef, strings, arrays, hashes, references, patterns and
 * objects, with everything that is shared or goes in a circle.
 *
 * The format has no numbers: they arrive as strings, on both sides (see `numericStrings` in {@link ThawOptions}). It
 * counts characters where the wire counts octets, so only characters 0 to 255 can travel.
 *
 * @example
 * const freezer = new FreezeThaw();
 * freezer.freeze({ event: 'poe://Server/session/state' });
 * freezer.thaw(octets);
 * @remarks Mirrors FreezeThaw 0.5001. Differs from Perl: `thaw` never loads or calls a class, so classes that freeze
 * themselves in a form of their own are refused; a pattern that appears twice keeps its text when thawed.
 */
export class FreezeThaw implements Freezer {
  readonly name = 'FreezeThaw';
  readonly #options: ThawOptions;

  /** @param options - How thawed values look, what they may cost, and which classes travel. */
  constructor(options: ThawOptions = {}) {
    this.#options = options;
  }

  /**
   * Freezes one value, as IKC does.
   *
   * @throws PoeUsageError `POE_ERR_FREEZE_VALUE` for code, globs, functions and instances of unregistered classes,
   * `POE_ERR_FREEZE_WIDE` for characters above 255; the message says where in the value they are.
   */
  freeze(value: unknown): Uint8Array {
    return this.freezeList([value]);
  }

  /** Freezes a list of values into one image, as FreezeThaw's `freeze(@list)` does. */
  freezeList(values: readonly unknown[]): Uint8Array {
    return new FreezeThawWriter(this.#options).write(values);
  }

  /**
   * Thaws the first value of an image, as `my ($value) = thaw($image)` does; `null` if the list is empty.
   *
   * @throws PoeDataError `POE_ERR_THAW_MALFORMED`, `POE_ERR_THAW_REVIVE`; PoeLimitError `POE_ERR_THAW_NODES`, `_DEPTH`,
   * `_STRING` or `_CLASS_NAME`.
   */
  thaw(octets: Uint8Array): unknown {
    return this.thawList(octets)[0] ?? null;
  }

  /** Thaws the whole list of an image, as FreezeThaw's `thaw` does in list context. */
  thawList(octets: Uint8Array): unknown[] {
    return new FreezeThawReader(octets, this.#options).read();
  }
}
