import { specifierName, specifierPart } from '../../components/ikc/index.ts';
import { EXIT } from '../exit.ts';
import { fail } from '../fail.ts';
import type { PeerOptions } from './connect.ts';
import { readValue, showValue } from './values.ts';
import { SESSION, visit } from './visit.ts';

interface SubscribeOptions extends PeerOptions {
  events?: readonly string[];
  count?: number;
}

/** `poe subscribe`: subscribes to a session, posts to it through the proxy, and prints what it posts back. */
export function subscribe(spec: string, value: string | undefined, options: SubscribeOptions): Promise<void> {
  const { events = [], count = Number.POSITIVE_INFINITY, json } = options;
  return visit(spec, options, {}, ({ ikc, rest, end }) => {
    const to = rest.startsWith('poe:') ? rest : `poe:/${rest}`;
    const session = specifierPart(to, 'session');
    const state = specifierPart(to, 'state');
    if (!session) fail(`'${spec}' names no session`, EXIT.usage);
    let asked = false;
    let refusal: string | undefined;
    let received = 0;
    // Events that begin with _ do not travel: whatever the other side calls its own, these are ours alone.
    // biome-ignore lint/suspicious/noExplicitAny: what comes is the other side's choice
    const states: Record<string, (...args: any[]) => void> = {
      _start({ session }) {
        if (events.length > 0) ikc.publish(SESSION, events);
        ikc.monitor('*', { register: '_connected', unregister: '_lost', error: '_trouble' }, session);
      },
      _connected({ kernel }, _name, server, real) {
        if (asked || real !== 1) return;
        asked = true;
        const wanted = specifierName({ kernel: specifierPart(to, 'kernel') || server, session, state: state ?? '' });
        kernel.delay('_late', options.timeout);
        kernel.call('IKC', 'subscribe', [wanted], '_granted');
      },
      _granted({ kernel }, [granted]: [string?]) {
        if (granted === undefined) return end(EXIT.error, refusal ?? 'Refused');
        kernel.delay('_late');
        const proxy = specifierName({ kernel: specifierPart(granted, 'kernel') as string, session });
        if (!json) console.error(`Subscribed to ${proxy}`);
        if (state) kernel.post(proxy, state, readValue(value));
        if (events.length > 0) return;
        // What was posted leaves before the end.
        if (json) console.log(JSON.stringify({ subscribed: proxy }));
        kernel.yield('_done');
      },
      _done: () => end(),
      _late: () => end(EXIT.timeout, `No answer within ${options.timeout} s`),
      _lost(_, _name, _kernel, real) {
        if (real === 1) end(EXIT.error, 'The connection has ended');
      },
      _trouble(_, _name, _kernel, _real, _data, operation, text) {
        refusal ??= text;
        // An error of what was posted.
        if (operation.startsWith('remote')) end(EXIT.error, text);
      },
    };
    for (const event of events) {
      if (event.startsWith('_')) fail(`'${event}' cannot come: events that begin with _ do not travel`, EXIT.usage);
      states[event] = (_, ...args) => {
        if (received === count) return;
        const line = (): string => [event, ...args.map((arg) => showValue(arg, true))].join(' ');
        console.log(json ? JSON.stringify({ event, args }) : line());
        if (++received === count) end();
      };
    }
    return states;
  });
}
