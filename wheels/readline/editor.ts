import type { Action, EditFunction } from './action.ts';
import { KEYMAPS } from './default-bindings.ts';
import { FUNCTIONS } from './functions/index.ts';
import { History } from './history.ts';
import { applyInputrc } from './inputrc.ts';
import { type Key, keysOf } from './key-decoder.ts';
import { unquote, visible } from './key-names.ts';
import { Keymap } from './keymap.ts';
import { TextBuffer } from './text-buffer.ts';

/** What a key has done beside changing the line. */
export type Effect =
  | { readonly kind: 'bell' }
  /** Lines to show below the one being edited, which then is shown anew. */
  | { readonly kind: 'print'; readonly lines: readonly string[] }
  | { readonly kind: 'clear' }
  | { readonly kind: 'redraw' }
  | { readonly kind: 'line'; readonly line: string }
  | { readonly kind: 'exception'; readonly exception: Exception; readonly shown: string };

/** How a line can end without having been entered. */
export type Exception = 'cancel' | 'eot' | 'interrupt';

/** What an editor asks of the world. */
export interface EditorHost {
  /** Functions of the program, by which it may also replace ours. */
  userFunction(name: string): EditFunction | undefined;
  /** The text of the user's inputrc; undefined if there is none. */
  readInputrc(): string | undefined;
  readFile(path: string): string | undefined;
  /** The home directory of a user; undefined for nobody. */
  homeOf(user: string): string | undefined;
  readonly appName: string;
  readonly term: string;
  /** Columns of the terminal. */
  readonly columns: number;
  /** Who the editor works for, in the line that `poe-wheel-debug` prints. */
  readonly id: number;
  /** Told of a binding to a function that does not exist. */
  unknownFunction(notation: string, name: string): void;
}

/** Options as inputrc files set them, and the completion function. */
export type EditorOptions = Record<string, unknown>;

/** Longest line, in UTF-16 units: whatever is typed beyond it rings the bell. */
export const LONGEST_LINE = 1_048_576;
/** A count beyond it counts as this. */
const LARGEST_COUNT = 9_999;
const UNDO_STEPS = 1_000;
/** How deep macros may call macros. */
const DEEPEST_MACRO = 16;

/** Functions that only collect a count. */
const COUNTING: ReadonlySet<string> = new Set(['digit-argument', 'vi-arg-digit']);

/** Functions that undo, or that run others which keep what was there before. */
const NO_CHANGE: ReadonlySet<string> = new Set(['insert-macro', 'search-finish', 'undo', 'vi-redo', 'vi-undo']);

/** What a negative count makes of a function. */
const OPPOSITES: Readonly<Record<string, string>> = {
  'backward-char': 'forward-char',
  'backward-delete-char': 'delete-char',
  'backward-kill-line': 'kill-line',
  'backward-kill-word': 'kill-word',
  'backward-word': 'forward-word',
  'delete-char': 'backward-delete-char',
  'forward-char': 'backward-char',
  'forward-word': 'backward-word',
  'kill-line': 'backward-kill-line',
  'kill-word': 'backward-kill-word',
  'next-history': 'previous-history',
  'previous-history': 'next-history',
};

interface Snapshot {
  readonly text: string;
  readonly cursor: number;
}

/** A search under way. */
interface Search {
  /** Where the keys go again afterwards. */
  readonly keymap: Keymap;
  /** Shown in place of the prompt, with `%s` for what is searched for; undefined for vi's, which is typed as the line. */
  readonly prompt: string | undefined;
}

/**
 * Edits one line: keys in, the text and effects out. It does no input or output and has no clock.
 *
 * The functions that keys are bound to (`functions/`) are given the editor and change its public fields.
 */
export class LineEditor extends TextBuffer {
  readonly host: EditorHost;
  readonly options: EditorOptions = Object.create(null);
  readonly history = new History();
  /** What is shown before the text, unless a search shows its own. */
  prompt = '>';
  /** The keys pressed mean what is bound here. */
  keymap: Keymap;
  /** Whether a line is being edited: from {@link start} until it ends. */
  reading = false;

