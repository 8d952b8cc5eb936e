import { constants } from 'node:os';
import type { Engine } from '../engine.ts';
import type { Handle, Mode } from '../host/handles.ts';
import type { Destination, KernelView, SessionOrKernel } from '../kernel-view.ts';
import type { SignalType } from '../resources/signals.ts';
import type { Session } from '../session.ts';
import type { SessionId, SessionLike } from '../types.ts';
import { handlesOf } from './handles.ts';
import { waiting } from './queue.ts';
import { countReasons, Reasons } from './reasons.ts';
import type {
  HandleRecord,
  KernelDump,
  KernelRecord,
  PeekLimit,
  QueueRecord,
  Reason,
  ReasonCounts,
  SessionRecord,
  SignalRecord,
  WatchedEvent,
} from './records.ts';
import { eventsOf, kernelRecord, loopName, sessionRecord, signalRecords } from './report.ts';
import { sessionName } from './session-name.ts';
import { watchEvents } from './watch.ts';

/** Entries of each list in a dump, unless it is told otherwise. */
const DUMP_LIMIT = 1000;

/** One entry of {@link Peek.eventQueueDump}. */
export interface QueueItem extends Omit<QueueRecord, 'source' | 'destination' | 'args' | 'due'> {
  /** When it is due in epoch seconds. */
  readonly priority: number;
  readonly source: SessionOrKernel;
  readonly destination: SessionOrKernel;
}

/**
 * Looks into a kernel: which sessions there are and why each is alive, what is queued, who watches what.
 *
 * It reads the kernel's own books when it is asked and keeps none itself: a kernel that nobody looks at pays nothing, and looking
 * changes nothing, not even `errno`. What it reports holds for the moment of asking.
 *
 * Methods with POE's names take a session, its ID or alias, by default the active session (the view's own, if the Peek was made
 * with the `kernel` of a handler), and give for an unknown one what POE's give: undefined, 0 or an empty list. The others return
 * records of plain values, see {@link SessionRecord}.
 *
 * @example
 * import { kernel, Peek } from 'poe-kernel';
 *
 * const peek = new Peek(kernel);
 * for (const { name, reasons } of peek.sessions()) {
 *   console.log(name);
 *   for (const { text } of reasons) console.log(`  ${text}`);
 * }
 * @remarks Mirrors POE::API::Peek.
 */
export class Peek {
  readonly #kernel: KernelView;

  /** @param kernel - The kernel to look into, or any view of it. */
  constructor(kernel: KernelView) {
    this.#kernel = kernel;
  }

