/**
 * Ends the command quietly when nobody reads what it prints any more, as of `poe monitor | head -1`. Not for `poe run`: there standard
 * output is the program's.
 */
export function endWhenUnread(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
}
