/** What monitors are told, compared with what those of the recording were told. */
import { type KernelView, Session } from 'poe-kernel';
import { fromNeutral } from '../helpers/neutral.ts';
import type { Bindings } from './bindings.ts';
import { isErrorText } from './match.ts';
import type { Observation } from './recording.ts';
import { type Plain, plainOf, plainValue, same, shown } from './values.ts';

/** One call of a monitor: what happened, and the arguments. */
export interface Told {
  event: string;
  args: Plain[];
}

/** What the recorded monitors were told, or those of them that count. */
export function toldIn(observed: readonly Observation[]): Told[] {
  return observed.flatMap(({ what, values = [] }) => {
    const event = /^monitor (\w+)$/.exec(what)?.[1];
    return event === undefined ? [] : [{ event, args: values.map((node) => plainOf(node)) }];
  });
}

/** Monitors like those of a recorded program: for the names, the events and with the data that show in what they were told. */
export class Watchers {
  readonly told: Told[] = [];

  constructor(kernel: KernelView, observed: readonly Observation[], changed: () => void) {
    const monitored = new Map<string, { data: unknown; events: Set<string> }>();
    for (const { what, values = [] } of observed) {
      const event = /^monitor (\w+)$/.exec(what)?.[1];
      const name = plainOf(values[0]);
      if (event === undefined || typeof name !== 'string') continue;
      const monitor = monitored.get(name) ?? { data: null, events: new Set() };
      monitored.set(name, monitor);
      monitor.events.add(event);
      if (values[3] !== undefined && event !== 'shutdown') monitor.data = fromNeutral(values[3]);
    }
    for (const [name, { data, events }] of monitored) this.#watch(kernel, name, data, [...events], changed);
  }

  #watch(kernel: KernelView, name: string, data: unknown, events: readonly string[], changed: () => void): void {
    const { told } = this;
    Session.create({
      kernel,
      inlineStates: {
        _start({ kernel }) {
          kernel.aliasSet(`watcher of ${name}`);
          kernel.call('IKC', 'monitor', name, { data, ...Object.fromEntries(events.map((event) => [event, event])) });
        },
        _default(_, event: string, args: unknown[]) {
          if (!events.includes(event)) return;
          told.push({ event, args: args.map((value) => plainValue(value)) });
          changed();
        },
      },
    });
  }
}

/**
 * Compares the notifications one by one. Process numbers in front of texts, numbers of sessions, addresses in memory and Perl's
 * own words are not the same.
 *
 * @returns The first difference; undefined if there is none.
 */
export function toldDifference(
  recorded: readonly Told[],
  ours: readonly Told[],
  bindings: Bindings,
): string | undefined {
  for (const [index, expected] of recorded.entries()) {
    const found = ours[index];
    if (found !== undefined && isSameTold(expected, found, bindings)) continue;
    return `monitor call ${index + 1}: expected ${showTold(expected)}, got ${found === undefined ? 'none' : showTold(found)}`;
  }
  const extra = ours[recorded.length];
  return extra === undefined ? undefined : `monitor call ${recorded.length + 1}: expected none, got ${showTold(extra)}`;
}

function isSameTold(recorded: Told, ours: Told, bindings: Bindings): boolean {
  if (recorded.event !== ours.event || recorded.args.length !== ours.args.length) return false;
  return recorded.args.every((arg, index) => {
    const found = ours.args[index] as Plain;
    if (recorded.event === 'channel' && index === 5) return /^\d+$/.test(String(found));
    if (recorded.event === 'error' && index === 5 && typeof arg !== 'string') return typeof found === 'string';
    if (typeof arg !== 'string') return same(inOurTerms(arg, bindings), found);
    if (recorded.event === 'error' && index === 5) return isSameText(bindings.text(arg), found);
    return bindings.text(arg) === found;
  });
}

function isSameText(recorded: string, ours: Plain): boolean {
  if (typeof ours !== 'string') return false;
  const general = (text: string): string => text.replace(/^\d+: /, 'PID: ').replace(/'HASH\(0x[0-9a-f]+\)'/, "''");
  return isErrorText(general(recorded), general(ours));
}

function inOurTerms(value: Plain, bindings: Bindings): Plain {
  if (typeof value === 'string') return bindings.text(value);
  if (Array.isArray(value)) return value.map((each) => inOurTerms(each, bindings));
  if (value === null) return null;
  const entries = Object.entries(value).map(([key, each]) => [key, inOurTerms(each, bindings)]);
  return Object.assign(Object.create(null), Object.fromEntries(entries)) as Plain;
}

function showTold({ event, args }: Told): string {
  return `${event} ${args.map(shown).join(' ')}`;
}
