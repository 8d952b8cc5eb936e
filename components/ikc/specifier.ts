import { inspect } from 'node:util';
import { blessed } from '../../wheels/filters/index.ts';
import { isBare, isHash, isTrue, own } from './perl.ts';

/** Where a message goes, or comes from. Parts that were not given are empty. */
export interface Specifier {
  /** Name of a kernel, or `*` for all. */
  kernel: string;
  /** Alias of a session, or its number as text. */
  session: string;
  /** Name of an event. */
  state: string;
  /** Given to the event as an additional last argument; absent if there is none. */
  args?: unknown;
}

/** Where an answer is to go, as a hash: an event, of the calling session unless another one is named. */
export type Rsvp = Pick<Specifier, 'state'> & Partial<Specifier>;

/** A specifier as it may be written: text, or a hash of some of its parts. */
export type SpecifierLike = string | { readonly [key: string]: unknown };

/**
 * Reads a specifier, of text or of hash form.
 *
 * Text is `poe://kernel/session/state`, each part optional (`poe:/session/state`), or without `poe:` as
 * `//kernel/session/state`, `session/state`, `state`; behind it perhaps `?args`. In names stand letters, digits, `_`,
 * `-` and blanks. Letters and digits are those of ASCII. In text with a character above U+00FF, which Perl can only hold
 * as characters, they are those of Unicode; that is how Perl reads the same text.
 *
 * Of a hash, the keys `kernel`, `session`, `state` and `args` that are its own count. Names must be strings or numbers,
 * which become strings here (so keep the hash where it has to be sent back unchanged), but any text is allowed in them.
 *
 * @returns The parts, or `undefined` for what is no specifier, as the empty text, the text `0`, an array, and a hash
 * with other things in place of names.
 * @example
 * parseSpecifier('poe://Pulse/timeserver/time'); // { kernel: 'Pulse', session: 'timeserver', state: 'time' }
 * @remarks Mirrors POE::Component::IKC::Specifier, "specifier_parse". Differs from it: a hash is not changed, and its
 * names are looked at.
 */
export function parseSpecifier(specifier: unknown): Specifier | undefined {
  if (typeof specifier === 'string') return isTrue(specifier) ? parseText(specifier) : undefined;
  return isHash(specifier) && !Object.hasOwn(specifier, blessed) ? parseHash(specifier) : undefined;
}

/**
 * Writes a specifier as text: `poe:`, then `//kernel`, `/session` and `/state`, each if there is one. `args` are not
 * shown. Text is returned as it is; a pair is a session and a state.
 *
 * @example
 * specifierName({ kernel: 'Pulse', session: 'timeserver' }); // 'poe://Pulse/timeserver'
 * @remarks Mirrors POE::Component::IKC::Specifier, "specifier_name".
 */
export function specifierName(
  specifier: string | readonly [session: string, state: string] | Partial<Specifier>,
): string {
  if (typeof specifier === 'string') return specifier;
  const { kernel, session, state }: Partial<Specifier> = isPair(specifier)
    ? { session: specifier[0], state: specifier[1] }
    : specifier;
  return [
    'poe:',
    isTrue(kernel) ? `//${kernel}` : '',
    isTrue(session) ? `/${session}` : '',
    isTrue(state) ? `/${state}` : '',
  ].join('');
}

/** What was given for a specifier, as it is shown to a person. */
export function shownSpecifier(value: unknown): string {
  return typeof value === 'string'
    ? value
    : inspect(value, { depth: 0, breakLength: Number.POSITIVE_INFINITY, maxArrayLength: 3, maxStringLength: 80 });
}

/**
 * One part of a specifier. Text without `poe:` begins with the kernel here: `Pulse/timeserver`.
 *
 * @returns The part, `undefined` if the specifier is none.
 * @example
 * specifierPart('Pulse/timeserver', 'kernel'); // 'Pulse'
 * @remarks Mirrors POE::Component::IKC::Specifier, "specifier_part".
 */
export function specifierPart<Part extends keyof Specifier>(
  specifier: SpecifierLike,
  part: Part,
): Specifier[Part] | undefined {
  if (!isTrue(specifier)) return undefined;
  const complete = typeof specifier === 'string' && !specifier.startsWith('poe:') ? `poe://${specifier}` : specifier;
  return parseSpecifier(complete)?.[part];
}

/**
 * Whether a name can stand as the kernel of a specifier. Other names must not be announced: a genuine peer dies of them.
 * `*`, which means all kernels, is no name of one, and `0` is false.
 */
export function isKernelName(name: string): boolean {
  if (name === '*' || !isTrue(name)) return false;
  if (USUAL.test(name)) return true;
  return rulesFor(name).kernels.some((kernel) => match(kernel, name, 0) === name.length);
}

/** One set of patterns for text that Perl holds as bytes, one for text that it holds as characters. */
interface Grammar {
  /** What names of sessions and states consist of. */
  name: RegExp;
  args: RegExp;
  /** The forms of a kernel, in the order in which they are tried. */
  kernels: readonly RegExp[];
}

/** Names as most are. PERF: ikc-visits: one pattern in place of four. */
const USUAL = /^[. \w-]+$/;

const BYTES = grammar(String.raw`\w`, String.raw`\d`, 'y');
/** Made when a name first needs them: Unicode's classes take some milliseconds. */
let characters: Grammar | undefined;
const WIDE = /[\u0100-\uffff]/;

