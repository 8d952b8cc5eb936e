/** One recording, played in one role. */
import type { Conversation } from './conversation.ts';
import { Patience } from './patience.ts';

/** What became of a case. */
export interface Outcome {
  /** Rules by which ours does something else on purpose. */
  notes: string[];
  /** Why the recording cannot be played in this role. */
  skipped?: string;
}

/** How a case is played. */
export interface Play {
  conversation: Conversation;
  /** Our side gets its input one octet at a time. */
  octets: boolean;
  patience: Patience;
}

export function playOf(conversation: Conversation, octets: boolean): Play {
  return { conversation, octets, patience: new Patience() };
}

/** What went otherwise than recorded, and where. */
export class Mismatch extends Error {}

/** Runs a part of a case and says where it failed. */
export async function within<T>(where: string, act: () => Promise<T> | T): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof Mismatch) throw error;
    throw new Mismatch(`${where}: ${(error as Error).message}`, { cause: error });
  }
}
