import type { LineEditor } from './editor.ts';

/**
 * A function that keys can be bound to.
 *
 * @param key - The keys as they are shown, `^[b` for Meta-b.
 * @param raw - The keys as the terminal sent them.
 * @returns false if it rang the bell in place of doing its work.
 */
// biome-ignore lint/suspicious/noConfusingVoidType: most functions return nothing
export type EditFunction = (editor: LineEditor, key: string, raw: string) => boolean | void;

/** What keys are bound to: a function by its name, a function itself, or other keys. */
export type Action = string | EditFunction | { readonly macro: string };
