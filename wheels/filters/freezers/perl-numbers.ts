/**
 * Numbers as Perl writes them. Perl does not care whether a scalar is 1.5 or "1.5", and some of its serializers send
 * every fraction as text; these two functions are both directions of that notation.
 */

const MIN_INTEGER = -(2n ** 63n);
const MAX_INTEGER = 2n ** 64n - 1n;

/**
 * The text that Perl prints for a number: all digits of an integer within ±2^53, else 15 significant digits as `%.15g`
 * gives them (`0.1`, `1e+20`, `1.5e-07`), `Inf`, `-Inf` or `NaN`. Minus zero is `0`.
 *
 * @example
 * perlNumberText(1 / 3); // '0.333333333333333'
 */
export function perlNumberText(value: number): string {
  return Number.isSafeInteger(value) ? String(value) : doubleText(value);
}

/**
 * Turns text back into the number of which Perl would have written just this text: a `number`, or a `bigint` for
 * integers beyond ±2^53 that fit in Perl's 64 bits (-2^63 to 2^64-1).
 *
 * So `"1.5"`, `"-3"`, `"1e+20"`, `"1.5e-07"`, `"Inf"`, `"-Inf"` and `"NaN"` are numbers; `"007"`, `"1e3"`, `"5 "`, `"+5"`,
 * `".5"`, `"1.50"`, `""`, `"-0"` and fractions with more than 15 digits are not.
 *
 * @returns The number, or undefined if the text is not in Perl's notation.
 */
export function canonicalNumber(text: string): number | bigint | undefined {
  if (/^(?:0|-?[1-9]\d{0,19})$/.test(text)) {
    const value = Number(text);
    if (Number.isSafeInteger(value)) return value;
    const exact = BigInt(text);
    return exact >= MIN_INTEGER && exact <= MAX_INTEGER ? exact : undefined;
  }
  if (text === 'Inf') return Number.POSITIVE_INFINITY;
  if (text === '-Inf') return Number.NEGATIVE_INFINITY;
  if (text === 'NaN') return Number.NaN;
  // 24 characters hold the longest: a sign, 15 digits, a point and an exponent of five.
  if (text.length > 24 || !/^-?\d[.\de+-]*$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) && value !== 0 && doubleText(value) === text ? value : undefined;
}

/** `%.15g`. */
function doubleText(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Inf' : '-Inf';
  const magnitude = Math.abs(value);
  if (magnitude >= 1e-4 && magnitude < 1e15) {
    // The shortest digits that stand for this double are Perl's too, as long as there are no more than 15.
    const shortest = String(value);
    if (shortest.length <= 16) return shortest;
  }
  const sign = value < 0 ? '-' : '';
  const [significand, exponent] = fifteenDigits(magnitude);
  const digits = significand.replace('.', '').replace(/0+$/, '');
  return sign + layOut(digits, exponent);
}

/** 15 significant digits as `d.dddd`, and the decimal exponent. */
function fifteenDigits(magnitude: number): [string, number] {
  const [rounded = '', exponent] = magnitude.toExponential(14).split('e');
  // JavaScript rounds a tie up, C to the even digit. In the range where ties exist 100 digits are exact.
  const [exact = ''] = magnitude.toExponential(100).split('e');
  const tie = /^50*$/.test(exact.slice(16));
  const even = tie && Number(exact[15]) % 2 === 0;
  return [even ? exact.slice(0, 16) : rounded, Number(exponent)];
}

/** Puts the point where `%g` puts it, or an exponent of two or three digits behind. */
function layOut(digits: string, exponent: number): string {
  if (exponent < -4 || exponent >= 15) {
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
    const power = String(Math.abs(exponent)).padStart(2, '0');
    return `${digits[0]}${fraction}e${exponent < 0 ? '-' : '+'}${power}`;
  }
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  const fraction = digits.slice(exponent + 1);
  return fraction === '' ? whole : `${whole}.${fraction}`;
}
