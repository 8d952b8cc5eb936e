/** Whether a frame of ours says what the recorded one said. */
import { PerlString } from '../../wheels/filters/freezers/perl-values.ts';
import { freezerFor } from '../../wheels/index.ts';
import { characters, differences, type NeutralNode, type StringNode } from '../helpers/neutral.ts';
import type { Bindings } from './bindings.ts';
import { child } from './values.ts';

type Message = { [key: string]: unknown };

/** Keys that a genuine receiver writes into a message for itself, and may pass on. */
const OWN_KEYS = ['call', 'errors_to'];

/** Events that are made up to wait for one answer: by the responder, and by ClientLite. */
const MADE_UP = /^(IKC:|response\d+$)/;

/**
 * Compares a payload of ours with a recorded frame, and notes which numbers and names of ours stand for recorded ones.
 *
 * @returns The differences, `path: expected, found`; empty if there is none.
 */
export function frameDifferences(
  recorded: NeutralNode,
  payload: Buffer,
  freezerName: string,
  bindings: Bindings,
): string[] {
  const freezer = freezerFor(freezerName)?.({ strings: 'exact' });
  if (freezer === undefined) return [`there is no freezer ${freezerName}`];
  const message = freezer.thaw(payload) as Message;
  const expected = bindings.node(recorded);
  withoutOwnKeys(expected, message);
  bindRsvp(expected, message, bindings);
  acceptErrorText(expected, message);
  ignoreFlags(expected, message);
  return differences(expected, message);
}

function withoutOwnKeys(expected: NeutralNode, message: Message): void {
  if (expected.t === 'hash') expected.v = expected.v.filter(([key]) => !OWN_KEYS.includes(characters(key)));
  for (const key of OWN_KEYS) delete message[key];
}

/** A session may have another number here, and whoever waits for an answer another name for the event. */
function bindRsvp(expected: NeutralNode, message: Message, bindings: Bindings): void {
  bindSpecifier(child(expected, 'rsvp'), message.rsvp, bindings);
  // ClientLite's post_respond sends the place for the answer in the value itself.
  const params = child(expected, 'params');
  if (params?.t === 'array' && Array.isArray(message.params)) bindSpecifier(params.v?.[1], message.params[1], bindings);
}

function bindSpecifier(expected: NeutralNode | undefined, found: unknown, bindings: Bindings): void {
  if (typeof found !== 'object' || found === null) return;
  const ours = found as Message;
  const session = child(expected, 'session');
  const state = child(expected, 'state');
  const number = String(ours.session);
  if ((session?.t === 'int' || session?.t === 'bytes') && /^\d+$/.test(session.v ?? '') && /^\d+$/.test(number)) {
    bindings.session(session.v as string, Number(number));
    session.v = number;
  }
  const name = String(ours.state);
  if (state?.t === 'bytes' && MADE_UP.test(state.v ?? '') && MADE_UP.test(name)) {
    bindings.state(state.v as string, name);
    state.v = name;
  }
}

function acceptErrorText(expected: NeutralNode, message: Message): void {
  const params = child(expected, 'params');
  const text = params?.t === 'array' && child(expected, 'is_error') !== undefined ? params.v?.[0] : undefined;
  const given: unknown = Array.isArray(message.params) ? message.params[0] : undefined;
  const ours = given instanceof PerlString ? given.value : '';
  if (text?.t === 'bytes' && text.v !== undefined && isErrorText(text.v, ours)) text.v = ours;
}

/**
 * Whether a text of ours says what a recorded one says. Where Perl names a file and a line, the words before it are
 * Perl's own, and only a session that is named in them has to be named by us as well; what IKC says behind it must be the same.
 */
export function isErrorText(recorded: string, ours: string): boolean {
  const [, words, rest] = /^(.*?) at \S+ line \d+\.(.*)$/s.exec(recorded) ?? [];
  if (words === undefined || rest === undefined) return recorded === ours;
  return ours.endsWith(rest) && (!words.startsWith('Unknown session') || ours.startsWith(words));
}

/** Perl compares strings by characters: the flag of one without a character above U+00FF makes no difference. */
function ignoreFlags(expected: NeutralNode, message: Message): void {
  const plain = (value: unknown): unknown => {
    if (Array.isArray(value)) for (const each of value) plain(each);
    else if (typeof value === 'object' && value !== null) {
      const node = value as { t?: unknown; v?: unknown };
      if (node.t === 'text' && isNarrow(node as StringNode)) node.t = 'bytes';
      for (const each of Object.values(value)) plain(each);
    }
    return value;
  };
  plain(expected);
  unflag(message, new Set());
}

function isNarrow(node: StringNode): boolean {
  return node.sha256 === undefined && !/[^\0-\xff]/.test(characters(node));
}

function unflag(value: unknown, seen: Set<unknown>): void {
  if (typeof value !== 'object' || value === null || seen.has(value)) return;
  seen.add(value);
  const holder = value as Message;
  for (const [key, each] of Object.entries(holder)) {
    if (each instanceof PerlString && each.flagged && !/[^\0-\xff]/.test(each.value)) {
      holder[key] = new PerlString(each.value, false);
    } else unflag(each, seen);
  }
}
