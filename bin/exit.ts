/** What the exit status of a command says; `docs/poe.md` has the table for users. */
export const EXIT = {
  /** The other side said no, an error came, or the connection went. */
  error: 1,
  /** The command line is wrong: nothing was sent. */
  usage: 2,
  /** There is no server, or it does not shake hands. */
  unreachable: 3,
  /** No answer came in time. */
  timeout: 4,
} as const;
