import { IkcFreezer } from './dumper.ts';
import { FreezeThaw } from './freeze-thaw.ts';
import type { Freezer, ThawOptions } from './freezer.ts';
import { Storable } from './storable/index.ts';

/** Makes a freezer whose thawed values look as the options say. */
export type FreezerFactory = (options?: ThawOptions) => Freezer;

/**
 * Every freezer that a peer may ask for, by the name of its Perl package. This list is all there is: the original loads
 * whatever module the peer names, here a name is only looked up.
 */
const FREEZERS: ReadonlyMap<string, FreezerFactory> = new Map<string, FreezerFactory>([
  ['Storable', (options) => new Storable(options)],
  ['FreezeThaw', (options) => new FreezeThaw(options)],
  ['POE::Component::IKC::Freezer', (options) => new IkcFreezer(options)],
]);

/** The names that {@link freezerFor} knows, the one to prefer first. */
export const FREEZER_NAMES: readonly string[] = [...FREEZERS.keys()];

/**
 * Finds the freezer that a peer asks for.
 *
 * @param name - The name of a Perl package, just as the peer sent it.
 * @returns What makes such a freezer; undefined for any name that is not in {@link FREEZER_NAMES}.
 * @example
 * const freezer = freezerFor('Storable')?.({ numericStrings: true });
 * @remarks Stands for the `require` of POE::Filter::Reference, "new", and of POE::Component::IKC::Channel.
 */
export function freezerFor(name: string): FreezerFactory | undefined {
  return FREEZERS.get(name);
}
