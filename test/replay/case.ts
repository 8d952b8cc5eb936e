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

/** Runs a part of a case and says where it failed. */
export async function within<T>(where: string, act: () => Promise<T> | T): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw new Error(`${where}: ${(error as Error).message}`, { cause: error });
  }
}
