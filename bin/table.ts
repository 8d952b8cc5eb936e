import { stripVTControlCharacters } from 'node:util';

/** What a cell of a table may hold; nothing is an empty one. */
export type Cell = string | number | boolean | null | undefined;

/** Rows below a head; see {@link columns}. */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return columns([head, ...rows]);
}

/** Lines of cells, each column as wide as it has to be; the last one is as long as it is. */
export function columns(rows: readonly (readonly Cell[])[]): string {
  const lines = rows.map((row) => row.map((cell) => printable(String(cell ?? ''))));
  const widths: number[] = [];
  for (const line of lines) {
    for (const [at, cell] of line.entries()) widths[at] = Math.max(widths[at] ?? 0, cell.length);
  }
  return lines
    .map((line) =>
      line
        .map((cell, at) => cell.padEnd(widths[at] as number))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Names in a program are its own: none of them may mean anything to a terminal. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what must not come through
  return stripVTControlCharacters(text).replace(/[\x00-\x1f\x7f-\x9f]/g, ' ');
}

/** A time that has passed: `12s`, `3m 20s`, `5h 2m`, `8d 3h`. */
export function age(seconds: number): string {
  const whole = Math.floor(seconds);
  const parts: [number, string][] = [
    [Math.floor(whole / 86_400), 'd'],
    [Math.floor(whole / 3600) % 24, 'h'],
    [Math.floor(whole / 60) % 60, 'm'],
    [whole % 60, 's'],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  if (first < 0) return '0s';
  return parts
    .slice(first, first + 2)
    .map(([count, unit]) => `${count}${unit}`)
    .join(' ');
}
