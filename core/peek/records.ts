import type { SessionId } from '../types.ts';

// What Peek reports. Records are made when they are asked for and hold plain values only: sessions by their IDs, nothing of what
// a program keeps in heaps or sends as arguments. So they can be kept, compared, and sent as JSON as they are.

/** How much of a long list is wanted. */
export interface PeekLimit {
  /** Entries of each list at most. Default: all; for {@link Peek.dump} 1,000. */
  readonly limit?: number;
}

/** The kernel as a whole. */
export interface KernelRecord {
  readonly id: string;
  /** When this was asked, in epoch seconds. */
  readonly time: number;
  /** Whether somebody waits for `run()` or one of its like. */
  readonly running: boolean;
  /** What the loop below is called: `'node'`, unless it was replaced. */
  readonly loop: string;
  /** The session whose handler runs; the kernel's own ID outside of handlers. */
  readonly activeSession: SessionId;
  /** The event that it handles. */
  readonly activeEvent: string | null;
  /** Whether nothing can ever happen again though sessions live: the signal IDLE ends them next. */
  readonly idle: boolean;
  readonly counts: KernelCounts;
}

/** How much of everything there is in a kernel. */
export interface KernelCounts {
  /** Sessions that live, the kernel not counted. */
  readonly sessions: number;
  /** Posted events and signals that wait. */
  readonly events: number;
  /** Pending alarms and delays. */
  readonly timers: number;
  /** Watched handles. */
  readonly handles: number;
  /** Tags that sessions are held by. */
  readonly extrefs: number;
  /** Pending promises of handlers. */
  readonly promises: number;
}

/** How many reasons of each kind a session has to live. It ends when they are all 0. */
export interface ReasonCounts {
  /** Posted events and signals that wait for it, its turn of grace included. */
  readonly events: number;
  /** Its pending alarms and delays. */
  readonly timers: number;
  /** Events it has posted to others and that wait. */
  readonly posted: number;
  readonly children: number;
  readonly aliases: number;
  /** Handles it watches, in however many modes, paused or not. */
  readonly handles: number;
  /** Tags it is held by, however often: `refcountIncrement`, postbacks, callbacks. */
  readonly extrefs: number;
  /** Processes it waits for with `sigChild`. */
  readonly processes: number;
  /** Pending promises of its handlers. */
  readonly promises: number;
}

/** One session, or the kernel as one. */
export interface SessionRecord {
  readonly id: SessionId;
  /** Its ID with its aliases: `session 4 (logger)`. */
  readonly name: string;
  /** Name of its class: `Session`, `NFA`, or a subclass. */
  readonly type: string;
  /** `starting` while its `_start` runs, `stopping` while its `_stop` does. */
  readonly phase: 'starting' | 'running' | 'stopping';
  /** The session that it is a child of; null for the kernel. */
  readonly parent: SessionId | null;
  readonly children: readonly SessionId[];
  readonly aliases: readonly string[];
  /** Events it has handlers for, sorted; of a machine those of the state it is in. */
  readonly events: readonly string[];
  /** Signals it watches. They do not keep it alive. */
  readonly signals: readonly SignalRecord[];
  readonly handles: readonly HandleRecord[];
  /** Tags it is held by, and how often. */
  readonly extrefs: readonly { readonly tag: string; readonly count: number }[];
  /** Processes it waits for, and the event that their end brings. */
  readonly processes: readonly { readonly pid: number; readonly event: string }[];
  readonly counts: ReasonCounts;
  /** Why it is alive, in words; empty if it will end at the end of this pass. */
  readonly reasons: readonly Reason[];
}

/** Who watches a signal. */
export interface SignalRecord {
  readonly signal: string;
  readonly session: SessionId;
  /** What the signal brings. */
  readonly event: string;
}

/** A handle that a session watches. */
export interface HandleRecord {
  /** What it is: `Socket 127.0.0.1:50122 to 127.0.0.1:3137`. */
  readonly handle: string;
  readonly session: SessionId;
  readonly modes: readonly {
    readonly mode: 'read' | 'write' | 'expedite';
    readonly event: string;
    readonly paused: boolean;
  }[];
}

/** What waits to happen, in POE's words: a post or yield, an alarm or delay, a signal, or the turn of grace of a new session. */
export type EventType = 'User' | 'Alarm' | '_signal' | '_garbage_collect';

/** One entry of the event queue. */
export interface QueueRecord {
  /** Of a timer its alarm id, otherwise its number among all that were posted. */
  readonly id: number;
  /** Place in the queue, from 0. */
  readonly index: number;
  readonly type: EventType;
  readonly event: string;
  /** Name of the signal, if it is one. */
  readonly signal?: string;
  /** Who has sent it. */
  readonly source: SessionId;
  /** Who will get it. */
  readonly destination: SessionId;
  /** When it is due in epoch seconds: of what was posted, when that was. */
  readonly due: number;
  /** How many arguments it brings. */
  readonly args: number;
}

/** What brought a handler to run: something of the queue, be it posted, a timer or a handle, a call, a signal, or a session's start or end. */
export type WatchedKind = 'event' | 'call' | 'signal' | 'start' | 'stop';

/** A handler that has run, as {@link Peek.watch} tells of it. */
export interface WatchedEvent {
  /** When it began, in epoch seconds. */
  readonly time: number;
  /** How long it took; of an async one, until its first `await`. */
  readonly seconds: number;
  readonly kind: WatchedKind;
  readonly event: string;
  /** Who has sent it. */
  readonly source: SessionId;
  /** Whose handler it was. */
  readonly destination: SessionId;
}

/** What a reason to live is: see {@link ReasonCounts}, one word for each count. */
export type ReasonKind = 'event' | 'timer' | 'posted' | 'child' | 'alias' | 'handle' | 'extref' | 'process' | 'promise';

/** Why a session is alive. */
export interface Reason {
  readonly kind: ReasonKind;
  /** Which one: the event, alias, tag, handle or process; the names of the first children. */
  readonly what: string;
  /** How many events of that name, how many children, how often the tag is held; otherwise 1. */
  readonly count: number;
  /**
   * Whether it counts only as long as anything else can happen in this kernel: names, children, and processes that are none
   * of ours. Once there is nothing but those, the signal IDLE ends the session.
   */
  readonly weak: boolean;
  /** All of it in words: `timer 'tick' is due in 3.2 s`. */
  readonly text: string;
}

/** A whole kernel: what {@link Peek.dump} returns. */
export interface KernelDump {
  readonly kernel: KernelRecord;
  readonly sessions: readonly SessionRecord[];
  readonly queue: readonly QueueRecord[];
  readonly signals: readonly SignalRecord[];
}
