import { DumperReader } from './dumper/reader.ts';
import { DumperWriter } from './dumper/writer.ts';
import type { Freezer, ThawOptions } from './freezer.ts';

/**
 * The pure-Perl serializer of IKC: a statement of Perl in the style of Data::Dumper, with repair statements behind it
 * for everything that is shared or goes in a circle.
 *
 * Perl evaluates such a text. Here it is parsed by a grammar that knows data only, and everything else is refused. In
 * the other direction nothing that a string holds can become code: strings are written in single quotes, or, where they
 * need characters above 255, in double quotes with everything escaped that Perl would look at.
 *
 * @example
 * const freezer = new IkcFreezer();
 * freezer.freeze({ a: [1, 'x'] }); // $POE::Component::IKC::Freezer::VAR1 = {'a' => [1,'x']};
 * freezer.thaw(octets);
 * @remarks Mirrors POE::Component::IKC::Freezer 0.2402 with Data::Dumper 2.184. Differs from Perl: text that Perl would
 * run is refused with an error; a reference to an element is a `PerlRef` to an equal value; a text in which a value
 * refers to an earlier one, which Perl itself cannot read back, is understood.
 */
export class IkcFreezer implements Freezer {
  readonly name = 'POE::Component::IKC::Freezer';
  readonly #options: ThawOptions;

  /** @param options - How thawed values look, what they may cost, and which classes travel. */
  constructor(options: ThawOptions = {}) {
    this.#options = options;
  }

  /**
   * Freezes one value. As in Perl, a code reference becomes a dummy that returns the word `DUMMY`.
   *
   * @throws PoeUsageError `POE_ERR_FREEZE_VALUE` for functions, instances of unregistered classes, and what Perl could
   * not read back; the message says where in the value it is.
   */
  freeze(value: unknown): Uint8Array {
    return new DumperWriter(this.#options).write(value);
  }

  /**
   * Thaws one value without evaluating anything.
   *
   * @throws PoeDataError `POE_ERR_THAW_MALFORMED`, `POE_ERR_THAW_REVIVE`; PoeLimitError `POE_ERR_THAW_NODES`, `_DEPTH`,
   * `_STRING` or `_CLASS_NAME`.
   */
  thaw(octets: Uint8Array): unknown {
    return new DumperReader(octets, this.#options).read();
  }
}
