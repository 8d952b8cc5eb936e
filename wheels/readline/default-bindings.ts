/** The keymaps as they are before any inputrc: what is done, and the keys that do it. */

type Bindings = readonly (readonly [action: string, ...keys: string[]])[];

/** `M-1 M-2 ...`: one key for each digit of a range. */
function digits(from: number, prefix = ''): string[] {
  return Array.from({ length: 10 - from }, (_, index) => `${prefix}${from + index}`);
}

/** Those that emacs and both maps of vi share. */
const EVERYWHERE: Bindings = [
  ['accept-line', 'C-j', 'C-m'],
  ['forward-search-history', 'C-s'],
  ['quoted-insert', 'C-v'],
  ['reverse-search-history', 'C-r'],
  ['transpose-chars', 'C-t'],
  ['unix-line-discard', 'C-u'],
  ['unix-word-rubout', 'C-w'],
  ['yank', 'C-y'],
];

const EMACS: Bindings = [
  ...EVERYWHERE,
  ['abort', 'C-g', 'M-C-g', 'C-xC-g'],
  ['backward-char', 'C-b', 'left'],
  ['backward-delete-char', 'C-h', 'rubout', 'bs'],
  ['backward-kill-line', 'C-xRubout'],
  ['backward-kill-word', 'M-C-h', 'M-Rubout', 'M-del'],
  ['backward-word', 'M-b'],
  ['beginning-of-history', 'M-<'],
  ['beginning-of-line', 'C-a', 'home'],
  ['capitalize-word', 'M-c'],
  ['character-search', 'C-]'],
  ['character-search-backward', 'M-C-]'],
  ['clear-screen', 'C-l'],
  ['complete', 'C-i', 'M-C-['],
  ['delete-char', 'C-d', 'del'],
  ['delete-horizontal-space', 'M-\\'],
  ['digit-argument', 'M--', ...digits(0, 'M-')],
  ['downcase-word', 'M-l'],
  ['dump-key', 'C-xk'],
  ['dump-macros', 'C-xm'],
  ['dump-variables', 'C-xv'],
  ['end-of-history', 'M->'],
  ['end-of-line', 'C-e', 'end'],
  ['forward-char', 'C-f', 'right'],
  ['forward-word', 'M-f'],
  ['insert-comment', 'M-#'],
  ['insert-completions', 'M-*'],
  ['interrupt', 'C-c'],
  ['kill-line', 'C-k'],
  ['kill-word', 'M-d'],
  ['next-history', 'C-n', 'down'],
  ['non-incremental-forward-search-history', 'M-n'],
  ['non-incremental-reverse-search-history', 'M-p'],
  ['overwrite-mode', 'ins'],
  ['poe-wheel-debug', 'C-q'],
  ['possible-completions', 'M-?'],
  ['previous-history', 'C-p', 'up'],
  ['re-read-init-file', 'C-xC-r'],
  ['revert-line', 'M-r', 'M-C-r'],
  ['set-mark', 'M-space'],
  ['tab-insert', 'M-C-i'],
  ['tilde-expand', 'M-&', 'M-~'],
  ['transpose-words', 'M-t'],
  ['undo', 'C-_'],
  ['upcase-word', 'M-u'],
  ['vi-editing-mode', 'M-C-j'],
  ['yank-last-arg', 'M-.', 'M-_'],
  ['yank-nth-arg', 'M-C-y'],
  ['yank-pop', 'M-y'],
];

/** Keys that move about, for the maps of vi: POE leaves them to emacs. */
const VI_ARROWS: Bindings = [
  ['backward-char', 'left'],
  ['beginning-of-line', 'home'],
  ['delete-char', 'del'],
  ['end-of-line', 'end'],
  ['forward-char', 'right'],
  ['next-history', 'down'],
  ['previous-history', 'up'],
];

const VI_INSERT: Bindings = [
  ...EVERYWHERE,
  ...VI_ARROWS,
  ['backward-delete-char', 'C-h', 'C-?'],
  ['complete', 'C-i'],
  ['undo', 'C-_'],
  ['vi-eof-maybe', 'C-d'],
  ['vi-movement-mode', 'C-['],
];

const VI_COMMAND: Bindings = [
  ...EVERYWHERE,
  ...VI_ARROWS,
  ['abort', 'C-g'],
  ['backward-char', 'C-h', 'h'],
  ['backward-delete-char', 'X'],
  ['backward-word', 'b'],
  ['clear-screen', 'C-l'],
  ['emacs-editing-mode', 'C-e'],
  ['end-of-line', '$'],
  ['forward-char', 'space', 'l'],
  ['insert-comment', '#'],
  ['kill-line', 'C-k'],
  ['next-history', 'C-n', '+', 'j'],
  ['previous-history', 'C-p', '-', 'k'],
  ['quoted-insert', 'C-q'],
  ['revert-line', 'U'],
  ['vi-append-eol', 'A'],
  ['vi-append-mode', 'a'],
  ['vi-arg-digit', ...digits(0)],
  ['vi-change-case', '~'],
  ['vi-change-char', 'r'],
  ['vi-change-to', 'C', 'c'],
  // POE has no `f` here.
  ['vi-char-search', ',', ';', 'F', 'T', 't'],
  ['vi-column', '|'],
  ['vi-complete', '*', '=', '\\'],
  ['vi-delete', 'x'],
  ['vi-delete-to', 'D', 'd'],
  ['vi-end-word', 'E', 'e'],
  ['vi-eof-maybe', 'C-d'],
  ['vi-fetch-history', 'G'],
  ['vi-first-print', '^'],
  ['vi-goto-mark', '`'],
  ['vi-insert-beg', 'I'],
  ['vi-insertion-mode', 'i'],
  ['vi-match', '%'],
  ['vi-next-word', 'W', 'w'],
  ['vi-prev-word', 'B'],
  ['vi-put', 'P', 'p'],
  ['vi-redo', '.'],
  ['vi-replace', 'R'],
  ['vi-search', '/', '?'],
  ['vi-search-again', 'N', 'n'],
  ['vi-set-mark', 'm'],
  ['vi-subst', 'S', 's'],
  ['vi-tilde-expand', '&'],
  ['vi-undo', 'C-_'],
  ['vi-yank-arg', '_'],
  ['vi-yank-to', 'Y', 'y'],
];

const VI_SPECIFICATION: Bindings = [
  ['vi-arg-digit', ...digits(1)],
  ['vi-spec-beginning-of-line', '0'],
  ['vi-spec-end-of-line', '$'],
  ['vi-spec-first-print', '^'],
  ['vi-spec-forward-char', 't'],
  ['vi-spec-mark', '`'],
  ['vi-spec-word', 'w'],
];

const ISEARCH: Bindings = [['isearch-again', 'C-r', 'C-s']];

const VI_SEARCH: Bindings = [['vi-search-accept', 'C-j', 'C-m']];

/** Every keymap: its names, what unbound keys do in it, and its bindings. */
export const KEYMAPS: readonly { names: readonly string[]; fallback: string; bindings: Bindings }[] = [
  { names: ['emacs'], fallback: 'self-insert', bindings: EMACS },
  { names: ['vi-command', 'vi'], fallback: 'ding', bindings: VI_COMMAND },
  { names: ['vi-insert'], fallback: 'self-insert', bindings: VI_INSERT },
  { names: ['vi-specification'], fallback: 'vi-end-spec', bindings: VI_SPECIFICATION },
  { names: ['isearch'], fallback: 'search-finish', bindings: ISEARCH },
  { names: ['vi-search'], fallback: 'search-finish', bindings: VI_SEARCH },
];
