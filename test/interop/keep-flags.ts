import { parseSpecifier, type SpecifierLike } from 'poe-kernel/ikc';
import { FREEZER_NAMES, type Freezer, freezerFor } from 'poe-kernel/wheels';

/** Events that have to know whether Perl held a string as bytes or as flagged text: JavaScript's own strings do not say. */
const EXACT: readonly string[] = ['echo', 'type'];

/** The serializers of Perl peers; in messages to `echo` and `type` strings are PerlStrings, which freeze to just what they were. */
export function freezersThatKeepFlags(): Freezer[] {
  return FREEZER_NAMES.map((name) => {
    const make = freezerFor(name);
    if (make === undefined) throw new Error(`There is no serializer ${name}`);
    const [plain, exact] = [make(), make({ strings: 'exact' })];
    return {
      name,
      freeze: (value) => plain.freeze(value),
      thaw(octets) {
        const message = plain.thaw(octets);
        if (isExact(message)) message.params = (exact.thaw(octets) as Record<string, unknown>).params;
        return message;
      },
    };
  });
}

function isExact(message: unknown): message is Record<string, unknown> {
  if (typeof message !== 'object' || message === null || !('event' in message)) return false;
  const to = parseSpecifier(message.event as SpecifierLike);
  return to !== undefined && EXACT.includes(to.state);
}
