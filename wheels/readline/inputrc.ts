import { unquote } from './key-names.ts';

/** What the lines of an inputrc act upon. */
export interface InputrcTarget {
  /** Name in `$if name`. */
  readonly appName: string;
  /** Terminal in `$if term=name`. */
  readonly term: string;
  option(name: string): unknown;
  set(name: string, value: string): void;
  /** Binds a key to a function by name, or to the keys of a macro. */
  bind(notation: string, action: string | { macro: string }): void;
  /** What another file holds; undefined if it cannot be read. */
  read(path: string): string | undefined;
}

/** How deep `$include` may go, as in POE. */
const DEEPEST = 10;

/**
 * Applies the text of an inputrc: `set name value`, `key: function`, `"keys": "macro"`, `$if`, `$else`, `$endif` and `$include`.
 * Lines that are none of these are skipped.
 *
 * @remarks Mirrors what POE::Wheel::ReadLine reads; readline(3) describes the format. `$if` knows `mode=`, `term=` and the
 * name of the application.
 */
export function applyInputrc(text: string, target: InputrcTarget, depth = 0): void {
  /** Of each open `$if`: whether its lines count. */
  const open: boolean[] = [];
  for (const line of text.split(/\r?\n/).map((each) => each.trim())) {
    if (line === '' || line.startsWith('#')) continue;
    const [directive = '', ...words] = line.split(/[\s=]+/);
    const counts = open.at(-1) ?? true;
    if (directive === '$if') open.push(counts && holds(words, target));
    else if (directive === '$else' && open.length > 0) open.push(!open.pop() && (open.at(-1) ?? true));
    else if (directive === '$endif') open.pop();
    else if (!counts) continue;
    else if (directive === '$include') include(line.slice(directive.length).trim(), target, depth);
    else applyLine(line, target);
  }
}

function holds([subject = '', value = '']: readonly string[], { appName, term, option }: InputrcTarget): boolean {
  if (subject === 'mode') return (option('editing-mode') || 'emacs') === value;
  if (subject === 'term') return term === value || term.split('-')[0] === value;
  return subject.toLowerCase() === appName.toLowerCase();
}

function include(path: string, target: InputrcTarget, depth: number): void {
  const text = depth < DEEPEST ? target.read(path) : undefined;
  if (text !== undefined) applyInputrc(text, target, depth + 1);
}

function applyLine(line: string, target: InputrcTarget): void {
  const setting = /^set\s+(\S+)\s+(\S.*)$/.exec(line);
  if (setting !== null) {
    target.set((setting[1] as string).toLowerCase(), setting[2] as string);
    return;
  }
  const binding = /^("(?:\\.|[^"\\])*"|(?:[^:\s]|:(?=\s*:))+)\s*:\s*(?:(["'])(.*)\2|([^\s"']\S*))/.exec(line);
  if (binding === null) return;
  const [, keys = '', , macro, name] = binding;
  target.bind(keys, name === undefined ? { macro: unquote(macro ?? '') } : name.toLowerCase());
}
