import { PerlString, PerlVString } from '../perl-values.ts';
import type { ImageOctets } from './image-octets.ts';
import * as op from './opcodes.ts';
import type { ReadSettings } from './read-settings.ts';

/** Told by {@link ScalarReader.read}: the opcode is not that of a scalar by itself. */
export const NO_SCALAR = Symbol('no scalar');

/** Reads scalars that contain nothing else: undef, numbers and strings. */
export class ScalarReader {
  readonly #octets: ImageOctets;
  readonly #settings: ReadSettings;

  constructor(octets: ImageOctets, settings: ReadSettings) {
    this.#octets = octets;
    this.#settings = settings;
  }

  /** Reads what stands behind an opcode. */
  read(code: number): unknown {
    const octets = this.#octets;
    switch (code) {
      case op.SX_BYTE:
        return octets.octet() - 128;
      case op.SX_NETINT:
        return octets.network32('an integer') | 0;
      case op.SX_SCALAR:
        return this.#byteString(octets.octet());
      case op.SX_LSCALAR:
        return this.#byteString(octets.length());
      case op.SX_UTF8STR:
        return this.#text(octets.octet());
      case op.SX_LUTF8STR:
        return this.#text(octets.length());
      case op.SX_UNDEF:
      case op.SX_SVUNDEF_ELEM:
      case op.SX_SV_UNDEF:
        return null;
      case op.SX_SV_YES:
      case op.SX_BOOLEAN_TRUE:
        return true;
      case op.SX_SV_NO:
      case op.SX_BOOLEAN_FALSE:
        return false;
      case op.SX_INTEGER:
        return this.#integer();
      case op.SX_DOUBLE:
        return octets.image.readDoubleLE(this.#native(8, 'a double'));
      case op.SX_VSTRING:
        return this.#versionString(octets.octet());
      case op.SX_LVSTRING:
        return this.#versionString(octets.length());
      default:
        return NO_SCALAR;
    }
  }

  /** A string, and nothing else, as part of something larger; its characters, whatever the options say. */
  plainString(what: string): string {
    const octets = this.#octets;
    const start = octets.at;
    switch (octets.octet()) {
      case op.SX_SCALAR:
        return octets.latin1(octets.octet());
      case op.SX_LSCALAR:
        return octets.latin1(octets.length());
      case op.SX_UTF8STR:
        return octets.text(octets.octet());
      case op.SX_LUTF8STR:
        return octets.text(octets.length());
      default:
        throw octets.malformed(`${what} is no string`, start);
    }
  }

  #byteString(length: number): unknown {
    return this.#settings.bytes(this.#octets.image, this.#octets.string(length), length);
  }

  #text(length: number): unknown {
    const text = this.#octets.text(length);
    // Storable does not set the flag of an empty string.
    return this.#settings.exact ? new PerlString(text, length > 0) : text;
  }

  #versionString(literalLength: number): PerlVString {
    const literal = this.#octets.latin1(literalLength);
    return new PerlVString(this.plainString('a version string'), literal);
  }

  #integer(): number | bigint {
    const { image } = this.#octets;
    const at = this.#native(8, 'an integer of eight octets');
    const value = image.readInt32LE(at + 4) * 2 ** 32 + image.readUInt32LE(at);
    return Number.isSafeInteger(value) ? value : image.readBigInt64LE(at);
  }

  /** Such a value has no defined byte order in network order, and Storable never writes it there. */
  #native(octets: number, what: string): number {
    if (!this.#octets.native) throw this.#octets.malformed(`${what} in network order`, this.#octets.at - 1);
    return this.#octets.take(octets, what);
  }
}
