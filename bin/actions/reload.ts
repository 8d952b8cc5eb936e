import { type FamilyRecord, PeekClient } from '../../plugins/index.ts';
import { EXIT } from '../exit.ts';
import { isRunning } from '../running.ts';
import {
  childrenText,
  type OperateOptions,
  report,
  servingOf,
  signalParent,
  waitUntil,
  withTarget,
} from '../target.ts';

export interface ReloadOptions extends OperateOptions {
  parent?: boolean;
}

/** `poe reload PROGRAM`. */
export function reload(what: string, options: ReloadOptions): Promise<void> {
  return withTarget(what, options, async (target) => {
    const { client, name, pid } = target;
    if (client === undefined) {
      signalParent(target, options.parent ? 'SIGALRM' : 'SIGHUP');
      report(
        options.json,
        { name, pid, done: true },
        `Told process ${pid} so; it answers no questions of how that goes`,
      );
    } else if (options.parent) {
      await replaceParent({ client, name, pid }, options);
    } else {
      await replaceChildren({ client, name, pid }, options);
    }
  });
}

interface Answering {
  readonly client: PeekClient;
  readonly name: string;
  readonly pid: number;
}

async function replaceChildren({ client, name, pid }: Answering, { json, timeout }: ReloadOptions): Promise<void> {
  const { generation } = await client.ask({ ask: 'reload' });
  let family: FamilyRecord | null = null;
  const done = await waitUntil(timeout, async () => {
    family = await client.ask({ ask: 'family' });
    return family === null || isReloaded(family, generation);
  });
  const { size = 0 } = (family as FamilyRecord | null) ?? {};
  const serving = family === null ? 0 : servingOf(family, generation);
  const text = done
    ? `${childrenText(size)} of ${name} (process ${pid}) replaced`
    : `${serving} of ${childrenText(size)} of ${name} (process ${pid}) replaced after ${timeout} s; the old ones go on until new ones serve. Its standard error says more`;
  report(json, { name, pid, generation, size, serving, done }, text);
}

/** Old ones that finish what they have count no more. */
function isReloaded(family: FamilyRecord, generation: number): boolean {
  const accepting = family.children.filter(({ state }) => state === 'serving');
  return servingOf(family, generation) >= family.size && accepting.every((child) => child.generation >= generation);
}

async function replaceParent(
  { client, name, pid }: Answering,
  { json, timeout, folder }: ReloadOptions,
): Promise<void> {
  const { pid: next } = await client.ask({ ask: 'handover' });
  // A parent that hands over begins to end itself, whereupon it may be gone at any time.
  const hasLeft = async (): Promise<boolean> => {
    const family = await client.ask({ ask: 'family' }).catch(() => null);
    return family === null || family.stopping;
  };
  let left = false;
  await waitUntil(timeout, async () => {
    left = await hasLeft();
    return left || !isRunning(next);
  });
  const isThere = isRunning(next);
  const done = left && isThere;
  if (done) await waitUntil(timeout, () => answers(next, folder));
  const text = done
    ? `${name} (process ${pid}) is replaced by process ${next}`
    : `${name} (process ${pid}) goes on: process ${next}, which was to replace it, ${isThere ? `does not serve after ${timeout} s` : 'has ended'}. Its standard error says more`;
  report(json, { name, pid, next, done }, text, isThere ? EXIT.timeout : EXIT.error);
}

async function answers(pid: number, folder: string | undefined): Promise<boolean> {
  try {
    (await PeekClient.connect(pid, { folder })).close();
    return true;
  } catch {
    return false;
  }
}
