import type { Session } from '../../core/index.ts';
import type { WireMessage } from './message.ts';

/** A message on its way, and who posts it. */
export interface Parcel {
  readonly message: WireMessage;
  readonly sender: Session | undefined;
}

interface Written extends Parcel {
  /** Where its frame ends in all that was put. */
  readonly end: number;
}

const TIDY_AT = 1024;

/** What has been put on a connection and not yet been taken by the system. */
export class Outbox {
  #parcels: Written[] = [];

  /** @param end - Octets put so far, with this message; `taken` - octets that the system has taken. */
  put(message: WireMessage, sender: Session | undefined, end: number, taken: number): void {
    if (this.#parcels.length >= TIDY_AT && (this.#parcels[TIDY_AT >> 1] as Written).end <= taken) {
      this.#parcels = this.#parcels.filter((parcel) => parcel.end > taken);
    }
    this.#parcels.push({ message, sender, end });
  }

  /** Messages that it holds, some of which the system may have taken. */
  get size(): number {
    return this.#parcels.length;
  }

  /** The system has taken everything. */
  clear(): void {
    if (this.#parcels.length > 0) this.#parcels = [];
  }

  /**
   * What was not taken, in two heaps.
   *
   * @param taken - Octets that the system has taken for sure.
   * @param handed - Octets that were handed to it: of a frame that begins before this some may have left.
   */
  rest(taken: number, handed: number): { doubtful: Parcel[]; unsent: Parcel[] } {
    const doubtful: Parcel[] = [];
    const unsent: Parcel[] = [];
    let begin = 0;
    for (const parcel of this.#parcels) {
      if (parcel.end > taken) (begin < handed ? doubtful : unsent).push(parcel);
      begin = parcel.end;
    }
    this.#parcels = [];
    return { doubtful, unsent };
  }
}
