import { type HandlerContext, type KernelView, Peek, Session } from '../../core/index.ts';
import { fullText, shortText } from './text.ts';

/** Not likely to be anybody else's. */
const ALIAS = 'peek plugin';

/**
 * Prints a dump when SIGUSR1 or SIGUSR2 comes, from a session of its own, as IKC's Perl server does.
 *
 * The session has nothing but a name. It begins with the first other session and ends with the last one, so that the kernel's run is as long as
 * it would be without it, also where timers or handles of the kernel itself are left over then.
 *
 * @param print - Given whole lines.
 * @returns What undoes it.
 */
export function dumpOnSignals(kernel: KernelView, print: (text: string) => void): () => void {
  let own: Session | undefined;
  /** Whether the session has its name: without it, it lives until the end of the pass at most. */
  let named = false;
  let on = true;
  let beginning = false;

  const begin = (): void => {
    // It is told of its own session, too, before it knows which that is.
    if (!on || beginning || named) return;
    beginning = true;
    if (own === undefined) own = makeSession();
    else kernel.call(own, 'watch');
    beginning = false;
  };

  const end = (): void => {
    if (own !== undefined && named) kernel.call(own, 'leave');
  };

  const watch = ({ kernel }: HandlerContext): void => {
    named = true;
    kernel.aliasSet(ALIAS);
    kernel.sig('USR1', 'dump', shortText);
    kernel.sig('USR2', 'dump', fullText);
  };

  const makeSession = (): Session =>
    Session.create({
      kernel,
      inlineStates: {
        _start(context) {
          // A plugin's session is nobody's child, whoever's start has brought it about.
          context.kernel.detachMyself();
          watch(context);
        },
        watch,
        leave({ kernel }) {
          named = false;
          kernel.sig('USR1');
          kernel.sig('USR2');
          kernel.aliasRemove(ALIAS);
        },
        dump({ kernel }, signal: string, textOf: typeof fullText) {
          const { pid } = process;
          print(`${pid}: signal ${signal} \n${pid}: ${textOf(new Peek(kernel))}`);
          kernel.sigHandled();
        },
        _stop() {
          own = undefined;
          named = false;
        },
      },
    });

  /** What a plugin does between two steps of a program is not to be seen in its `errno`. */
  const quietly = (act: () => void): void => {
    const { errno } = kernel;
    act();
    kernel.errno = errno;
  };

  kernel.hooks.sessionStarted.tap('peek', () => quietly(begin));
  kernel.hooks.sessionStopped.tap('peek', () => {
    if (kernel.getSessionCount() === 1) quietly(end);
  });
  if (kernel.getSessionCount() > 0) quietly(begin);
  return () => {
    on = false;
    quietly(end);
  };
}
