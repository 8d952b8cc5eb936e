/** Whether a value came through: the same shape, the same sharing, and each scalar the same to Perl. */
import { blessed, PerlRef, PerlRegexp, PerlString, PerlVString } from '../../../wheels/filters/freezers/perl-values.ts';

type Marked = { [blessed]?: string };

/**
 * Compares a value with what came back, thawed with `strings: 'exact'`. A number may have become its decimal text, as Perl writes it.
 *
 * @param flags - Whether flagged text has to be flagged still; a program of ours has strings of characters, where that is not to be seen.
 * @returns Where they differ first, undefined if nowhere.
 */
export function difference(sent: unknown, came: unknown, flags = true): string | undefined {
  return new Comparison(flags).compare(sent, came, '$');
}

class Comparison {
  /** What each container became, both ways: what was one thing has to be one thing still. */
  readonly #there = new Map<object, object>();
  readonly #back = new Map<object, object>();
  readonly #flags: boolean;

  constructor(flags: boolean) {
    this.#flags = flags;
  }

  compare(sent: unknown, came: unknown, path: string): string | undefined {
    if (typeof sent === 'number' || typeof sent === 'bigint') return same(isNumber(sent, came), path, sent, came);
    // To the Perls that know no booleans they are the strings that comparisons give.
    if (typeof sent === 'boolean') return same(came === sent || isText(came, sent ? '1' : ''), path, sent, came);
    if (sent === null || sent === undefined) return same(came === sent, path, sent, came);
    if (typeof sent === 'string') return same(isText(came, sent), path, sent, came);
    if (sent instanceof PerlString) {
      // Perl's Storable reads no flag of an empty string.
      const flagged = sent.flagged && sent.value !== '';
      const keeps = !this.#flags || (came as PerlString).flagged === flagged;
      return same(isText(came, sent.value) && keeps, path, sent, came);
    }
    if (sent instanceof Uint8Array) {
      const text = Buffer.from(sent).toString('latin1');
      return same(isText(came, text) && !(came as PerlString).flagged, path, sent, came);
    }
    if (sent instanceof PerlVString) {
      return same(came instanceof PerlVString && came.literal === sent.literal, path, sent, came);
    }
    return this.#container(sent as object, came, path);
  }

  #container(sent: object, came: unknown, path: string): string | undefined {
    if (typeof came !== 'object' || came === null) return same(false, path, sent, came);
    const before = this.#there.get(sent);
    if (before !== undefined) return before === came ? undefined : `${path}: is not the one thing any more that it was`;
    if (this.#back.has(came)) return `${path}: has become one with another thing`;
    this.#there.set(sent, came);
    this.#back.set(came, sent);
    if ((sent as Marked)[blessed] !== (came as Marked)[blessed]) {
      return `${path}: class ${(sent as Marked)[blessed]} has become ${(came as Marked)[blessed]}`;
    }
    if (sent instanceof PerlRegexp) {
      return same(
        came instanceof PerlRegexp && came.pattern === sent.pattern && came.flags === sent.flags,
        path,
        sent,
        came,
      );
    }
    if (sent instanceof PerlRef) {
      return came instanceof PerlRef
        ? this.compare(sent.value, came.value, `\${${path}}`)
        : same(false, path, sent, came);
    }
    if (Array.isArray(sent) !== Array.isArray(came)) return same(false, path, sent, came);
    if (Array.isArray(sent) && sent.length !== (came as unknown[]).length) return same(false, path, sent, came);
    // Holes are no keys; the order of a hash's keys means nothing.
    const keys = Object.keys(sent).sort();
    const others = Object.keys(came).sort();
    if (keys.join('\0') !== others.join('\0')) return `${path}: keys ${keys} have become ${others}`;
    for (const key of keys) {
      const found = this.compare((sent as never)[key], (came as never)[key], `${path}.${key.slice(0, 10)}`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

function same(holds: boolean, path: string, sent: unknown, came: unknown): string | undefined {
  return holds ? undefined : `${path}: ${shown(sent)} has become ${shown(came)}`;
}

/** Of a text that is shown, so much. */
const LONGEST = 100;

function shown(value: unknown): string {
  if (value instanceof PerlString)
    return `${value.flagged ? 'text' : 'octets'} ${JSON.stringify(value.value.slice(0, LONGEST))}`;
  return typeof value === 'object' && value !== null
    ? (value.constructor?.name ?? 'a hash')
    : `${typeof value} ${String(value).slice(0, LONGEST)}`;
}

function isText(came: unknown, text: string): boolean {
  return came instanceof PerlString && came.value === text;
}

/** Numbers travel as numbers or as the 15 digits that Perl prints. */
function isNumber(sent: number | bigint, came: unknown): boolean {
  if (typeof came === 'number' || typeof came === 'bigint') {
    if (!isWhole(sent) || !isWhole(came)) return Object.is(came, sent);
    return BigInt(came) === BigInt(sent);
  }
  if (!(came instanceof PerlString)) return false;
  if (typeof sent === 'bigint') return came.value === String(sent);
  if (!Number.isFinite(sent)) return /^-?inf/i.test(came.value) && came.value.startsWith('-') === sent < 0;
  return came.value === String(sent) || Number(came.value) === Number(sent.toPrecision(15));
}

function isWhole(number: number | bigint): boolean {
  return typeof number === 'bigint' || Number.isInteger(number);
}
