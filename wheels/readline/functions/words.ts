/** Words, as the functions of readline(3) see them: letters, digits and underscores; or whatever has no space in it. */
// The patterns stand where they are used, so that programs without a terminal do not wait at their start until Unicode's classes are built.

/** Length of what comes up to the end of the next word; 0 without one. */
export function nextWord(after: string): number {
  return lengthOf(/^[^\p{L}\p{N}\p{M}_]*[\p{L}\p{N}\p{M}_]+/u, after);
}

/** Length of what comes back to the beginning of the word before; 0 without one. */
export function previousWord(before: string): number {
  return lengthOf(/[\p{L}\p{N}\p{M}_]+[^\p{L}\p{N}\p{M}_]*$/u, before);
}

/** Length of what `kill-word` takes. POE: with what separates the word from the next. */
export function wordToKill(after: string): number {
  return lengthOf(/^[^\p{L}\p{N}\p{M}_]*[\p{L}\p{N}\p{M}_]*[^\p{L}\p{N}\p{M}_]*/u, after);
}

/** Length of what `backward-kill-word` takes. */
export function wordToKillBack(before: string): number {
  return lengthOf(/[\p{L}\p{N}\p{M}_]*[^\p{L}\p{N}\p{M}_]*$/u, before);
}

export function lengthOf(pattern: RegExp, text: string): number {
  return pattern.exec(text)?.[0].length ?? 0;
}