  #engine(): Engine {
    return this.#kernel._engine;
  }

  // --- records

  /**
   * The whole kernel as plain values, ready for `JSON.stringify`: {@link kernel}, {@link sessions}, {@link eventQueue} and
   * {@link signals}. What `limit` leaves out shows in `kernel.counts`.
   *
   * @example
   * response.end(JSON.stringify(new Peek(kernel).dump()));
   */
  dump({ limit = DUMP_LIMIT }: PeekLimit = {}): KernelDump {
    return {
      kernel: this.kernel(),
      sessions: this.sessions({ limit }),
      queue: this.eventQueue({ limit }),
      signals: this.signals().slice(0, limit),
    };
  }

  /** The kernel as a whole: whether it runs, what is active, how much there is of everything. */
  kernel(): KernelRecord {
    return kernelRecord(this.#engine());
  }

  /** Every session, the oldest first. The kernel is none of them; ask for it with {@link session}. */
  sessions({ limit = Number.POSITIVE_INFINITY }: PeekLimit = {}): SessionRecord[] {
    const sessions = this.sessionList().slice(0, limit);
    const reasons = new Reasons(this.#engine(), sessions);
    return sessions.map((session) => sessionRecord(session, reasons));
  }

  /**
   * One session, or the kernel as one.
   * @returns undefined if there is none.
   */
  session(session?: Destination): SessionRecord | undefined {
    const found = this.#find(session);
    return found && sessionRecord(found, new Reasons(this.#engine(), [found]));
  }

  /**
   * Why a session is alive. It ends at the end of the pass in which this becomes empty, or, when nothing but weak reasons
   * are left in the whole kernel, by the signal IDLE.
   *
   * @returns Its reasons, first what is queued for it, as {@link Reason} describes them; undefined for an unknown session.
   * @example
   * for (const { text } of new Peek(kernel).whyAlive('logger') ?? []) console.log(text);
   * // 'note' waits for it, 2 times
   * // timer 'flush' is due in 0.8 s
   * // it is called 'logger', which counts as long as anything else can happen
   */
  whyAlive(session?: Destination): Reason[] | undefined {
    const found = this.#find(session);
    return found && new Reasons(this.#engine(), [found]).of(found);
  }

  /**
   * The same as mere numbers.
   * @returns undefined for an unknown session.
   */
  reasonCounts(session?: Destination): ReasonCounts | undefined {
    const found = this.#find(session);
    return found && countReasons(this.#engine(), found);
  }

  /**
   * What waits to happen, posted events and timers, in the order in which it would be dispatched now.
   * @remarks Mirrors POE::API::Peek, "event_queue", which gives the queue object itself.
   */
  eventQueue({ limit = Number.POSITIVE_INFINITY }: PeekLimit = {}): QueueRecord[] {
    return waiting(this.#engine(), limit).map(({ source, destination, ...rest }, index) => ({
      ...rest,
      index,
      source: source.id,
      destination: destination.id,
    }));
  }

  /** Every handle that is watched, by session; those of the kernel itself first. */
  handles(): HandleRecord[] {
    return this.#everybody().flatMap((session) => handlesOf(this.#engine(), session));
  }

  /** Who watches which signal. */
  signals(): SignalRecord[] {
    return signalRecords(this.#engine());
  }

  /**
   * Tells a listener of every handler that has run. From the first listener until the last is gone the kernel's events take longer;
   * before and after that they pass by without being asked.
   *
   * @param listener - Told when a handler has returned or thrown: the inner one of two nested calls first. What it throws itself is a
   * warning, `POE_WARN_HOOK_FAILED`.
   * @returns What ends it.
   * @example
   * const end = new Peek(kernel).watch(({ event, destination, seconds }) => {
   *   if (seconds > 0.1) console.log(`'${event}' of session ${destination} took ${seconds} s`);
   * });
   */
  watch(listener: (event: WatchedEvent) => void): () => void {
    return watchEvents(this.#engine(), listener);
  }

  /** Events that have left the queue since the kernel was made, timers left out: handled, or removed with their sessions. */
  eventsTaken(): number {
    return this.#engine().ring.headSeq;
  }

  // --- kernel

  /** The kernel's textual ID. @remarks Mirrors POE::API::Peek, "id". */
  id(): string {
    return this.#kernel.id;
  }

  /** Whether somebody waits for `run()` or one of its like. @remarks Mirrors POE::API::Peek, "is_kernel_running", which always says yes. */
  isKernelRunning(): boolean {
    return this.#engine().loop.running;
  }

  /** Name of the event being handled; undefined outside of handlers. @remarks Mirrors POE::API::Peek, "active_event". */
  activeEvent(): string | undefined {
    return this.#engine().activeEvent;
  }

  /** The events that each session has handlers for, sorted, by the session's ID. @remarks Mirrors POE::API::Peek, "event_list". */
  eventList(): Record<number, string[]> {
    return Object.fromEntries(this.sessionList().map((session) => [session.id, this.sessionEventList(session)]));
  }

  /** Name of the loop below: `'node'`; of one that was given to the kernel its own. @remarks Mirrors POE::API::Peek, "which_loop". */
  whichLoop(): string {
    return loopName(this.#engine());
  }

  // --- sessions

  /** The session whose handler runs; the kernel outside of handlers. @remarks Mirrors POE::API::Peek, "current_session". */
  currentSession(): SessionOrKernel {
    return this.#shown(this.#engine().active);
  }

  /** The children of a session, the oldest first. @remarks Mirrors POE::API::Peek, "get_session_children". */
  getSessionChildren(session?: Destination): Session[] {
    return [...(this.#find(session)?._children ?? [])] as Session[];
  }

  /** Whether a session is a child of `parent`. @remarks Mirrors POE::API::Peek, "is_session_child". */
  isSessionChild(parent: Destination, session?: Destination): boolean {
    const child = this.#find(session);
    const found = this.#engine().resolve(parent);
    return child !== undefined && found !== undefined && child._parent === found;
  }

  /** The parent of a session: another one or the kernel; undefined for the kernel. @remarks Mirrors POE::API::Peek, "get_session_parent". */
  getSessionParent(session?: Destination): SessionOrKernel | undefined {
    const parent = this.#find(session)?._parent;
    return parent ? this.#shown(parent) : undefined;
  }

  /** The session of an ID. @remarks Mirrors POE::API::Peek, "resolve_session_to_ref". */
  resolveSessionToRef(session?: SessionId): SessionOrKernel | undefined {
    const found = this.#find(session);
    return found && this.#shown(found);
  }

  /** The ID of a session. @remarks Mirrors POE::API::Peek, "resolve_session_to_id". */
  resolveSessionToId(session?: Destination): SessionId | undefined {
    return this.#find(session)?.id;
  }

  /**
   * POE's reference count: one for each child, alias, handle, tag, process and promise, one if any event or timer waits
   * for the session, and one if any that it has posted does.
   *
   * @returns undefined for an unknown session.
   * @remarks Mirrors POE::API::Peek, "get_session_refcount".
   */
  getSessionRefcount(session?: Destination): number | undefined {
    const found = this.#find(session);
    return found && found._references + Math.sign(found._eventsTo) + Math.sign(found._eventsFrom);
  }

  /** How many sessions there are, the kernel being one of them. @remarks Mirrors POE::API::Peek, "session_count". */
  sessionCount(): number {
    return this.#engine().sessions.count + 1;
  }

  /** Every session, the oldest first, without the kernel. @remarks Mirrors POE::API::Peek, "session_list". */
  sessionList(): Session[] {
    return [...this.#engine().sessions.all()];
  }

  /**
   * The events that a session has handlers for, sorted; of a machine those of the state it is in.
   * @remarks Mirrors POE::API::Peek, "session_event_list".
   */
  sessionEventList(session?: Destination): string[] {
    const found = this.#find(session);
    return found === undefined ? [] : eventsOf(found);
  }

  // --- aliases

  /** The session that has an alias. @remarks Mirrors POE::API::Peek, "resolve_alias". */
  resolveAlias(alias: string): SessionOrKernel | undefined {
    const found = this.#engine().aliases.get(alias);
    return found && this.#shown(found);
  }

  /** The aliases of a session, sorted. @remarks Mirrors POE::API::Peek, "session_alias_list". */
  sessionAliasList(session?: Destination): string[] {
    const found = this.#find(session);
    return found === undefined ? [] : this.#engine().aliases.of(found);
  }

  /** How many aliases a session has. @remarks Mirrors POE::API::Peek, "session_alias_count". */
  sessionAliasCount(session?: Destination): number {
    return this.sessionAliasList(session).length;
  }

  /** A session as one names it in a log: `session 4 (logger)`. @remarks Mirrors POE::API::Peek, "session_id_loggable". */
  sessionIdLoggable(session?: Destination): string {
    const found = this.#find(session);
    return found === undefined ? `session ${session}` : sessionName(found);
  }

  // --- events

  /** How many events and timers wait for a session. @remarks Mirrors POE::API::Peek, "event_count_to". */
  eventCountTo(session?: Destination): number {
    return this.#find(session)?._eventsTo ?? 0;
  }

  /** How many events wait that a session has posted to others. @remarks Mirrors POE::API::Peek, "event_count_from". */
  eventCountFrom(session?: Destination): number {
    return this.#find(session)?._eventsFrom ?? 0;
  }

  /**
   * What waits to happen, in order; sources and destinations are the sessions themselves. {@link eventQueue} gives the same with
   * IDs, and how many arguments there are.
   * @remarks Mirrors POE::API::Peek, "event_queue_dump".
   */
  eventQueueDump(): QueueItem[] {
    return waiting(this.#engine(), Number.POSITIVE_INFINITY).map(
      ({ due, args: _, source, destination, ...rest }, index) => ({
        ...rest,
        index,
        priority: due,
        source: this.#shown(source),
        destination: this.#shown(destination),
      }),
    );
  }

  // --- tagged references

  /** How many sessions are held by any tag. @remarks Mirrors POE::API::Peek, "extref_count". */
  extrefCount(): number {
    return this.#everybody().filter(({ _tags }) => _tags !== null && _tags.size > 0).length;
  }

  /** By how many tags a session is held. @remarks Mirrors POE::API::Peek, "get_session_extref_count". */
  getSessionExtrefCount(session?: Destination): number {
    return this.#find(session)?._tags?.size ?? 0;
  }

  // --- handles

  /** Whether anybody watches a handle in that mode: 0 read, 1 write, 2 expedite. @remarks Mirrors POE::API::Peek, "is_handle_tracked". */
  isHandleTracked(handle: Handle, mode: Mode): boolean {
    return this.#engine().handles.isWatched(handle, mode);
  }

  /** How many handles are watched. @remarks Mirrors POE::API::Peek, "handle_count". */
  handleCount(): number {
    return this.#engine().handles.count;
  }

  /** How many handles a session watches. @remarks Mirrors POE::API::Peek, "session_handle_count". */
  sessionHandleCount(session?: Destination): number {
    const found = this.#find(session);
    return found === undefined ? 0 : this.#engine().handles.countOf(found);
  }

  // --- processes

  /** For how many processes a session waits. @remarks Mirrors POE::API::Peek, "session_pid_count", which POE 1.350 and later have taken away. */
  sessionPidCount(session?: Destination): number {
    return this.#find(session)?._pids?.size ?? 0;
  }

  // --- signals

  /** Signals of the system that can be watched here, sorted. @remarks Mirrors POE::API::Peek, "get_safe_signals". */
  getSafeSignals(): string[] {
    const { signals } = this.#engine().host;
    const names = Object.keys(constants.signals).map((name) => name.slice('SIG'.length));
    // The kernel itself makes CHLD of what the host tells of processes.
    return names.filter((name) => name === 'CHLD' || signals.exists(name)).sort();
  }

  /**
   * What a signal does that no handler calls `sigHandled` for: `'benign'` ones nothing, `'terminal'` ones stop the sessions they reach;
   * `'nonmaskable'` ones do so whatever handlers say.
   * @remarks Mirrors POE::API::Peek, "get_signal_type", where they are the constants 0, 1 and 2.
   */
  getSignalType(signal: string): SignalType {
    return this.#engine().signals.typeOf(signal);
  }

  /** Whether anybody watches a signal. @remarks Mirrors POE::API::Peek, "is_signal_watched". */
  isSignalWatched(signal: string): boolean {
    return this.#engine().signals.watchersOf(signal).length > 0;
  }

  /** The signals that a session watches, with the events they bring. @remarks Mirrors POE::API::Peek, "signals_watched_by_session". */
  signalsWatchedBySession(session?: Destination): Record<string, string> {
    const found = this.#find(session);
    return hash(found === undefined ? [] : this.#engine().signals.watchedBy(found));
  }

  /** Who watches a signal, by the session's text, with the event it brings. @remarks Mirrors POE::API::Peek, "signal_watchers". */
  signalWatchers(signal: string): Record<string, string> {
    const watchers = this.#engine().signals.watchersOf(signal);
    return hash(watchers.map(([session, event]) => [String(this.#shown(session)), event]));
  }

  /** Whether a session watches a signal. @remarks Mirrors POE::API::Peek, "is_signal_watched_by_session". */
  isSignalWatchedBySession(signal: string, session?: Destination): boolean {
    return this.#find(session)?._signals?.has(signal) ?? false;
  }

  // --- what all of them use

  #find(session: Destination | undefined): SessionLike | undefined {
    return session === undefined ? (this.#kernel._bound ?? this.#engine().active) : this.#engine().resolve(session);
  }

  #shown(session: SessionLike): SessionOrKernel {
    return session === this.#engine().kernelSession ? this.#kernel : (session as Session);
  }

  #everybody(): SessionLike[] {
    return [this.#engine().kernelSession, ...this.#engine().sessions.all()];
  }
}

/** Names of signals are a program's own: none of them may mean anything to JavaScript. */
function hash(pairs: readonly (readonly [string, string])[]): Record<string, string> {
  return Object.assign(Object.create(null), Object.fromEntries(pairs));
}
