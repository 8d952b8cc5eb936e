import { type Blessable, blessed, PerlCode, PerlRef, PerlRegexp, PerlString, PerlVString } from 'poe-kernel/wheels';

/** The word for the kind of a thawed value, as Perl sees it. */
export function typeWord(value: unknown): string {
  const kind = kindOf(value);
  const className = classOf(value);
  return className === undefined ? kind : `blessed:${className}:${kind}`;
}

function classOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  // Perl blesses every pattern.
  return (value as Blessable)[blessed] ?? (value instanceof PerlRegexp ? 'Regexp' : undefined);
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'undef';
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'num';
  // A JavaScript string has no flag; Perl must have set it for characters above 255. PerlString is asked below.
  if (typeof value === 'string') return /[^\0-\xff]/.test(value) ? 'text' : 'bytes';
  if (value instanceof PerlString) return value.flagged ? 'text' : 'bytes';
  if (value instanceof PerlVString) return 'vstring';
  if (Array.isArray(value)) return 'array';
  if (value instanceof PerlRef) return 'ref';
  if (value instanceof PerlCode) return 'code';
  if (value instanceof PerlRegexp) return 'regexp';
  return 'hash';
}
