/** The words of the grammar that reader and writer share. */

/** The variable that every statement assigns to. */
export const VARIABLE = '$POE::Component::IKC::Freezer::VAR1';

/** What stands for a code reference, since its body does not travel. */
export const DUMMY_SOURCE = '{ "DUMMY" }';
export const DUMMY_CODE = `sub ${DUMMY_SOURCE}`;

/** A scalar that holds nothing yet. */
export const EMPTY_SCALAR = 'do{my $o}';

/** An integer of more characters is written as a string. */
export const MAX_INTEGER_LENGTH = 10;

/** A version string as it is written in Perl source: `v65`, `v1.2.3` or `1.22.333`. */
export const VERSION_LITERAL = /^(?:v[0-9]+(?:\.[0-9]+)*|[0-9]+(?:\.[0-9]+){2,})$/;

/** The characters that a version literal stands for; undefined if one is beyond what JavaScript strings can hold. */
export function versionCharacters(literal: string): string | undefined {
  let characters = '';
  for (const digits of literal.replace('v', '').split('.')) {
    const codePoint = Number(digits);
    if (codePoint > 0x10ffff) return undefined;
    characters += String.fromCodePoint(codePoint);
  }
  return characters;
}
