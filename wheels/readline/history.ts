/** The lines that were entered, oldest first, and the one of them that is being looked at. */
export class History {
  lines: string[] = [];
  /** Place of the line that is shown: as many as there are lines for the one that is being entered. */
  index = 0;
  /** What was being entered when the user went back. */
  held = '';

  /** Goes to the line that is to be entered. */
  toEnd(): void {
    this.index = this.lines.length;
  }

  get atEnd(): boolean {
    return this.index >= this.lines.length;
  }

  /** Goes to another line. The one that is being entered waits for its return. @returns The line there. */
  go(index: number, current: string): string {
    if (this.index === this.lines.length) this.held = current;
    this.index = index;
    return this.lines[index] ?? this.held;
  }

  /**
   * Looks from the line that is shown, in steps of `direction`, for one that matches.
   * @returns The line, where {@link index} then is; undefined if there is none, and the index stays.
   */
  search(pattern: string, direction: number): string | undefined {
    const matches = matcher(pattern);
    for (let index = this.index; index >= 0 && index < this.lines.length; index += direction) {
      const line = this.lines[index] as string;
      if (!matches(line)) continue;
      this.index = index;
      return line;
    }
    return undefined;
  }
}

/** POE: what is searched for is a regular expression. What is none, as one that is still being typed, is taken literally. */
function matcher(pattern: string): (line: string) => boolean {
  try {
    const expression = new RegExp(pattern);
    return (line) => expression.test(line);
  } catch {
    return (line) => line.includes(pattern);
  }
}
