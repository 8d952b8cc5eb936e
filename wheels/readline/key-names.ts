/** Keys as people write them (`C-a`, `"\M-b"`, `Meta-Rubout`, `home`), and the octets they stand for. */

/** Keys that every terminal sends alike. */
const CHARACTERS: Readonly<Record<string, string>> = {
  space: ' ',
  spc: ' ',
  esc: '\x1b',
  escape: '\x1b',
  tab: '\t',
  ret: '\r',
  return: '\r',
  newline: '\n',
  lfd: '\n',
  rubout: '\x7f',
};

/** Keys that terminals send in different ways: as VT100s do, in application mode, as the Linux console or rxvt do. */
const FUNCTION_KEYS: Readonly<Record<string, readonly string[]>> = {
  up: ['\x1b[A', '\x1bOA'],
  down: ['\x1b[B', '\x1bOB'],
  right: ['\x1b[C', '\x1bOC'],
  left: ['\x1b[D', '\x1bOD'],
  home: ['\x1b[H', '\x1bOH', '\x1b[1~', '\x1b[7~'],
  end: ['\x1b[F', '\x1bOF', '\x1b[4~', '\x1b[8~'],
  insert: ['\x1b[2~'],
  ins: ['\x1b[2~'],
  delete: ['\x1b[3~'],
  del: ['\x1b[3~'],
  backspace: ['\x7f', '\b'],
  bs: ['\x7f', '\b'],
};

/** What a backslash and a letter mean between quotes. */
const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  d: '\x7f',
  e: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** The character that a key makes with Control held down. */
export function control(character: string): string {
  return character === '?' ? '\x7f' : String.fromCharCode(character.toUpperCase().charCodeAt(0) & 0x1f);
}

/** What a key sends with Meta held down. */
function meta(character: string): string {
  return `\x1b${character}`;
}

/**
 * The sequences of octets that a key's description stands for, several where terminals differ.
 *
 * @param notation - With quotes, text with escapes as in `"\C-x\M-b\e[A"`; without them, names and modifiers as in `C-xC-r`,
 * `M-Rubout`, `Control-u`, `home`.
 */
export function keySequences(notation: string): string[] {
  const quoted = /^"([\s\S]*)"$/.exec(notation);
  return quoted === null ? bareSequences(notation) : [unquote(quoted[1] as string)];
}

function bareSequences(notation: string): string[] {
  const modifier = /^(c(?:ontrol)?|m(?:eta)?)-(?=[\s\S])/i.exec(notation);
  if (modifier !== null) {
    const apply = /^c/i.test(modifier[1] as string) ? controlFirst : meta;
    return bareSequences(notation.slice(modifier[0].length)).map(apply);
  }
  const word = notation.toLowerCase();
  if (Object.hasOwn(FUNCTION_KEYS, word)) return [...(FUNCTION_KEYS[word] as string[])];
  if (Object.hasOwn(CHARACTERS, word)) return [CHARACTERS[word] as string];
  const [first = '', ...rest] = notation;
  return rest.length === 0 ? [first] : bareSequences(rest.join('')).map((sequence) => first + sequence);
}

/** Holds Control down for the first key of a sequence; Meta may be held with it. */
function controlFirst(sequence: string): string {
  if (sequence.length > 1 && sequence.startsWith('\x1b')) return meta(controlFirst(sequence.slice(1)));
  const [first = '', ...rest] = sequence;
  return control(first) + rest.join('');
}

/** Text between quotes, in a key's description or in a macro. */
export function unquote(text: string): string {
  const backslash = /^\\(?:(C-|M-)|([0-7]{1,3})|x([\da-f]{1,2})|([\s\S]))/i;
  let made = '';
  let rest = text;
  while (rest !== '') {
    const found = backslash.exec(rest);
    if (found === null) {
      const [first = ''] = rest;
      made += first;
      rest = rest.slice(first.length);
      continue;
    }
    rest = rest.slice(found[0].length);
    const [, modifier, octal, hex, letter] = found;
    if (modifier !== undefined) {
      const [held, after] = modified(modifier.toUpperCase(), rest);
      made += held;
      rest = after;
    } else if (octal !== undefined) made += String.fromCharCode(Number.parseInt(octal, 8) & 0xff);
    else if (hex !== undefined) made += String.fromCharCode(Number.parseInt(hex, 16));
    else made += ESCAPES[letter as string] ?? letter;
  }
  return made;
}

/** The key after `\C-` or `\M-`, which may have a modifier of its own or be escaped, and what follows it. */
function modified(modifier: string, text: string): [made: string, rest: string] {
  const key = /^\\(?:[CM]-)+(?:\\[\s\S]|[\s\S])|^\\[\s\S]|^[\s\S]/iu.exec(text)?.[0] ?? '';
  const plain = unquote(key);
  if (plain === '') return ['', ''];
  return [modifier === 'M-' ? meta(plain) : controlFirst(plain), text.slice(key.length)];
}

/** A key's octets as a person would say them: `Meta-x`, `Control-A`. Mirrors what POE's `dump-key` prints. */
export function readableKey(raw: string): string {
  return Array.from(raw, (character) => {
    if (character === '\x1b') return 'Meta-';
    if (character < ' ') return `Control-${String.fromCharCode(character.charCodeAt(0) + 64)}`;
    return character === '\x7f' ? '^?' : character;
  }).join('');
}

/** Text as it is shown: control characters as `^x`, in POE's small letters. */
export function visible(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what cannot be shown
  return text.replace(/[\x00-\x1f\x7f-\x9f]/g, (character) => {
    const code = character.charCodeAt(0);
    if (code === 0x7f) return '^?';
    return code < 0x20 ? `^${String.fromCharCode(code + 64).toLowerCase()}` : `<${code.toString(16)}>`;
  });
}
