/** Words, as the functions of readline(3) see them: letters, digits and underscores; or whatever has no space in it. */
const WORD = '[\\p{L}\\p{N}\\p{M}_]';
const NO_WORD = '[^\\p{L}\\p{N}\\p{M}_]';

const NEXT_WORD = new RegExp(`^${NO_WORD}*${WORD}+`, 'u');
const PREVIOUS_WORD = new RegExp(`${WORD}+${NO_WORD}*$`, 'u');
const REST_OF_WORD = new RegExp(`^${NO_WORD}*${WORD}*${NO_WORD}*`, 'u');
const BEGIN_OF_WORD = new RegExp(`${WORD}*${NO_WORD}*$`, 'u');

/** Length of what comes up to the end of the next word; 0 without one. */
export function nextWord(after: string): number {
  return lengthOf(NEXT_WORD, after);
}

/** Length of what comes back to the beginning of the word before; 0 without one. */
export function previousWord(before: string): number {
  return lengthOf(PREVIOUS_WORD, before);
}

/** Length of what `kill-word` takes. POE: with what separates the word from the next. */
export function wordToKill(after: string): number {
  return lengthOf(REST_OF_WORD, after);
}

/** Length of what `backward-kill-word` takes. */
export function wordToKillBack(before: string): number {
  return lengthOf(BEGIN_OF_WORD, before);
}

export function lengthOf(pattern: RegExp, text: string): number {
  return pattern.exec(text)?.[0].length ?? 0;
}
