/** Strings and keys that try to be more than data, and values made of them. */
import { blessed, PerlRef } from '../../wheels/filters/freezers/perl-values.ts';
import { HOSTILE_KEYS } from '../../wheels/testing/hostile-values.ts';
import { fc } from './property.ts';

/**
 * Pieces of which a string that breaks out of its quotes would be made.
 *
 * @param canaryFile - The file that such a string tries to make.
 */
export function perlPieces(canaryFile: string): string[] {
  const kill = `$main::canary = 'dead'`;
  const make = `open(my $f, '>', '${canaryFile}')`;
  return [
    "'",
    '"',
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
    ' => ',
    '\xe9',
    '\xff',
    '€',
    '\u{1f600}',
    '\ud800',
    "'; ",
    '"; ',
    "\\'; ",
    '\\"; ',
    kill,
    make,
    `';${kill};'`,
    `";${kill};"`,
    `\\';${kill};#`,
    `\\\\';${make};#`,
    `@{[${kill}]}`,
    `\${\\(${kill})}`,
    `@{[${make}]}`,
    `\`touch ${canaryFile}\``,
    `};${kill};`,
    ')};system(1);',
    '"};system(1);"',
    '(?{die})',
    '\\x{24}',
    '\\x{',
    '\\Q\\E\\u\\L',
    '$POE::Component::IKC::Freezer::VAR1',
    "$POE::Component::IKC::Freezer::VAR1->{'a'}",
    '__END__\n',
    '\n=pod\n',
    '<<E\n',
    'FrT;@1|',
    '$3|abc',
    'bless( ',
    'do{my $o}',
    'a',
    'Z',
    '7',
    ' ',
  ];
}

/** Strings of such pieces and of any other characters; octets only, if the format knows no more. */
export function hostileStrings(canaryFile: string, octetsOnly: boolean): fc.Arbitrary<string> {
  const pieces = perlPieces(canaryFile).filter((piece) => !octetsOnly || !/[^\0-\xff]/.test(piece));
  const octets = fc.string({
    unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
    maxLength: 12,
  });
  const characters = octetsOnly ? octets : fc.oneof(octets, fc.string({ unit: 'binary', maxLength: 12 }));
  const piece = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...pieces) }, { weight: 1, arbitrary: characters });
  return fc.array(piece, { maxLength: 8 }).map((list) => list.join(''));
}

/** Names under which objects may be blessed: what Perl takes for a class is up to Perl. */
const CLASS_NAMES = ['Foo', 'Foo::Bar', '__proto__', 'constructor', 'A::B::C'];

/**
 * Values of arrays, hashes, references, objects and strings, some of them shared or circular. They have no prototype,
 * hold no numbers and no empty slots, so that a format that knows only strings gives them back as they are.
 */
export function hostileValues(canaryFile: string, octetsOnly: boolean): fc.Arbitrary<unknown> {
  const string = hostileStrings(canaryFile, octetsOnly);
  const key = fc.oneof(fc.constantFrom<string>(...HOSTILE_KEYS), string);
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      fc.oneof(string, fc.constant(null)),
      marked(fc.array(tie('tree'), { maxLength: 5 })),
      marked(fc.array(fc.tuple(key, tie('tree')), { maxLength: 5 }).map(hashOf)),
      marked(tie('tree').map((value) => new PerlRef(value))),
    ),
  }));
  return fc.tuple(tree, fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 4 })).map(([value, links]) => {
    for (const [from, to] of links) link(value, from, to);
    return value;
  });
}

function marked<T extends object>(data: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.tuple(data, fc.option(fc.constantFrom(...CLASS_NAMES), { freq: 4 })).map(([thing, className]) => {
    if (className !== null) (thing as { [blessed]?: string })[blessed] = className;
    return thing;
  });
}

function hashOf(pairs: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  const hash: Record<string, unknown> = Object.create(null);
  for (const [key, value] of pairs) hash[key] = value;
  return hash;
}

/** Puts one of the containers in a value into another one, so that it is shared, or holds itself. */
function link(root: unknown, from: number, to: number): void {
  const containers: object[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || containers.includes(value)) return;
    containers.push(value);
    for (const child of Object.values(value)) visit(child);
  };
  visit(root);
  if (containers.length === 0) return;
  const holder = containers[from % containers.length];
  const thing = containers[to % containers.length];
  if (Array.isArray(holder)) holder.push(thing);
  else if (holder instanceof PerlRef) holder.value = thing;
  else (holder as Record<string, unknown>)[`link ${from % 3}`] = thing;
}
