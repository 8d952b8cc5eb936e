import type { DeadLetter } from '../../components/ikc/index.ts';
import { EXIT } from '../exit.ts';
import { checkAddress } from './address.ts';
import type { PeerOptions } from './connect.ts';
import { visit } from './visit.ts';

interface MonitorOptions extends PeerOptions {
  reconnect?: boolean;
  heartbeat?: number;
  count?: number;
}

const EVENTS = ['register', 'channel', 'error', 'unregister'] as const;

/** `poe monitor`: stays connected and prints what monitors are told, each event once for each name of the server. */
export function monitor(address: string | undefined, options: MonitorOptions): Promise<void> {
  const { reconnect = false, heartbeat, count = Number.POSITIVE_INFINITY, json } = options;
  const link = {
    reconnect,
    ...(heartbeat === undefined ? {} : { heartbeat: heartbeat === 0 ? (false as const) : { interval: heartbeat } }),
  };
  checkAddress(address, options);
  return visit(address, options, link, ({ ikc, end }) => {
    let lines = 0;
    const print = (event: string, kernel: string, real: unknown, details: readonly unknown[]): void => {
      if (lines === count) return;
      const time = new Date().toISOString();
      if (json) console.log(JSON.stringify({ time, event, kernel, real: real === 1, details }));
      else console.log([time, event, kernel, ...details.filter((each) => each != null)].join(' '));
      if (++lines === count) end();
    };
    // biome-ignore lint/suspicious/noExplicitAny: each event has arguments of its own
    const states: Record<string, (...args: any[]) => void> = {
      _start: ({ session }) =>
        ikc.monitor('*', Object.fromEntries([...EVENTS, 'deadLetter'].map((event) => [event, event])), session),
      deadLetter: (_, _name, kernel, real, _data, { to, reason }: DeadLetter) =>
        print('deadLetter', kernel, real, [reason, to]),
    };
    for (const event of EVENTS) {
      states[event] = (_, _name, kernel, real, _data, ...details) => {
        print(event, kernel, real, details);
        if (event === 'unregister' && real === 1 && !reconnect) end(EXIT.error, 'The connection has ended');
      };
    }
    return states;
  });
}
