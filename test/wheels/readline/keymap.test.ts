import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Keymap } from '../../../wheels/readline/keymap.ts';

test('lookUp() tells what is bound, what begins a sequence, and what is neither', () => {
  const keymap = new Keymap('emacs', 'self-insert');
  keymap.bind('C-xC-r', 're-read-init-file');
  keymap.bind('"\\e[A"', 'previous-history');
  assert.equal(keymap.lookUp('\x18\x12'), 're-read-init-file');
  assert.equal(keymap.lookUp('\x18'), 'more');
  assert.equal(keymap.lookUp('\x18x'), undefined);
  assert.equal(keymap.lookUp('\x1b[A'), 'previous-history');
  assert.equal(keymap.lookUp('\x1b'), undefined, 'an arrow is a key, not a sequence');
});

test('bind() binds every form of a function key', () => {
  const keymap = new Keymap('emacs', 'self-insert');
  keymap.bind('up', 'previous-history');
  for (const form of ['\x1b[A', '\x1bOA']) assert.equal(keymap.lookUp(form), 'previous-history');
});

test('what begins other sequences waits for them, even if it is bound itself', () => {
  const keymap = new Keymap('emacs', 'self-insert');
  keymap.bind('C-x', 'undo');
  keymap.bind('C-xu', 'undo');
  assert.equal(keymap.lookUp('\x18'), 'more');
});

test('macros() lists them', () => {
  const keymap = new Keymap('emacs', 'self-insert');
  keymap.bind('C-x', { macro: 'abc' });
  keymap.bind('C-y', 'yank');
  assert.deepEqual(keymap.macros(), [['\x18', 'abc']]);
});

test('an empty sequence binds nothing', () => {
  const keymap = new Keymap('emacs', 'self-insert');
  keymap.bindSequence('', 'undo');
  assert.equal(keymap.lookUp(''), undefined);
});
