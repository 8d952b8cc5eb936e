/** What an error may carry beside its message. */
export interface PoeErrorDetails {
  /** What the caller can do about it, in one sentence. */
  hint?: string;
  /** The error underneath, if there is one. */
  cause?: unknown;
}

/**
 * Base of every error this package throws.
 *
 * The message says what was being done, then a colon and the state that was found. `code` is stable and listed in
 * `docs/errors.md`; `hint` says what would be right.
 */
export class PoeError extends Error {
  readonly code: string;
  readonly hint: string | undefined;

  constructor(code: string, message: string, details: PoeErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.code = code;
    this.hint = details.hint;
  }
}

/** A mistake in the program: a wrong argument, a call at the wrong place. */
export class PoeUsageError extends PoeError {}

/** What an error about data may carry beside its message. */
export interface PoeDataErrorDetails extends PoeErrorDetails {
  /** The octet at which the trouble was found, counted from 0. */
  position?: number;
}

/** Bytes from outside that are not what they claim to be: a bad frame, a bad image, a line out of grammar. */
export class PoeDataError extends PoeError {
  readonly position: number | undefined;

  constructor(code: string, message: string, details: PoeDataErrorDetails = {}) {
    super(code, message, details);
    this.position = details.position;
  }
}

/** A limit was reached: see the limits in `docs/limits.md`. */
export class PoeLimitError extends PoeDataError {}