  /** The count typed so far, `''` for none. */
  countTyped = '';
  /** The count a function is run with, in its first round; undefined without one. A function that uses it itself sets 0: no further rounds. */
  count: number | undefined;
  /** Place that `set-mark` has noted. */
  mark = 0;
  /** Places that vi's `m` has noted, by key. */
  readonly marks = new Map<string, number>();
  readonly killRing: string[] = [];
  /** The function before this one. */
  last = '';
  /** Takes the next key, whatever is bound to it. */
  pendingKey: ((key: string, raw: string) => void) | undefined;
  /** What vi's `c`, `d` or `y` does with the range that the next keys name. */
  pendingRange: ((from: number, length: number) => void) | undefined;

  /** What is searched for. */
  searchText = '';
  searchDirection = 1;
  /** The key that began the search, or turned it. */
  searchKey = '';
  search: Search | undefined;

  readonly #keymaps = new Map<string, Keymap>();
  #effects: Effect[] = [];
  /** Keys of a sequence that is not complete. */
  #build = '';
  #macroDepth = 0;
  #undo: Snapshot[] = [];
  /** What `revert-line` goes back to. */
  #origin: Snapshot | undefined;
  /** Keys of vi's last change, and of the one that may be under way, with the text before it. */
  #lastChange: readonly Key[] = [];
  #change: { keys: Key[]; text: string } | undefined;

  constructor(host: EditorHost) {
    super(LONGEST_LINE);
    this.host = host;
    this.keymap = new Keymap('', 'ding');
    this.readInitFile();
  }

  /** Begins a new line. */
  start(): void {
    this.reading = true;
    this.setText('', 0);
    this.insertMode = true;
    this.last = '';
    this.#undo = [];
    this.#origin = undefined;
    this.history.toEnd();
  }

  /** What is to be shown. */
  get shown(): { prompt: string; text: string; cursor: number } {
    const prompt = this.search?.prompt?.replace('%s', () => this.searchText) ?? this.prompt;
    return { prompt, text: this.text, cursor: this.cursor };
  }

