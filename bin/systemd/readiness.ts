import { execFile } from 'node:child_process';
import { type Supervisor, supervisorOf } from '../../components/index.ts';
import { type Kernel, warn } from '../../core/index.ts';
import { whenParent } from '../when-parent.ts';

/**
 * Tells systemd, if it started this process and waits for that, how the program is:
 *
 * - READY, with the number of the main process: once its first session has started and what is due at once has been done; in a program that
 *   runs in several processes once as many children serve as should, in a parent that takes over likewise.
 * - RELOADING, and READY again, as children are replaced by those of a newer generation.
 * - STOPPING, when all children are to end, unless another parent has taken over.
 *
 * Node has no datagrams over unix sockets, hence the program of systemd; its unit needs `NotifyAccess=all`.
 */
export function tellSystemd(kernel: Kernel): void {
  if (!process.env.NOTIFY_SOCKET) return;
  let isTold = false;
  const ready = (): void => {
    if (!isTold) notify('--ready', `--pid=${process.pid}`);
    isTold = true;
  };
  whenParent(kernel, (supervisor) => follow(supervisor, ready));
  kernel.hooks.sessionStarted.tap('systemd', () => {
    if (!isTold) setImmediate(() => void (supervisorOf(kernel) === undefined && ready()));
  });
}

/** Tells of children that come to serve, are replaced, and end. */
function follow(supervisor: Supervisor, ready: () => void): void {
  let reloading = false;
  supervisor.hooks.childStarted.tap('systemd', ({ generation }) => {
    const isNew = supervisor.children().every((child) => child.generation <= generation);
    const hasOld = supervisor.children().some((child) => child.generation < generation);
    if (reloading || !isNew || !hasOld) return;
    reloading = true;
    notify('RELOADING=1', `MONOTONIC_USEC=${process.hrtime.bigint() / 1000n}`);
  });
  supervisor.hooks.childServing.tap('systemd', () => {
    if (serving(supervisor).length >= supervisor.size) ready();
  });
  supervisor.hooks.childDraining.tap('systemd', () => {
    const isOver = serving(supervisor).every(({ generation }) => generation === supervisor.generation);
    if (!reloading || !isOver || supervisor.stopping) return;
    reloading = false;
    notify('READY=1');
  });
  supervisor.hooks.stopping.tap('systemd', (reason) => {
    if (reason !== 'handover') notify('STOPPING=1');
  });
}

function serving(supervisor: Supervisor) {
  return supervisor.children().filter(({ state }) => state === 'serving');
}

function notify(...words: string[]): void {
  execFile('systemd-notify', words, (error) => {
    if (error !== null) warn('POE_WARN_SYSTEMD', `Cannot tell systemd how the program is: ${error.message}`);
  });
}
