import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pc from 'picocolors';
import { PoeError } from '../core/index.ts';
import { type FamilyRecord, PeekClient } from '../plugins/index.ts';
import { EXIT } from './exit.ts';
import { fail } from './fail.ts';
import { runningPid } from './pid-file.ts';
import { listensTo } from './running.ts';

/** What the commands take that have a program do something. */
export interface OperateOptions {
  json?: boolean;
  folder?: string;
  /** Seconds. */
  timeout: number;
}

/** A running program that is meant. */
export interface Target {
  readonly pid: number;
  readonly name: string;
  /** Undefined for one that answers no questions: it is known from its pid file, or hangs. */
  readonly client: PeekClient | undefined;
}

/** How often it is looked whether something is done. */
const LOOK_SECONDS = 0.1;
/** The signal by whose watcher the parent of a program of several processes is known: TTIN. */
const SCALES = 21;

/** Does something with the program that is meant; ends the command with the status that says what came of it. */
export async function withTarget(
  what: string,
  options: OperateOptions,
  act: (target: Target) => Promise<void>,
): Promise<void> {
  try {
    const target = await findTarget(what, options);
    try {
      await act(target);
    } finally {
      target.client?.close();
    }
  } catch (error) {
    if (!(error instanceof PoeError)) throw error;
    const status = error.code === 'POE_ERR_PEEK_NOBODY' ? EXIT.unreachable : EXIT.error;
    fail(error.hint === undefined ? error.message : `${error.message}\n${pc.dim(error.hint)}`, status);
  }
}

async function findTarget(what: string, { folder }: OperateOptions): Promise<Target> {
  const isPidFile = what.includes('/') || (!/^\d+$/.test(what) && existsSync(what));
  if (!isPidFile) return answering(await PeekClient.connect(what, { folder }));
  const path = resolve(what);
  const pid = runningPid(path);
  if (pid === undefined) fail(`There is no running program with the pid file ${path}`, EXIT.unreachable);
  try {
    return answering(await PeekClient.connect(pid, { folder }));
  } catch (error) {
    if (!(error instanceof PoeError && error.code === 'POE_ERR_PEEK_NOBODY')) throw error;
    return { pid, name: what, client: undefined };
  }
}

/** Whether it answers is seen before it is needed: what can be done to one that hangs goes by signals. */
async function answering(client: PeekClient): Promise<Target> {
  const { pid, name } = client;
  try {
    await client.ask({ ask: 'hello' });
    return { pid, name, client };
  } catch {
    client.close();
    return { pid, name, client: undefined };
  }
}

/** Sends a signal to a program that answers no questions, if it is one that runs in several processes. */
export function signalParent({ pid, name }: Target, signal: NodeJS.Signals): void {
  if (listensTo(pid, SCALES) !== true) {
    fail(`${name} answers no questions, and it cannot be seen that it runs in several processes`, EXIT.error);
  }
  // Nobody who does not listen to it survives such a signal: that of a handover may be another one.
  if (listensTo(pid, constants.signals[signal]) !== true) {
    fail(
      `${name} answers no questions, and does not listen to ${signal}: send it the signal of its config`,
      EXIT.error,
    );
  }
  process.kill(pid, signal);
}

/** Asks again and again until something is so; false if that takes too long. */
export async function waitUntil(seconds: number, holds: () => boolean | Promise<boolean>): Promise<boolean> {
  const late = performance.now() + seconds * 1000;
  for (;;) {
    if (await holds()) return true;
    if (performance.now() > late) return false;
    await sleep(LOOK_SECONDS * 1000);
  }
}

/** How many children serve, of some generation or of a later one. */
export function servingOf({ children }: FamilyRecord, generation = 0): number {
  return children.filter((child) => child.state === 'serving' && child.generation >= generation).length;
}

/** Says what came of it, and sets the status of what is not done. */
export function report(
  json: boolean | undefined,
  record: Readonly<Record<string, unknown>> & { readonly done: boolean },
  text: string,
  status: number = EXIT.timeout,
): void {
  if (json) console.log(JSON.stringify(record));
  else if (record.done) console.log(text);
  else console.error(pc.red(text));
  if (!record.done) process.exitCode = status;
}

/** `1 child`, `2 children`. */
export function childrenText(count: number): string {
  return count === 1 ? '1 child' : `${count} children`;
}
