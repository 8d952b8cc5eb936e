import type { SeededRandom } from '../../core/testing/index.ts';
import { blessed, PerlRef } from '../filters/index.ts';
import { some } from './contract.ts';

/** Names that mean something to JavaScript objects. */
export const HOSTILE_KEYS = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
  'then',
  'toJSON',
  '',
  '0',
  '-1',
  '__defineGetter__',
] as const;

/** Pieces of which a string that breaks out of its quotes would be made. */
const PIECES: readonly string[] = [
  ...[
    '"',
    "'",
    '\\',
    '$',
    '@',
    '%',
    '`',
    '\n',
    '\r\n',
    '\0',
    '\x04',
    '\x1a',
    ';',
    '}',
    ')',
    ']',
    '{',
    '(',
    '/',
    '#',
    '|',
  ],
  ...[' => ', '\xe9', '\xff', "'; ", '"; ', "\\'; ", '\\"; ', '@{[die]}', '(?{die})', '\\x{24}', '\\Q\\E'],
  ...['__END__\n', '\n=pod\n', '<<E\n', 'FrT;@1|', '$3|abc', 'bless( ', 'do{my $o}', 'a', 'Z', '7', ' '],
];
/** Those that are no octets. */
const WIDE_PIECES: readonly string[] = ['\u20ac', '\u{1f600}', '\ud800'];

/** Names under which objects may be blessed: what Perl takes for a class is up to Perl. */
const CLASS_NAMES = ['Foo', 'Foo::Bar', '__proto__', 'constructor', 'A::B::C'];

/**
 * A value of arrays, hashes, references, objects and strings, some of them shared or circular. It has no prototypes,
 * holds no numbers and no empty slots, so that a format that knows only strings gives it back as it is.
 */
export function hostileValue(random: SeededRandom, { octetsOnly }: { octetsOnly: boolean }): unknown {
  const pieces = octetsOnly ? PIECES : [...PIECES, ...WIDE_PIECES];
  const text = (): string => some(random, 8, () => random.pick(pieces)).join('');
  const containers: object[] = [];
  const marked = <T extends object>(data: T): T => {
    if (random.below(4) === 0) (data as { [blessed]?: string | undefined })[blessed] = random.pick(CLASS_NAMES);
    containers.push(data);
    return data;
  };
  const tree = (depth: number): unknown => {
    const kind = random.below(depth > 3 ? 2 : 6);
    if (kind === 0) return null;
    if (kind < 3) return text();
    if (kind === 3) return marked(some(random, 5, () => tree(depth + 1)));
    if (kind === 5) return marked(new PerlRef(tree(depth + 1)));
    const hash: Record<string, unknown> = Object.create(null);
    for (const value of some(random, 5, () => tree(depth + 1))) hash[random.pick(HOSTILE_KEYS) ?? text()] = value;
    hash[text()] = text();
    return marked(hash);
  };
  const value = tree(0);
  for (let links = random.below(5); links > 0; links--) link(random, containers);
  return value;
}

/** Puts one of the containers into another one, so that it is shared, or holds itself. */
function link(random: SeededRandom, containers: readonly object[]): void {
  const holder = random.pick(containers);
  const thing = random.pick(containers);
  if (holder === undefined) return;
  if (Array.isArray(holder)) holder.push(thing);
  else if (holder instanceof PerlRef) holder.value = thing;
  else (holder as Record<string, unknown>)[`link ${random.below(3)}`] = thing;
}
