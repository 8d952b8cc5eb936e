import { preforkRole } from '../../components/index.ts';
import { type KernelView, type Plugin, PoeError, warn } from '../../core/index.ts';
import { Live } from './live.ts';
import { type PeekOptions, programName, schema } from './options.ts';
import { PeekPage } from './page.ts';
import { dumpOnSignals } from './signals.ts';
import { PeekSocket } from './socket.ts';

export type { Answers, HeldSession, ProgramRecord, Question, TopRecord } from './answers.ts';
export { PeekClient, type PeekClientOptions } from './client.ts';
export type { FamilyRecord, Role } from './family.ts';
export type { Activity, LoopDelay } from './live.ts';
export type { PeekOptions } from './options.ts';
export { addPeekSection, type Section, type SectionRow } from './sections.ts';

/**
 * Lets others look into a running program: SIGUSR1 and SIGUSR2 print dumps, `poe peek`, `poe top` and `poe ls` ask over a private
 * socket, and a page shows it in a browser. Nothing is watched while nobody looks, and neither kernel nor process lives any longer for it.
 *
 * @example
 * applyPlugins(kernel, [[peek, { port: 8080 }]]);
 */
export const peek: Plugin<PeekOptions> = {
  name: 'peek',
  once: true,
  schema,
  apply(kernel, options) {
    const name = options.name ?? programName(kernel.host.identity.program);
    const live = new Live(kernel);
    const undo: (() => void)[] = [];
    if (options.signals) undo.push(dumpOnSignals(kernel, print));
    if (options.socket) undo.push(openSocket(kernel, name, options, live));
    const { port } = options;
    // The page belongs to the parent of a program that runs in several processes: it shows the children as well.
    if (port !== undefined && preforkRole !== 'child') {
      const page = new PeekPage(kernel, name, { ...options, port }, live, print);
      undo.push(() => page.close());
    }
    return () => {
      for (const each of undo.reverse()) each();
      live.close();
    };
  },
};

/**
 * Has a program answer over its private socket, as {@link peek} does, and nothing else.
 *
 * @returns What undoes it.
 * @throws PoeError `POE_ERR_PEEK_FOLDER` if the folder for the socket is not private.
 */
export function answerPeeks(kernel: KernelView): () => void {
  const live = new Live(kernel);
  const socket = new PeekSocket(kernel, programName(kernel.host.identity.program), schema.parse({}), live);
  return () => {
    socket.close();
    live.close();
  };
}

function print(text: string): void {
  process.stderr.write(text);
}

/** A program does its work also where it cannot be looked into. */
function openSocket(kernel: KernelView, name: string, options: PeekOptions, live: Live): () => void {
  try {
    const socket = new PeekSocket(kernel, name, options, live);
    return () => socket.close();
  } catch (error) {
    if (!(error instanceof PoeError)) throw error;
    warn('POE_WARN_PEEK_SOCKET', `${error.message}. ${error.hint}`, kernel);
    return () => {};
  }
}
