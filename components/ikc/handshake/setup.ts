/** The greeting of the protocol IKC0: everything in one line. */
export interface Setup {
  names: readonly string[];
  freezers: readonly string[];
  /** Process number; 0 if it was not told. */
  pid: number;
}

const PREFIX = 'SETUP ';

/** Writes the line: names and serializers in natural order. */
export function writeSetup({ names, freezers, pid }: Setup): string {
  return `${PREFIX}KERNEL=${names.join(',')};FREEZER=${freezers.join(',')};PID=${pid}`;
}

/** Whether a line is a greeting, good or bad. */
export function isSetup(line: string): boolean {
  return line.startsWith(PREFIX) && line.length > PREFIX.length;
}

/**
 * Reads the line. Parts come in any order and repeatedly, a keyword may stand anywhere in its part, and empty names are
 * passed over.
 *
 * @returns `undefined` for a bad greeting: an unknown part, or no name.
 */
export function readSetup(line: string): Setup | undefined {
  const names: string[] = [];
  const freezers: string[] = [];
  let pid = 0;
  for (const part of withoutEmptyEnd(line.slice(PREFIX.length).split(';'))) {
    const kernel = behind(part, 'KERNEL=');
    const freezer = kernel === '' ? behind(part, 'FREEZER=') : '';
    if (kernel !== '') addNames(names, kernel);
    else if (freezer !== '') addNames(freezers, freezer);
    else {
      const digits = /PID=(\d+)/.exec(part)?.[1];
      if (digits === undefined) return undefined;
      pid = Number.isSafeInteger(Number(digits)) ? Number(digits) : 0;
    }
  }
  return names.length > 0 ? { names, freezers, pid } : undefined;
}

/** Adds the names of a list that are not empty. */
function addNames(names: string[], list: string): void {
  for (const name of list.split(',')) if (name !== '') names.push(name);
}

/** The text behind the first place of a keyword; empty if there is none. */
function behind(part: string, keyword: string): string {
  const at = part.indexOf(keyword);
  return at < 0 ? '' : part.slice(at + keyword.length);
}

/** POE: Protocol splits with Perl's split, which drops empty parts at the end, but nowhere else. */
function withoutEmptyEnd(parts: string[]): string[] {
  return parts.slice(0, parts.findLastIndex((part) => part !== '') + 1);
}
