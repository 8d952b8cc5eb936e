/** Letters that may differ between what was written and what was meant. */
const MOST_EDITS = 2;
/** Longer words are no slips of the finger. */
const LONGEST_WORD = 64;

/**
 * The word that was probably meant.
 *
 * @returns The nearest of `words`: by case and dashes alone, or by at most two letters; undefined if none is near.
 */
export function nearest(word: string, words: readonly string[]): string | undefined {
  if (word.length > LONGEST_WORD) return undefined;
  const plain = (text: string): string => text.toLowerCase().replace(/[-_ ]/g, '');
  let best: string | undefined;
  let least = Math.min(MOST_EDITS, Math.floor(word.length / 2)) + 1;
  for (const candidate of words) {
    if (candidate.length > LONGEST_WORD) continue;
    const edits = editsBetween(plain(word), plain(candidate));
    if (edits < least) {
      best = candidate;
      least = edits;
    }
  }
  return best;
}

/** Letters to put in, take out, change or swap with their neighbour to get from one word to the other. */
function editsBetween(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const same = from[i - 1] === to[j - 1];
      let edits = Math.min(
        (last[j] as number) + 1,
        (row[j - 1] as number) + 1,
        (last[j - 1] as number) + (same ? 0 : 1),
      );
      if (i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]) {
        edits = Math.min(edits, (beforeLast[j - 2] as number) + 1);
      }
      row.push(edits);
    }
    beforeLast = last;
    last = row;
  }
  return last[to.length] as number;
}
