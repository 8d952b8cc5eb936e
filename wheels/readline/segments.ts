let segmenter: Intl.Segmenter | undefined;

/**
 * A text cut into characters as a reader counts them.
 *
 * PERF: what cuts is made when it is first needed. That takes a sixth of the time in which a process of this library starts, and most have no terminal.
 */
export function segmentsOf(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  return segmenter.segment(text);
}
