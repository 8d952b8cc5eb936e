/** What one side of a recorded connection has sent, in our terms, to be sent piece by piece as it was. */
import type { Bindings } from './bindings.ts';
import type { Connection, Said } from './conversation.ts';
import type { Side } from './recording.ts';
import { frameOf } from './units.ts';

export class Stream {
  readonly #octets: Buffer;
  readonly #said: readonly Said[];
  readonly #bindings: Bindings;
  /** Frames in our terms, made when their first octet is sent: by then it is known what stands for what. */
  readonly #made = new Map<Said, Buffer>();

  constructor({ octets, said }: Connection, side: Side, bindings: Bindings) {
    this.#octets = octets[side];
    this.#said = said[side];
    this.#bindings = bindings;
  }

  /** The octets between two places of the recorded stream. A place inside of a frame that has become longer or shorter moves. */
  cut(start: number, end: number): Buffer {
    const parts = this.#said
      .filter((said) => said.start < end && said.end > start)
      .map((said) => {
        const made = this.#make(said);
        const place = (at: number): number => {
          if (at >= said.end) return made.length;
          return Math.min(Math.max(at - said.start, 0), made.length);
        };
        return made.subarray(place(start), place(end));
      });
    return Buffer.concat(parts);
  }

  #make(said: Said): Buffer {
    let made = this.#made.get(said);
    if (made === undefined) {
      const recorded = this.#octets.subarray(said.start, said.end);
      const payload = said.frame === undefined ? said.octets : this.#bindings.payload(said.octets, said.frame.freezer);
      made = payload === said.octets ? recorded : frameOf(payload);
      this.#made.set(said, made);
    }
    return made;
  }
}