  /** Takes a key. @returns What it has done beside changing the line, in that order. */
  key(key: Key): Effect[] {
    this.#origin ??= this.#snapshot();
    this.#noteChange(key);
    this.#take(key);
    this.#endChange();
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  /** Runs a function by its name, as a key would. @returns What it has done beside changing the line. */
  run(name: string): Effect[] {
    this.#origin ??= this.#snapshot();
    this.apply(name, '', '');
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  /** Whether keys that may be the beginning of others do something by themselves, so that the wait for more must end. */
  actsOn(held: string): boolean {
    if (held === '') return false;
    if (this.pendingKey !== undefined) return true;
    const found = this.keymap.lookUp(this.#build + held);
    return found === undefined ? held.length === 1 : found !== 'more';
  }

  // --- for the functions

  ding(): false {
    this.#effects.push({ kind: 'bell' });
    return false;
  }

  /** Shows lines below. */
  print(lines: readonly string[]): void {
    this.#effects.push({ kind: 'print', lines });
  }

  effect(kind: 'clear' | 'redraw'): void {
    this.#effects.push({ kind });
  }

  /** Ends the line as one that was entered. */
  accept(): void {
    const line = this.text;
    if (!this.#finish()) return;
    this.#effects.push({ kind: 'line', line });
    if (this.keymap.isVi) this.useKeymap('vi-insert');
  }

  /** Ends it in another way. */
  raise(exception: Exception, key: string): void {
    if (this.#finish()) this.#effects.push({ kind: 'exception', exception, shown: key.toUpperCase() });
  }

  #finish(): boolean {
    if (!this.reading) return false;
    this.reading = false;
    this.history.toEnd();
    return true;
  }

  kill(text: string): void {
    this.killRing.push(text);
  }

  /** Shows another line of the history; its changes are undone apart. */
  showLine(text: string, cursor: number): void {
    this.setText(text, cursor);
    this.#undo = [];
    this.#origin = { text, cursor: 0 };
  }

  undo(): boolean {
    const before = this.#undo.pop();
    if (before === undefined) return this.ding();
    this.setText(before.text, before.cursor);
    return true;
  }

  revert(): void {
    const { text, cursor } = this.#origin as Snapshot;
    this.setText(text, cursor);
    this.#undo = [];
    this.#origin = undefined;
  }

  /** Does what vi's last change did. */
  redo(): boolean {
    if (this.#lastChange.length === 0) return this.ding();
    const keys = this.#lastChange;
    this.#change = undefined;
    for (const key of keys) this.#take(key);
    return true;
  }

  /** Does what keys do in the keymap that is in use now. */
  reapply(key: string, raw: string): void {
    const found = this.keymap.lookUp(raw);
    if (found === 'more') this.#build = raw;
    else this.apply(found ?? this.#fallback(keysOf(raw)[0]?.kind), key, raw);
  }

  playMacro(keys: string): void {
    if (this.#macroDepth >= DEEPEST_MACRO) {
      this.ding();
      return;
    }
    this.#macroDepth++;
    for (const key of keysOf(keys)) this.#take(key);
    this.#macroDepth--;
  }

  /** Begins a search: the keys go to the keymap of that name until {@link endSearch}. */
  beginSearch(keymap: 'isearch' | 'vi-search', direction: 1 | -1, key: string, prompt?: string): void {
    this.search = { keymap: this.keymap, prompt };
    this.searchDirection = direction;
    this.searchKey = key;
    this.useKeymap(keymap);
  }

  endSearch(): void {
    this.keymap = this.search?.keymap ?? this.keymap;
    this.search = undefined;
  }

  // --- keymaps and options

  /** Sends keys to another keymap, if there is one of that name. */
  useKeymap(name: string): void {
    const found = this.#keymaps.get(name.toLowerCase());
    if (found !== undefined) {
      this.keymap = found;
      this.options.keymap = found.name;
    }
    // POE: whatever the map.
    this.insertMode = true;
  }

  /** Binds a key in the keymap in use. @returns false if there is no function of that name. */
  bind(notation: string, action: Action): boolean {
    if (typeof action === 'string' && this.#function(action) === undefined) {
      this.host.unknownFunction(notation, action);
      return false;
    }
    this.keymap.bind(notation, action);
    return true;
  }

  /** The same for an action as people write it: a name, or keys between quotes. */
  bindText(notation: string, action: string): boolean {
    const macro = /^(["'])([\s\S]*)\1$/.exec(action);
    return this.bind(notation, macro === null ? action : { macro: unquote(macro[2] as string) });
  }

  /** The value of an option, `''` for none. */
  option(name: string): unknown {
    return this.options[name.toLowerCase()] ?? '';
  }

  isOn(name: string): boolean {
    const value = this.option(name);
    return value !== '' && value !== 'off' && value !== '0' && value !== false;
  }

  /** Makes the keymaps anew, and reads the user's inputrc. */
  readInitFile(): void {
    for (const { names, fallback, bindings } of KEYMAPS) {
      const keymap = new Keymap(names[0] as string, fallback);
      for (const name of names) this.#keymaps.set(name, keymap);
      for (const [action, ...keys] of bindings) for (const key of keys) keymap.bind(key, action);
    }
    this.options['comment-begin'] ??= '#';
    this.useKeymap('emacs');
    const { host } = this;
    applyInputrc(host.readInputrc() ?? '', {
      appName: host.appName,
      term: host.term,
      option: (name) => this.option(name),
      set: (name, value) => this.#set(name, value),
      bind: (notation, action) => this.bind(notation, action),
      read: (path) => host.readFile(path),
    });
    this.options['editing-mode'] ??= 'emacs';
    if (this.options['editing-mode'] === 'vi') this.useKeymap('vi-insert');
    this.#bindSearchKeys();
  }

  #set(name: string, value: string): void {
    this.options[name] = value;
    if (name === 'keymap') this.useKeymap(value);
  }

  #bindSearchKeys(): void {
    const isearch = this.#keymaps.get('isearch') as Keymap;
    const terminators = String(this.option('isearch-terminators') || 'C-[ C-J');
    for (const notation of terminators.split(/\s+/)) isearch.bind(notation, 'search-abort');
    for (let code = 0x20; code < 0x7f; code++) {
      const key = String.fromCharCode(code);
      isearch.bindSequence(key, 'search-key');
      this.#keymaps.get('vi-search')?.bindSequence(key, 'vi-search-key');
    }
  }

  // --- keys

  #take(key: Key): void {
    if (!this.reading) return;
    if (key.kind === 'paste') this.#paste(key.raw);
    else if (this.pendingKey !== undefined) this.#givePending(key.raw);
    else this.#takeBound(key);
  }

  /** What was pasted goes into the line as it is, in any mode. */
  #paste(raw: string): void {
    this.endSearch();
    this.pendingKey = undefined;
    this.#build = '';
    const before = this.#snapshot();
    this.insert(raw.replace(/\r\n?/g, '\n')) || this.ding();
    this.#noteUndo(before, 'paste', this.#undo);
    this.last = 'paste';
  }

  #givePending(raw: string): void {
    const pending = this.pendingKey as (key: string, raw: string) => void;
    this.pendingKey = undefined;
    const before = this.#snapshot();
    const undo = this.#undo;
    pending(visible(raw), raw);
    this.#noteUndo(before, 'pending', undo);
  }

  #takeBound({ raw, kind }: Key): void {
    this.#build += raw;
    const found = this.keymap.lookUp(this.#build);
    if (found === 'more') return;
    const keys = this.#build;
    this.#build = '';
    this.apply(found ?? this.#fallback(kind), visible(keys), keys);
  }

  /** What an unbound key does. A function key that nobody knows is no text; POE puts its octets into the line. */
  #fallback(kind: Key['kind'] | undefined): string {
    const { fallback } = this.keymap;
    return kind === 'function' && fallback === 'self-insert' ? 'ding' : fallback;
  }

  /** Does what is bound to keys, as often as the count says. */
  apply(action: Action, key: string, raw: string): void {
    let name = typeof action === 'string' ? action : typeof action === 'function' ? '' : 'insert-macro';
    const before = this.#snapshot();
    const undo = this.#undo;
    if (this.countTyped === '' || COUNTING.has(name)) {
      this.#call(action, key, raw);
    } else {
      const typed = Number(this.countTyped === '-' ? -1 : this.countTyped) || 1;
      this.countTyped = '';
      this.count = Math.min(Math.abs(typed), LARGEST_COUNT);
      const opposite = typed < 0 ? OPPOSITES[name] : undefined;
      if (typed < 0 && opposite === undefined) this.count = -this.count;
      name = opposite ?? name;
      do this.#call(opposite ?? action, key, raw);
      while (--(this.count as number) > 0 && this.reading);
      this.count = undefined;
    }
    this.#noteUndo(before, name, undo);
    this.last = name;
  }

  #call(action: Action, key: string, raw: string): void {
    if (typeof action === 'object') this.playMacro(action.macro);
    else {
      const call = typeof action === 'string' ? this.#function(action) : action;
      if (call === undefined) this.ding();
      else call(this, key, raw);
    }
  }

  #function(name: string): EditFunction | undefined {
    return this.host.userFunction(name) ?? (Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined);
  }

  // --- undo and redo

  #snapshot(): Snapshot {
    return { text: this.text, cursor: this.cursor };
  }

  /** Keeps what was there before a change. Characters typed one after the other are one change. */
  #noteUndo(before: Snapshot, name: string, undo: Snapshot[]): void {
    if (this.text === before.text || undo !== this.#undo || NO_CHANGE.has(name)) return;
    if (name === 'self-insert' && this.last === 'self-insert' && undo.length > 0) return;
    undo.push(before);
    if (undo.length > UNDO_STEPS) undo.shift();
  }

  /** Whether vi's commands would begin anew with the next key. */
  get #idle(): boolean {
    const { pendingKey, pendingRange, countTyped, keymap } = this;
    const nothing = pendingKey === undefined && pendingRange === undefined && countTyped === '';
    return keymap.name === 'vi-command' && nothing && this.#build === '';
  }

  #noteChange(key: Key): void {
    if (this.#idle) this.#change = { keys: [], text: this.text };
    this.#change?.keys.push(key);
  }

  /** Once a command of vi is complete, the text it has typed with it, it is what `.` does again if it has changed the line. */
  #endChange(): void {
    if (this.#change === undefined || !this.#idle) return;
    if (this.#change.text !== this.text && this.#change.keys.at(-1)?.raw !== '.') this.#lastChange = this.#change.keys;
    this.#change = undefined;
  }
}
