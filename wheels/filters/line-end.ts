const CR = 0x0d;
const LF = 0x0a;

/** Where a line ends. A search leaves its find in `at` and `width`, so that the hot path allocates nothing. */
export interface LineEnd {
  /** Where the found line end begins: an index into the searched octets. */
  at: number;
  /** How many octets the found line end has. */
  width: number;
  /**
   * Looks for the first line end in `octets` from `start` to `end`; the octets before `searched` were searched before,
   * without a find.
   */
  find(octets: Buffer, start: number, searched: number, end: number): boolean;
  /** The same line end, for another stream. */
  clone(): LineEnd;
}

/** The octet that makes a two-octet newline of the given one. */
export function otherHalf(octet: number | undefined): number {
  return octet === CR ? LF : CR;
}

/**
 * CR LF, LF CR, CR or LF, in any mixture. A newline at the very end of what there is counts at once, as one octet.
 *
 * POE: Filter::Line does so too; the other half that comes later is an empty line.
 */
export class AnyNewline implements LineEnd {
  at = 0;
  width = 0;

  find(octets: Buffer, _start: number, searched: number, end: number): boolean {
    for (let at = searched; at < end; at++) {
      const octet = octets[at];
      if (octet !== CR && octet !== LF) continue;
      this.at = at;
      this.width = at + 1 < end && octets[at + 1] === otherHalf(octet) ? 2 : 1;
      return true;
    }
    return false;
  }

  clone(): AnyNewline {
    return new AnyNewline();
  }
}

/** One exact sequence of octets. */
export class LiteralEnd implements LineEnd {
  at = 0;
  readonly width: number;
  readonly literal: Buffer;

  constructor(literal: Buffer) {
    this.literal = literal;
    this.width = literal.length;
  }

  find(octets: Buffer, start: number, searched: number, end: number): boolean {
    // Behind the end there may be memory that is not filled yet: no need to look there.
    const filled = octets.length === end ? octets : octets.subarray(0, end);
    // The literal may begin in what was searched already, all but its last octet.
    this.at = filled.indexOf(this.literal, Math.max(start, searched - this.width + 1));
    return this.at >= 0;
  }

  clone(): LiteralEnd {
    return new LiteralEnd(this.literal);
  }
}

/**
 * A regular expression, which sees every octet as the character of that code. More data may make it match earlier, so
 * the search begins anew at the start of the line whenever data arrived.
 */
export class RegexpEnd implements LineEnd {
  at = 0;
  width = 0;
  readonly #pattern: string | RegExp;
  readonly #regexp: RegExp;
  /** The octets as text; kept while one piece of memory is cut into lines. */
  #text = '';
  #octets: Buffer | undefined;
  #start = 0;
  #end = 0;

  /**
   * @param pattern - A `RegExp` stands for itself. A string is put behind `^(.*?)` as it is, which is what POE does with
   * one: an alternative in it that is not in parentheses splits this whole expression.
   */
  constructor(pattern: string | RegExp) {
    this.#pattern = pattern;
    this.#regexp =
      typeof pattern === 'string'
        ? new RegExp(`^(.*?)${pattern}`, 's')
        : new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ''));
  }

  find(octets: Buffer, start: number, _searched: number, end: number): boolean {
    if (octets !== this.#octets || end !== this.#end || start < this.#start) {
      this.#text = octets.toString('latin1', start, end);
      this.#octets = octets;
      this.#end = end;
    } else {
      this.#text = this.#text.slice(start - this.#start);
    }
    this.#start = start;

    const match = this.#regexp.exec(this.#text);
    if (match === null) return false;
    const lineLength = typeof this.#pattern === 'string' ? (match[1]?.length ?? 0) : 0;
    this.at = start + match.index + lineLength;
    this.width = match[0].length - lineLength;
    return true;
  }

  clone(): RegexpEnd {
    return new RegexpEnd(this.#pattern);
  }
}
