/**
 * Names of sessions whose events are known, for programs to fill in. Events sent to such a name are checked; every other name
 * takes any.
 *
 * @example
 * declare module 'poe-kernel' {
 *   interface Aliases {
 *     journal: { note: [text: string]; count: () => number };
 *   }
 * }
 * kernel.post('journal', 'note', 'started');
 */
// biome-ignore lint/suspicious/noEmptyInterface: programs add to it
export interface Aliases {}
