/** Parent to child. */
export type ToChild =
  /** Accept connections from now on. */
  | { readonly type: 'serve' }
  /** Accept no more, finish what there is within so many seconds, and end. */
  | { readonly type: 'retire'; readonly seconds: number }
  /** Comes with a socket to listen on again. */
  | { readonly type: 'socket'; readonly index: number };

/** Child to parent. */
export type FromChild =
  /** It has booted: the program listens where it did in the parent. */
  | { readonly type: 'ready' }
  | { readonly type: 'serving' }
  /** It accepts no more, for a reason of its own. */
  | { readonly type: 'draining'; readonly reason: string }
  /** It would listen again. */
  | { readonly type: 'wants'; readonly index: number }
  | { readonly type: 'stats'; readonly connections: number; readonly open: number }
  /** It has finished what it had. */
  | { readonly type: 'drained'; readonly connections: number };
