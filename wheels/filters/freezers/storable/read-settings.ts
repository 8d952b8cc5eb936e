import type { ClassCodec, ThawLimits } from '../freezer.ts';
import type { ByteStringMaker } from './strings.ts';

/** Everything that the options say about reading, resolved once for many images. */
export interface ReadSettings {
  readonly limits: Readonly<ThawLimits>;
  /** What a byte string becomes. */
  readonly bytes: ByteStringMaker;
  /** What the frozen string of a hook record becomes: a byte string that is never taken for a number. */
  readonly frozen: ByteStringMaker;
  /** Whether keys that are byte strings are decoded if they are UTF-8. */
  readonly decodeKeys: boolean;
  /** Whether flagged strings become a PerlString. */
  readonly exact: boolean;
  /** Whether code, patterns, tied containers and hook records are kept as opaque values. */
  readonly opaque: boolean;
  readonly classes: ReadonlyMap<string, ClassCodec>;
}
