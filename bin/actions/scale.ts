import { fail } from '../fail.ts';
import {
  childrenText,
  type OperateOptions,
  report,
  servingOf,
  signalParent,
  waitUntil,
  withTarget,
} from '../target.ts';

/** How many children are to serve, or how many more. */
export type ScaleWish = { readonly count: number } | { readonly by: number };

/** `poe scale PROGRAM N`. */
export function scale(what: string, wish: ScaleWish, options: OperateOptions): Promise<void> {
  return withTarget(what, options, async (target) => {
    const { client, name, pid } = target;
    if (client === undefined) {
      if ('count' in wish) fail(`${name} answers no questions: give how many more or fewer, as in +1`);
      for (let left = Math.abs(wish.by); left > 0; left--) signalParent(target, wish.by > 0 ? 'SIGTTIN' : 'SIGTTOU');
      report(options.json, { name, pid, by: wish.by, done: true }, `Told process ${pid} so`);
      return;
    }
    const { from, to } = await client.ask({ ask: 'scale', ...wish });
    let serving = from;
    const done = await waitUntil(options.timeout, async () => {
      const family = await client.ask({ ask: 'family' });
      serving = family === null ? 0 : servingOf(family);
      return serving === to;
    });
    const text = done
      ? `${childrenText(to)} of ${name} (process ${pid}) ${to === 1 ? 'serves' : 'serve'}, before there ${from === 1 ? 'was' : 'were'} ${from}`
      : `${childrenText(to)} of ${name} (process ${pid}) should serve, after ${options.timeout} s it is ${serving}`;
    report(options.json, { name, pid, from, to, serving, done }, text);
  });
}
