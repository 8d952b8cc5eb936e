import { execFile } from 'node:child_process';
import { type Kernel, warn } from '../../core/index.ts';

/**
 * Tells systemd, if it started this process and waits for that, that the program is ready: once its first session has started and
 * what is due at once has been done. Node has no datagrams over unix sockets, hence the program of systemd; its unit needs
 * `NotifyAccess=all`.
 */
export function tellSystemd(kernel: Kernel): void {
  if (!process.env.NOTIFY_SOCKET) return;
  let told = false;
  kernel.hooks.sessionStarted.tap('systemd', () => {
    if (told) return;
    told = true;
    setImmediate(() => {
      execFile('systemd-notify', ['--ready', `--pid=${process.pid}`], (error) => {
        if (error !== null) warn('POE_WARN_SYSTEMD', `Cannot tell systemd that the program is ready: ${error.message}`);
      });
    });
  });
}
