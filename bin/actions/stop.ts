import { isRunning, startOf } from '../running.ts';
import { type OperateOptions, report, type Target, waitUntil, withTarget } from '../target.ts';

export interface StopOptions extends OperateOptions {
  kill?: boolean;
}

/** A process as it was found: its number may go to another one. */
interface Found {
  readonly pid: number;
  readonly start: string | undefined;
}

/** How long a process that is killed may take to be gone. */
const GONE_SECONDS = 5;

/** `poe stop PROGRAM`. */
export function stop(what: string, { kill = false, json, ...options }: StopOptions): Promise<void> {
  return withTarget(what, options, async (target) => {
    const began = performance.now();
    const { name, pid } = target;
    const [parent, ...children] = await processesOf(target);
    send(parent, 'SIGTERM');
    let stopped = await waitUntil(options.timeout, () => !runs(parent));
    const killed = !stopped && kill;
    if (killed) {
      for (const each of [parent, ...children]) send(each, 'SIGKILL');
      stopped = await waitUntil(GONE_SECONDS, () => ![parent, ...children].some(runs));
    }
    const seconds = Math.round((performance.now() - began) / 100) / 10;
    const text = !stopped
      ? `${name} (process ${pid}) still runs after ${seconds} s. --kill ends it then`
      : `${name} (process ${pid}) has ${killed ? 'been killed' : 'ended'} after ${seconds} s`;
    report(json, { name, pid, killed, seconds, done: stopped }, text);
  });
}

/** The program's own process first, then its children. */
async function processesOf({ pid, client }: Target): Promise<[Found, ...Found[]]> {
  const family = await client?.ask({ ask: 'family' });
  const found = (pid: number): Found => ({ pid, start: startOf(pid) });
  return [found(pid), ...(family?.children ?? []).map((child) => found(child.pid))];
}

function runs({ pid, start }: Found): boolean {
  return isRunning(pid, start);
}

function send(process_: Found, signal: NodeJS.Signals): void {
  if (!runs(process_)) return;
  try {
    process.kill(process_.pid, signal);
  } catch (error) {
    // It has ended just now.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
