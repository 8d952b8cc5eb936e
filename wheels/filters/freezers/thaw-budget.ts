import { PoeDataError, PoeLimitError } from '../../../core/errors.ts';
import { DEFAULT_THAW_LIMITS, type ThawLimits } from './freezer.ts';

const CODES: Readonly<Record<keyof ThawLimits, string>> = {
  maxNodes: 'POE_ERR_THAW_NODES',
  maxDepth: 'POE_ERR_THAW_DEPTH',
  maxHashDepth: 'POE_ERR_THAW_DEPTH',
  maxString: 'POE_ERR_THAW_STRING',
  maxClassName: 'POE_ERR_THAW_CLASS_NAME',
};

/**
 * Counts what one image costs while it is thawed, and ends the thawing where a limit is passed. Positions are octets of
 * the image, counted from 0; every error carries one.
 */
export class ThawBudget {
  readonly #format: string;
  readonly #limits: ThawLimits;
  #nodes = 0;
  #depth = 0;
  #hashDepth = 0;

  constructor(format: string, limits: Partial<ThawLimits> = {}) {
    this.#format = format;
    this.#limits = { ...DEFAULT_THAW_LIMITS, ...limits };
  }

  /** One more value, container or scalar. */
  countNode(position: number): void {
    if (++this.#nodes > this.#limits.maxNodes) this.#refuse('maxNodes', this.#nodes, 'values', position);
  }

  /** Goes into an array or a reference. */
  enter(position: number): void {
    if (++this.#depth > this.#limits.maxDepth) {
      this.#refuse('maxDepth', this.#depth, 'arrays and references inside each other', position);
    }
  }

  leave(): void {
    this.#depth--;
  }

  enterHash(position: number): void {
    if (++this.#hashDepth > this.#limits.maxHashDepth) {
      this.#refuse('maxHashDepth', this.#hashDepth, 'hashes inside each other', position);
    }
  }

  leaveHash(): void {
    this.#hashDepth--;
  }

  checkString(octets: number, position: number): void {
    if (octets > this.#limits.maxString) this.#refuse('maxString', octets, 'octets in one string', position);
  }

  checkClassName(octets: number, position: number): void {
    if (octets > this.#limits.maxClassName) this.#refuse('maxClassName', octets, 'octets in a class name', position);
  }

  /** The error for an image that breaks the rules of its format. */
  malformed(found: string, position: number, hint?: string): PoeDataError {
    return malformedError(this.#format, found, position, hint);
  }

  #refuse(limit: keyof ThawLimits, found: number, unit: string, position: number): never {
    throw limitError(this.#format, limit, this.#limits[limit], `${found} ${unit}`, position);
  }
}

/** The error for an image in which something was found that is past a limit. */
export function limitError(
  format: string,
  limit: keyof ThawLimits,
  allowed: number,
  found: string,
  position: number,
): PoeLimitError {
  return new PoeLimitError(
    CODES[limit],
    `Cannot thaw ${format} octets: ${found} at octet ${position}, the limit is ${allowed}`,
    { position, hint: `If images this large are meant to be read, raise limits.${limit} of the freezer` },
  );
}

/** The error for an image that breaks the rules of its format. */
export function malformedError(format: string, found: string, position: number, hint?: string): PoeDataError {
  return new PoeDataError(
    'POE_ERR_THAW_MALFORMED',
    `Cannot thaw ${format} octets: ${found} at octet ${position}`,
    hint === undefined ? { position } : { position, hint },
  );
}
