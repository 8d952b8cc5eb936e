/**
 * Tells the person who runs the program of something odd that is not an error. One line on standard error through
 * Node's own warnings, so `--no-warnings`, `--trace-warnings` and the `warning` event work.
 */
export function warn(code: string, message: string): void {
  process.emitWarning(message, { type: 'PoeWarning', code });
}
