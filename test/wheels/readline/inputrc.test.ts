import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { applyInputrc } from '../../../wheels/readline/inputrc.ts';

/** What an inputrc does, in words. */
function applied(text: string, files: Record<string, string> = {}): string[] {
  const done: string[] = [];
  const options: Record<string, string> = {};
  applyInputrc(text, {
    appName: 'poe-readline',
    term: 'xterm-256color',
    option: (name) => options[name] ?? '',
    set(name, value) {
      options[name] = value;
      done.push(`${name}=${value}`);
    },
    bind(notation, action) {
      done.push(`${notation} -> ${typeof action === 'string' ? action : `macro ${action.macro}`}`);
    },
    read: (path) => files[path],
  });
  return done;
}

describe('applyInputrc()', () => {
  for (const [title, text, ...done] of [
    ['sets options', 'set Editing-Mode vi\n  set bell-style none', 'editing-mode=vi', 'bell-style=none'],
    [
      'binds keys',
      'C-a: beginning-of-line\n"\\C-b": Backward-Char',
      'C-a -> beginning-of-line',
      '"\\C-b" -> backward-char',
    ],
    ['binds keys that have a colon', '":": self-insert\nM-:: undo', '":" -> self-insert', 'M-: -> undo'],
    ['binds macros, as they are written', '"\\C-x": "Hello\\r"', '"\\C-x" -> macro Hello\r'],
    ['binds macros between single quotes', 'C-x: \'say "hi"\'', 'C-x -> macro say "hi"'],
    ['skips comments, empty lines and nonsense', '# C-a: x\n\n   \nnonsense\nset only-a-name\nC-a:\n'],
    ['leaves what follows a name', 'C-a: undo # why not', 'C-a -> undo'],
    ['reads lines that end as in DOS', 'C-a: undo\r\nC-b: yank\r\n', 'C-a -> undo', 'C-b -> yank'],
    ['$if mode=', '$if mode=vi\nC-a: undo\n$else\nC-b: yank\n$endif\nC-c: undo', 'C-b -> yank', 'C-c -> undo'],
    [
      '$if term= in full and up to the dash',
      '$if term=xterm\nC-a: undo\n$endif\n$if term=xterm-256color\nC-b: undo\n$endif\n$if term=vt100\nC-c: undo\n$endif',
      'C-a -> undo',
      'C-b -> undo',
    ],
    [
      '$if with the name of the application',
      '$if POE-readline\nC-a: undo\n$endif\n$if bash\nC-b: undo\n$endif',
      'C-a -> undo',
    ],
    [
      '$if inside another one',
      '$if bash\n$if mode=emacs\nC-a: undo\n$else\nC-b: undo\n$endif\nC-c: undo\n$else\nC-d: undo\n$endif',
      'C-d -> undo',
    ],
    ['$endif and $else without $if', '$endif\n$else\nC-a: undo\n$endif\nC-b: undo', 'C-a -> undo', 'C-b -> undo'],
  ] as const) {
    test(title, () => assert.deepEqual(applied(text), done));
  }

  test('$include reads other files, those that are missing not', () => {
    const files = { '/a': '$include /b\nC-a: undo', '/b': 'C-b: undo' };
    assert.deepEqual(applied('$include /a\n$include /none', files), ['C-b -> undo', 'C-a -> undo']);
  });

  test('$include of itself ends', () => {
    assert.equal(applied('C-a: undo\n$include /a', { '/a': 'C-a: undo\n$include /a' }).length, 11);
  });
});
