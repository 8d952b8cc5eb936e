import type { Bench } from './bench.ts';
import { isCost, type Result } from './measure.ts';

const HEADINGS = ['case', 'contestant', 'measured', '', '× Perl', '× limit'] as const;

type Row = readonly [string, string, string, string, string, string];

/** The rows of one case: a line a contestant. Ratios above 1 are better than what they are compared with. */
export function rows(bench: Bench, results: readonly Result[]): Row[] {
  const valueFor = (wanted: string): number | undefined => results.find(({ key }) => key === wanted)?.value;
  const perl = valueFor('perl');
  const limit = valueFor('limit');
  return results.map(({ key, label, value }, index) => [
    index === 0 ? bench.name : '',
    label,
    value === undefined ? 'not there' : quantity(value),
    value === undefined ? '' : unit(bench),
    key === 'perl' ? '' : ratio(bench, value, perl),
    key === 'limit' || key === 'perl' ? '' : ratio(bench, value, limit),
  ]);
}

function unit({ shows, unit }: Bench): string {
  if (shows === 'each') return unit;
  if (shows === 'octets each') return `octets per ${unit}`;
  return shows === 'per second' ? `${unit}/s` : `${unit}/CPU-s`;
}

function ratio({ shows }: Bench, value: number | undefined, other: number | undefined): string {
  if (value === undefined || other === undefined) return '';
  const [better, worse] = isCost(shows) ? [other, value] : [value, other];
  // Nothing is so many times better than something, but there is no number for that.
  return worse === 0 ? '' : quantity(better / worse);
}

/** Three digits, as `71.9k` and `8.12M`. */
export function quantity(value: number): string {
  for (const [size, letter] of [
    [1e6, 'M'],
    [1e3, 'k'],
  ] as const) {
    if (value >= size) return `${threeDigits(value / size)}${letter}`;
  }
  return threeDigits(value);
}

function threeDigits(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

/** Lines of text, columns below each other. */
export function table(body: readonly Row[]): string[] {
  const all: Row[] = [HEADINGS, ...body];
  const widths = HEADINGS.map((_, column) => Math.max(...all.map((row) => (row[column] as string).length)));
  const isNumber = [false, false, true, false, true, true];
  return all.map((row) =>
    row
      .map((cell, column) =>
        isNumber[column] ? cell.padStart(widths[column] as number) : cell.padEnd(widths[column] as number),
      )
      .join('  ')
      .trimEnd(),
  );
}