/** No pattern here can match one text in two ways, so that matching takes linear time. */
function grammar(word: string, digit: string, flags: string): Grammar {
  const pattern = (source: string) => new RegExp(source, flags);
  return {
    name: pattern(`[ ${word}\\-]+`),
    args: pattern(`\\?([${word}]+)`),
    kernels: [
      pattern('\\*'),
      pattern(`[. ${word}\\-]+`),
      pattern(`[a-zA-Z0-9][.a-zA-Z0-9\\-]+:[${digit}]+`),
      pattern(`unix:[.${word}\\-]+(?::[${digit}]+-[${digit}]+)?`),
    ],
  };
}

function rulesFor(text: string): Grammar {
  if (!WIDE.test(text)) return BYTES;
  characters ??= grammar(String.raw`\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}`, String.raw`\p{Nd}`, 'uy');
  return characters;
}

function parseHash(hash: { readonly [key: string]: unknown }): Specifier | undefined {
  const isSafe = isBare(hash);
  const kernel = namePart(isSafe ? hash.kernel : own(hash, 'kernel'));
  const session = namePart(isSafe ? hash.session : own(hash, 'session'));
  const state = namePart(isSafe ? hash.state : own(hash, 'state'));
  if (kernel === undefined || session === undefined || state === undefined) return undefined;
  const specifier: Specifier = { kernel, session, state };
  if (Object.hasOwn(hash, 'args')) specifier.args = hash.args;
  return specifier;
}

function namePart(value: unknown): string | undefined {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return truePart(value);
  return typeof value === 'number' || typeof value === 'bigint' ? truePart(String(value)) : undefined;
}

/** Texts that were read lately, without `args`. Many specifiers are sent time and again. */
const known = new Map<string, Readonly<Specifier>>();
/** How many are kept, and the length up to which they are; a peer may send any. */
const MOST_KNOWN = 256;
const LONGEST_KNOWN = 128;

/** PERF: ikc-posts: looks among the texts that were read lately first. */
function parseText(text: string): Specifier | undefined {
  const before = known.get(text);
  if (before !== undefined) return { kernel: before.kernel, session: before.session, state: before.state };
  const specifier = readText(text);
  if (specifier === undefined || 'args' in specifier || text.length > LONGEST_KNOWN) return specifier;
  if (known.size === MOST_KNOWN) known.clear();
  known.set(text, { ...specifier });
  return specifier;
}

function readText(given: string): Specifier | undefined {
  // POE: Specifier's patterns end in $, which also matches before one last newline.
  const text = given.endsWith('\n') ? given.slice(0, -1) : given;
  const rules = rulesFor(text);
  return text.startsWith('poe:') ? parseFull(text, rules) : parseShort(text, rules);
}

/** `poe:` [ `//` [ kernel ] ] [ `/` session ] [ [ `/` ] state ] [ `?` args ] */
function parseFull(text: string, rules: Grammar): Specifier | undefined {
  let at = 4;
  if (!text.startsWith('//', at)) return parseFullRest(text, at, '', rules);
  at += 2;
  for (const kernel of rules.kernels) {
    const end = match(kernel, text, at);
    const specifier = end > at ? parseFullRest(text, end, text.slice(at, end), rules) : undefined;
    if (specifier) return specifier;
  }
  return parseFullRest(text, at, '', rules);
}

function parseFullRest(text: string, from: number, kernel: string, rules: Grammar): Specifier | undefined {
  let at = from;
  let session = '';
  if (text[at] === '/') {
    const end = match(rules.name, text, at + 1);
    if (end > at + 1) {
      session = text.slice(at + 1, end);
      at = end;
    }
  }
  if (text[at] === '/') at++;
  const end = match(rules.name, text, at);
  return finish(text, end, kernel, session, text.slice(at, end), rules);
}

/** [ `//` kernel `/` ] [ session `/` ] [ state ] [ `?` args ] */
function parseShort(text: string, rules: Grammar): Specifier | undefined {
  if (!text.startsWith('//')) return parseShortRest(text, 0, '', rules);
  for (const kernel of rules.kernels) {
    const end = match(kernel, text, 2);
    if (end > 2 && text[end] === '/') return parseShortRest(text, end + 1, text.slice(2, end), rules);
  }
  return undefined;
}

function parseShortRest(text: string, from: number, kernel: string, rules: Grammar): Specifier | undefined {
  let at = from;
  let session = '';
  let end = match(rules.name, text, at);
  if (end > at && text[end] === '/') {
    session = text.slice(at, end);
    at = end + 1;
    end = match(rules.name, text, at);
  }
  return finish(text, end, kernel, session, text.slice(at, end), rules);
}

/** The arguments at the end, behind which nothing may follow. */
function finish(
  text: string,
  at: number,
  kernel: string,
  session: string,
  state: string,
  rules: Grammar,
): Specifier | undefined {
  const end = match(rules.args, text, at);
  if (end !== text.length) return undefined;
  const specifier: Specifier = { kernel: truePart(kernel), session: truePart(session), state: truePart(state) };
  const args = text.slice(at + 1, end);
  if (isTrue(args)) specifier.args = args;
  return specifier;
}

/** POE: a part `0` is false and therefore no part. */
function truePart(part: string): string {
  return isTrue(part) ? part : '';
}

/** Where a match that begins at a place ends; the place itself if there is none. */
function match(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

function isPair(value: object): value is readonly [string, string] {
  return Array.isArray(value);
}
