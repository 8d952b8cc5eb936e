import type { WireMessage, WireSpecifier } from './message.ts';
import { isTrue } from './perl.ts';

/** The message with the kernel of its rsvp filled in, where it was left out. */
export function withRsvpKernel(message: WireMessage, kernelName: string): WireMessage {
  const { rsvp } = message;
  if (typeof rsvp !== 'object' || rsvp === null || isTrue((rsvp as WireSpecifier).kernel)) return message;
  return { ...message, rsvp: { ...rsvp, kernel: kernelName } };
}
