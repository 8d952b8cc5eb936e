/** The keys of a terminal by the names that Curses has for them. */

/** A key's name by itself, with Shift, and the stem of its names with other modifiers, as terminfo calls them. */
interface Names {
  readonly plain: string;
  readonly shift: string;
  readonly stem: string;
}

const UP: Names = { plain: 'KEY_UP', shift: 'KEY_SR', stem: 'kUP' };
const DOWN: Names = { plain: 'KEY_DOWN', shift: 'KEY_SF', stem: 'kDN' };
const RIGHT: Names = { plain: 'KEY_RIGHT', shift: 'KEY_SRIGHT', stem: 'kRIT' };
const LEFT: Names = { plain: 'KEY_LEFT', shift: 'KEY_SLEFT', stem: 'kLFT' };
const HOME: Names = { plain: 'KEY_HOME', shift: 'KEY_SHOME', stem: 'kHOM' };
const END: Names = { plain: 'KEY_END', shift: 'KEY_SEND', stem: 'kEND' };
const INSERT: Names = { plain: 'KEY_IC', shift: 'KEY_SIC', stem: 'kIC' };
const DELETE: Names = { plain: 'KEY_DC', shift: 'KEY_SDC', stem: 'kDC' };
const PREVIOUS: Names = { plain: 'KEY_PPAGE', shift: 'KEY_SPREVIOUS', stem: 'kPRV' };
const NEXT: Names = { plain: 'KEY_NPAGE', shift: 'KEY_SNEXT', stem: 'kNXT' };
const MIDDLE: Names = { plain: 'KEY_B2', shift: 'KEY_B2', stem: 'KEY_B2' };

/** By the last letter of `ESC [ A` and `ESC O A`. */
const BY_LETTER: Readonly<Record<string, Names>> = {
  A: UP,
  B: DOWN,
  C: RIGHT,
  D: LEFT,
  E: MIDDLE,
  F: END,
  H: HOME,
};

/** By the number in `ESC [ 3 ~`. */
const BY_NUMBER: Readonly<Record<string, Names>> = {
  1: HOME,
  2: INSERT,
  3: DELETE,
  4: END,
  5: PREVIOUS,
  6: NEXT,
  7: HOME,
  8: END,
};

/** Numbers of the function keys in `ESC [ 15 ~`. */
const F_BY_NUMBER: Readonly<Record<string, number>> = {
  11: 1,
  12: 2,
  13: 3,
  14: 4,
  15: 5,
  17: 6,
  18: 7,
  19: 8,
  20: 9,
  21: 10,
  23: 11,
  24: 12,
  25: 13,
  26: 14,
  28: 15,
  29: 16,
  31: 17,
  32: 18,
  33: 19,
  34: 20,
};

/** The modifiers that terminals count up: 1 for none, and 1 more for Shift, 2 for Alt, 4 for Control. */
const SHIFT = 2;
/** With modifiers the twelve function keys are later ones: KEY_F(13) is Shift with the first. */
const F_OFFSET: Readonly<Record<number, number>> = { 1: 0, 2: 12, 5: 24, 6: 36, 3: 48, 4: 60 };

/**
 * The name that Curses has for what a function key sent, as `KEY_UP`, `KEY_F(1)` or, for Control with an arrow, `kRIT5`.
 * undefined for what is no known key.
 */
export function cursesName(sequence: string): string | undefined {
  if (sequence === '\x1b[Z') return 'KEY_BTAB';
  if (sequence === '\x1bOM') return 'KEY_ENTER';
  const console = /^\[\[([A-E])$/.exec(sequence.slice(1));
  if (console !== null) return functionKey((console[1] as string).charCodeAt(0) - 64, 1);
  const found = /^(?:\[|O)(\d*)(?:;(\d+))?([A-Z~])$/.exec(sequence.slice(1));
  if (found === null) return undefined;
  const [, number = '', modifiers = '1', letter = ''] = found;
  const held = Number(modifiers);
  if (letter === '~') {
    const f = F_BY_NUMBER[number];
    return f === undefined ? withModifiers(BY_NUMBER[number], held) : functionKey(f, held);
  }
  if (letter >= 'P' && letter <= 'S') return functionKey(letter.charCodeAt(0) - 79, held);
  return withModifiers(BY_LETTER[letter], held);
}

function functionKey(number: number, held: number): string {
  return `KEY_F(${number + (F_OFFSET[held] ?? 0)})`;
}

function withModifiers(names: Names | undefined, held: number): string | undefined {
  if (names === undefined || held <= 1) return names?.plain;
  return held === SHIFT ? names.shift : `${names.stem}${held}`;
}
