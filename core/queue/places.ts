import type { SessionLike } from '../types.ts';

/** Where one event lies in the ring: the words that hold it, its first one, and its number. */
export interface Place {
  readonly words: unknown[];
  readonly at: number;
  readonly seq: number;
}

const NONE: readonly Place[] = [];

/**
 * Where in the ring the events of each session lie, those for it and those from it. The ring makes one when many sessions end
 * while much is queued, so that it need not look at every event for each of them.
 */
export class Places {
  readonly #bySession = new Map<SessionLike, Place[]>();
  /** Events entered, those included that have left the ring since. */
  count = 0;

  enter(target: SessionLike, sender: SessionLike, place: Place): void {
    this.count++;
    this.#add(target, place);
    if (sender !== target) this.#add(sender, place);
  }

  #add(session: SessionLike, place: Place): void {
    const places = this.#bySession.get(session);
    if (places === undefined) this.#bySession.set(session, [place]);
    else places.push(place);
  }

  /** Forgets the places of a session and returns them, oldest first. Whether an event still lies there is the ring's to know. */
  take(session: SessionLike): readonly Place[] {
    const places = this.#bySession.get(session);
    if (places === undefined) return NONE;
    this.#bySession.delete(session);
    return places;
  }
}
