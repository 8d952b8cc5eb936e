import type { Peek, QueueRecord, ReasonCounts, SessionId, SessionRecord } from '../../core/index.ts';
import { redact } from './redact.ts';

/** Entries of each list; of more it is said how many they are. */
const LIMIT = 1000;

/** What each count counts, in the words of the dump. */
const WORDS: Record<keyof ReasonCounts, string> = {
  events: 'event',
  timers: 'timer',
  posted: 'posted',
  children: 'child',
  aliases: 'alias',
  handles: 'handle',
  extrefs: 'extref',
  processes: 'process',
  promises: 'promise',
};

/** The dump of SIGUSR1: what waits, and the sessions that something other than a name or a child keeps alive. */
export function shortText(peek: Peek): string {
  const keepers = peek.sessions({ limit: LIMIT }).filter(({ reasons }) => reasons.some(({ weak }) => !weak));
  return redact(
    `${queueText(peek, false)}Keepalive Sessions: \n${keepers.map((each) => sessionText(peek, each)).join('')}\n`,
  );
}

/** The dump of SIGUSR2: all that waits, with where it comes from and goes to, and every session. */
export function fullText(peek: Peek): string {
  const sessions = peek.sessions({ limit: LIMIT });
  const rest = moreText(peek.kernel().counts.sessions - sessions.length, 'sessions');
  return redact(
    `${queueText(peek, true)}Sessions: \n${sessions.map((each) => sessionText(peek, each)).join('')}${rest}\n`,
  );
}

function queueText(peek: Peek, verbose: boolean): string {
  const queue = peek.eventQueue({ limit: LIMIT });
  const { events, timers } = peek.kernel().counts;
  const entries = queue.map((entry) => eventText(peek, entry, verbose)).join('');
  return `Event Queue:\n${entries}${moreText(events + timers - queue.length, 'events')}`;
}

function eventText(peek: Peek, entry: QueueRecord, verbose: boolean): string {
  const name = entry.signal === undefined ? entry.event : `${entry.event} ${entry.signal}`;
  const head = `\t* ID: ${entry.id} - Index: ${entry.index}\n\t\tPriority: ${entry.due}\n\t\tEvent: ${name}\n`;
  if (!verbose) return head;
  const { source, destination, type } = entry;
  return `${head}\t\tSource: ${nameOf(peek, source)}\n\t\tDestination: ${nameOf(peek, destination)}\n\t\tType: ${type}\n\n`;
}

function sessionText(peek: Peek, record: SessionRecord): string {
  const { counts, parent, aliases, children, reasons } = record;
  const lines = [`\tSession ${record.name} (${record.type})`];
  const add = (line: string): void => void lines.push(`\t\t${line}`);
  const held = peek.getSessionRefcount(record.id) ?? 0;
  add(`ref count: ${held}${kindsText(counts)}`);
  if (parent !== null) add(`Parent: ${nameOf(peek, parent)}`);
  if (aliases.length > 0) add(`Aliases: ${aliases.join(',')}`);
  if (children.length > 0) add(`Children: ${children.map((child) => nameOf(peek, child)).join(',')}`);
  for (const { text, weak } of reasons) add(`Alive: ${text}${weak ? '' : ' [keepalive]'}`);
  const counted = referencesOf(counts);
  if (held !== counted) add(`Reference: refcount=${held} counted=${counted} [keepalive]`);
  return `${lines.join('\n')}\n`;
}

/** The reference count that these reasons amount to: events that wait for a session count once, and so do those it has posted. */
export function referencesOf(counts: ReasonCounts): number {
  const { events, timers, posted, ...others } = counts;
  const rest = Object.values(others).reduce((sum, count) => sum + count, 0);
  return rest + Math.sign(events + timers) + Math.sign(posted);
}

function kindsText(counts: ReasonCounts): string {
  const some = Object.entries(counts).filter(([, count]) => count > 0);
  return some.length === 0
    ? ''
    : ` (${some.map(([kind, n]) => `${WORDS[kind as keyof ReasonCounts]} ${n}`).join(', ')})`;
}

function nameOf(peek: Peek, id: SessionId): string {
  return peek.session(id)?.name ?? `session ${id}`;
}

function moreText(more: number, what: string): string {
  return more > 0 ? `\t... and ${more} more ${what}\n` : '';
}
