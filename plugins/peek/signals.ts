import { type KernelView, Peek, Session } from '../../core/index.ts';
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
  let on = true;
  let beginning = false;
  const lives = (): boolean => own !== undefined && new Peek(kernel).session(own) !== undefined;

  const begin = (): void => {
    if (lives()) {
      // Its name was taken away when nobody else was left, and now somebody is.
      if (kernel.aliasResolve(ALIAS) === undefined) kernel.post(own as Session, 'stay');
      return;
    }
    // It is told of its own session, too, before it knows which that is.
    beginning = true;
    own = makeSession();
    beginning = false;
  };

  const makeSession = (): Session =>
    Session.create({
      kernel,
      inlineStates: {
        _start({ kernel }) {
          // A plugin's session is nobody's child, whoever's start has brought it about.
          kernel.detachMyself();
          kernel.aliasSet(ALIAS);
          kernel.sig('USR1', 'dump', shortText);
          kernel.sig('USR2', 'dump', fullText);
        },
        stay: ({ kernel }) => kernel.aliasSet(ALIAS),
        leave({ kernel }) {
          kernel.sig('USR1');
          kernel.sig('USR2');
          kernel.aliasRemove(ALIAS);
        },
        dump({ kernel }, signal: string, textOf: typeof fullText) {
          const { pid } = process;
          print(`${pid}: signal ${signal} \n${pid}: ${textOf(new Peek(kernel))}`);
          kernel.sigHandled();
        },
      },
    });

  const leave = (): void => {
    if (lives()) kernel.call(own as Session, 'leave');
  };

  kernel.hooks.sessionStarted.tap('peek', () => {
    if (on && !beginning) begin();
  });
  kernel.hooks.sessionStopped.tap('peek', () => {
    if (kernel.getSessionCount() === 1) leave();
  });
  if (kernel.getSessionCount() > 0) begin();
  return () => {
    on = false;
    leave();
  };
}
