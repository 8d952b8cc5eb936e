/** What the child process of a function is told: which one, and its arguments. */
export interface Orders {
  readonly called: { readonly module: string; readonly target: string | number; readonly fingerprint: string };
  readonly args: readonly unknown[];
}

/** The descriptor on which the child finds its orders, serialized. */
export const ORDERS_FD = 3;
