import { type KernelView, Session } from '../../core/index.ts';
import { PROXY_STATE, type WireMessage } from './message.ts';
import { specifierName } from './specifier.ts';

/** What a proxy needs from the responder. */
export interface ProxyOptions {
  kernel: KernelView;
  /** The foreign kernel, by the name the events go to, which may change. */
  kernelName: () => string;
  /** The foreign session. */
  sessionName: string;
  /** Sends a message on behalf of a session. */
  send: (message: WireMessage, sender: Session) => void;
  /** Called when the program wants it no more. */
  onUnsubscribed: () => void;
  /** Called when the proxy has ended. */
  onStopped: () => void;
}

/**
 * Makes the session that stands for a foreign one: every event posted to it, with all its arguments, is posted to the other
 * kernel. It is called `poe://kernel/session`, and `session` if that name is free.
 *
 * Its own events: `_shutdown` takes both names away, `_delete` the long one (the connection has gone), `_restore` gives both back.
 *
 * @remarks Mirrors POE::Component::IKC::Proxy.
 */
export function spawnProxy(options: ProxyOptions): Session {
  const { kernel, kernelName, sessionName, send, onUnsubscribed, onStopped } = options;
  let longName = '';
  let event = { kernel: '', session: sessionName, state: PROXY_STATE };
  const takeNames = (kernel: KernelView): void => {
    longName = specifierName({ kernel: kernelName(), session: sessionName });
    event = { ...event, kernel: kernelName() };
    kernel.aliasSet(longName);
    if (kernel.aliasResolve(sessionName) === undefined) kernel.aliasSet(sessionName);
  };
  return Session.create({
    kernel,
    inlineStates: {
      _start: ({ kernel }) => takeNames(kernel),
      _default({ sender }, name: string, args: unknown[]) {
        // POE: events of POE's own are not for the other side.
        if (!name.startsWith('_')) send({ event, params: [name, args] }, sender as Session);
      },
      _shutdown({ kernel }) {
        onUnsubscribed();
        // The short name may be another session's.
        for (const name of kernel.aliasList() ?? []) kernel.aliasRemove(name);
      },
      _delete({ kernel }) {
        kernel.aliasRemove(longName);
      },
      _restore: ({ kernel }) => takeNames(kernel),
      _stop: () => onStopped(),
    },
  });
}
