/** Octets as filters and drivers pass them around. Node's `Buffer` is one. */
export type Chunk = Uint8Array;

/** Some of the octets of a buffer. */
export interface Span {
  readonly octets: Buffer;
  /** Where they begin ... */
  readonly start: number;
  /** ... and where they end, that is, what is the first one behind them. */
  readonly end: number;
}

/**
 * What every filter offers: bytes in, records out, and the way back. A filter only parses; it knows no kernel, no
 * socket and no clock, and keeps what is left over until more arrives.
 *
 * `In` are the records that are read, `Out` those that can be put. `Raw` is what lies at the side of the wire: octets,
 * unless the filter works on the records of another one (`Grep`, `Map`, `RecordBlock`).
 *
 * Mirrors POE::Filter.
 */
export interface Filter<In = unknown, Out = In, Raw = Chunk> {
  /**
   * Takes received chunks into the buffer. The filter may keep them, and records may be views of them: write to none later.
   *
   * @param owned - Nobody else will look at the chunks any more, so that the filter may use their memory again. A `ReadWrite`
   * says so of what it has read itself; a filter may ignore it.
   */
  getOneStart(chunks: readonly Raw[], owned?: boolean): void;
  /** Parses the next record: an array of one record, or an empty array when more bytes are needed. */
  getOne(): In[];
  /** {@link getOneStart} and then every record there is. */
  get(chunks: readonly Raw[]): In[];
  /** Turns records into chunks for the wire. */
  put(records: readonly Out[]): Raw[];
  /**
   * Optional: turns one record into octets for the wire without a view of them, so that records which come to lie behind each other are
   * written in one piece without a copy. The octets stay as they are, but the span itself may be used again for the next record.
   *
   * @returns `undefined` for what has to go by {@link put}.
   */
  putSpan?(record: Out): Span | undefined;
  /** What is buffered and not yet a record, for handing over to another filter; `null` if nothing is. */
  getPending(): Raw[] | null;
  /** A filter with the same settings and an empty buffer. */
  clone(): Filter<In, Out, Raw>;
  /**
   * How many seconds an unfinished record may stand without an octet coming in, where a wheel's user says nothing of it. Filters of frames say
   * 30, those of text nothing: a person may type it.
   */
  readonly frameTimeout?: number | undefined;
  /** Whether a record has begun and is not whole, where `getPending` does not tell. Without it, it is whether that gives something. */
  readonly unfinished?: boolean;
}
