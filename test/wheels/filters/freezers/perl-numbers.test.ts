import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { canonicalNumber, perlNumberText } from '../../../../wheels/filters/freezers/perl-numbers.ts';
import { fc } from '../../../helpers/property.ts';

describe('perlNumberText()', () => {
  it('writes integers within ±2^53 in full, and 15 digits of everything else', () => {
    const texts: [number, string][] = [
      [0, '0'],
      [-0, '0'],
      [-128, '-128'],
      [9007199254740991, '9007199254740991'],
      [2 ** 53, '9.00719925474099e+15'],
      [1e15, '1000000000000000'],
      [1e20, '1e+20'],
      [1e100, '1e+100'],
      [0.5, '0.5'],
      [1 / 3, '0.333333333333333'],
      [0.1 + 0.2, '0.3'],
      [1e-4, '0.0001'],
      [0.00001, '1e-05'],
      [-1.5e-7, '-1.5e-07'],
      [123456789012345.6, '123456789012346'],
      [Number.MAX_VALUE, '1.79769313486232e+308'],
      [Number.MIN_VALUE, '4.94065645841247e-324'],
      [Number.POSITIVE_INFINITY, 'Inf'],
      [Number.NEGATIVE_INFINITY, '-Inf'],
      [Number.NaN, 'NaN'],
    ];
    for (const [value, text] of texts) assert.equal(perlNumberText(value), text);
  });

  it('rounds a tie to the even digit, as C does and JavaScript does not', () => {
    assert.equal(perlNumberText(100000000000000.5), '100000000000000');
    assert.equal(perlNumberText(100000000000001.5), '100000000000002');
    assert.equal(perlNumberText(-12345678901234.25), '-12345678901234.2');
    assert.equal(perlNumberText(12345678901234.75), '12345678901234.8');
  });

  const perl = spawnSync('perl', ['-e', 'print 0.5']);
  it('writes what Perl writes', { skip: perl.stdout?.toString() === '0.5' ? false : 'no perl' }, () => {
    const quarters = fc.tuple(fc.bigInt(10n ** 12n, 4n * 10n ** 15n)).map(([count]) => Number(count) / 4);
    const any = fc.double({ noNaN: true }).filter((value) => !Number.isSafeInteger(value));
    const values = [quarters, any].flatMap((arbitrary) => fc.sample(arbitrary, { numRuns: 3000, seed: 5 }));
    const { stdout } = spawnSync('perl', ['-e', 'local $/; binmode STDIN; print "$_\\n" for unpack "d*", <STDIN>'], {
      input: Buffer.from(new Float64Array(values).buffer),
      encoding: 'utf8',
      maxBuffer: 2 ** 24,
    });
    const texts = stdout.trimEnd().split('\n');
    assert.equal(texts.length, values.length);
    values.forEach((value, index) => {
      // Perl prints a double that is a large whole number as a double; where it is an integer, it has all digits.
      if (!Number.isSafeInteger(value)) assert.equal(perlNumberText(value), texts[index]);
    });
  });
});

describe('canonicalNumber()', () => {
  it('takes the text that Perl would have written for a number', () => {
    const numbers: [string, number | bigint][] = [
      ['0', 0],
      ['1.5', 1.5],
      ['-3', -3],
      ['12345678901', 12345678901],
      ['9007199254740991', 9007199254740991],
      ['9007199254740992', 9007199254740992n],
      ['-9007199254740993', -9007199254740993n],
      ['18446744073709551615', 18446744073709551615n],
      ['-9223372036854775808', -9223372036854775808n],
      ['1e+20', 1e20],
      ['1e+15', 1e15],
      ['1.5e-07', 1.5e-7],
      ['-2.2250738585072e-308', -2.2250738585072e-308],
      ['0.333333333333333', 0.333333333333333],
      ['Inf', Number.POSITIVE_INFINITY],
      ['-Inf', Number.NEGATIVE_INFINITY],
      ['NaN', Number.NaN],
    ];
    for (const [text, number] of numbers) assert.equal(canonicalNumber(text), number, text);
  });

  it('leaves every other text alone', () => {
    const texts = `007 1e3 +5 .5 5. 1.50 -0 -0.0 0.0 00 1e+3 1e5 1E+20 1e+020 0x10 1_000 Infinity inf nan -NaN --1 -
      18446744073709551616 -9223372036854775809 123456789012345678901234567890 0.3333333333333333 1e+999 1.5.5 1e-5
      0.00001 1000000000000000.5 e+20 1e ١`.split(/\s+/);
    for (const text of [...texts, '', ' 5', '5 ', '5\n', '1,5']) assert.equal(canonicalNumber(text), undefined, text);
  });

  it('gives back what perlNumberText() wrote, as far as its digits go', () => {
    fc.assert(
      // The 15 digits of the largest doubles of all are beyond the largest.
      fc.property(fc.oneof(fc.double({ min: -1.797e308, max: 1.797e308 }), fc.maxSafeInteger()), (value) => {
        const text = perlNumberText(value);
        const again = canonicalNumber(text);
        assert.ok(again !== undefined, text);
        // A double beyond 2^53 may be written as digits alone.
        if (typeof again === 'number')
          assert.equal(perlNumberText(again) === text || Math.abs(again) > 2 ** 49, true, text);
      }),
    );
  });
});
