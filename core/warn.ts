import type { KernelHooks } from './hooks.ts';

/**
 * Tells the person who runs the program of something odd that is not an error. One line on standard error through
 * Node's own warnings, so `--no-warnings`, `--trace-warnings` and the `warning` event work.
 *
 * @param kernel - Where it has to do with one: a tap of its hook `warn` may keep the warning back.
 */
export function warn(code: string, message: string, kernel?: { readonly hooks: KernelHooks }): void {
  const hook = kernel?.hooks.warn;
  if (hook?.isUsed() && hook.call(code, message) === false) return;
  process.emitWarning(printable(message), { type: 'PoeWarning', code });
}

/** One line, whatever of it a peer has sent: control characters are written as `\x1b`. */
function printable(message: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what must not come through
  return message.replace(/[\x00-\x1f\x7f-\x9f]/g, (character) => {
    const code = character.charCodeAt(0).toString(16).padStart(2, '0');
    return `\\x${code}`;
  });
}
