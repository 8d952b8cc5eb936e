import { type LinkRecord, Responder } from '../../components/ikc/index.ts';
import {
  type HandleRecord,
  type KernelDump,
  type KernelRecord,
  type KernelView,
  Peek,
  PoeUsageError,
  type QueueRecord,
  type Reason,
  type SessionId,
  type SessionRecord,
  type SignalRecord,
} from '../../core/index.ts';
import {
  childrenSection,
  type FamilyRecord,
  familyOf,
  handover,
  type Role,
  reload,
  roleOf,
  scale,
  servingChildren,
} from './family.ts';
import type { LoopDelay, Viewer } from './live.ts';
import { type Section, type SectionRow, sectionsOf } from './sections.ts';
import { referencesOf } from './text.ts';

/** Entries of each list, unless a request says otherwise, and at most. */
const LIMIT = 1000;
const MOST = 10_000;

/** Who answers: what `poe ls` shows of a program. */
export interface ProgramRecord {
  readonly name: string;
  readonly pid: number;
  readonly role: Role;
  /** How many children of it serve; null if it is no parent. */
  readonly serving: number | null;
  /** Of its kernel. */
  readonly id: string;
  /** Seconds since the process was started. */
  readonly uptime: number;
  readonly sessions: number;
  /** Version of Node. */
  readonly node: string;
}

/** What `poe top` shows. Rates are per second, since the last time it was asked over this connection. */
export interface TopRecord extends ProgramRecord {
  readonly kernel: KernelRecord;
  readonly rate: number;
  readonly delay: LoopDelay;
  /** Octets. */
  readonly memory: { readonly rss: number; readonly heap: number };
  readonly busiest: readonly {
    readonly id: SessionId;
    readonly name: string;
    readonly rate: number;
    /** Part of the time that its handlers took, from 0 to 1. */
    readonly busy: number;
    /** Events and timers that wait for it. */
    readonly waiting: number;
  }[];
  /** Of the parent of a program that runs in several processes: its children, the section of that name; else null. */
  readonly children: readonly SectionRow[] | null;
}

/** A session with both reference counts: they differ only if the kernel's books are wrong. */
export interface HeldSession extends SessionRecord {
  readonly refcount: { readonly held: number; readonly counted: number };
}

/** What can be asked, and what comes. */
export interface Answers {
  hello: ProgramRecord;
  dump: KernelDump;
  why: readonly Reason[];
  sessions: readonly HeldSession[];
  queue: readonly QueueRecord[];
  aliases: readonly { readonly alias: string; readonly session: SessionId }[];
  handles: readonly HandleRecord[];
  signals: readonly SignalRecord[];
  /** null if the kernel has no responder. */
  kernels: readonly LinkRecord[] | null;
  sections: readonly Section[];
  top: TopRecord;
  /** null if the program runs in one process. */
  family: FamilyRecord | null;
  /** Orders: what is asked for has begun when the answer comes. */
  reload: ReturnType<typeof reload>;
  scale: ReturnType<typeof scale>;
  handover: ReturnType<typeof handover>;
}

/** A question, with the session that it is about and how much is wanted of a list. Of `scale`, how many children, or how many more. */
export interface Question<Q extends keyof Answers = keyof Answers> {
  readonly ask: Q;
  readonly session?: SessionId;
  readonly limit?: number;
  readonly count?: number;
  readonly by?: number;
}

/** What the answers are about. */
export interface Subject {
  readonly kernel: KernelView;
  readonly name: string;
  /** The one who asks, as somebody who looks: watching begins with the first use. */
  readonly viewer: () => Viewer;
}

type Answerer<Q extends keyof Answers> = (subject: Subject, peek: Peek, question: Question) => Answers[Q];

/** A map, as the question is what a peer sent: no word of it may mean anything to JavaScript. */
const ANSWERERS: ReadonlyMap<string, Answerer<keyof Answers>> = new Map(
  Object.entries({
    hello: (subject, peek) => programRecord(subject, peek),
    dump: (_, peek, { limit }) => peek.dump({ limit: limit ?? LIMIT }),
    why: (_, peek, question) => why(peek, question),
    sessions: (_, peek, question) => sessions(peek, question),
    queue: (_, peek, { limit }) => peek.eventQueue({ limit: limit ?? LIMIT }),
    aliases: (_, peek, { limit }) =>
      peek
        .sessionList()
        .flatMap((session) => peek.sessionAliasList(session).map((alias) => ({ alias, session: session.id })))
        .slice(0, limit ?? LIMIT),
    handles: (_, peek, { limit }) => peek.handles().slice(0, limit ?? LIMIT),
    signals: (_, peek, { limit }) => peek.signals().slice(0, limit ?? LIMIT),
    kernels: ({ kernel }, _, { limit }) =>
      Responder.of(kernel)
        ?.links()
        .slice(0, limit ?? LIMIT) ?? null,
    sections: ({ kernel }) => allSections(kernel),
    top: topRecord,
    family: ({ kernel }, _, { limit }) => familyOf(kernel, limit ?? LIMIT),
    reload: ({ kernel }) => reload(kernel),
    scale: ({ kernel }, _, question) => scale(kernel, scaling(question)),
    handover: ({ kernel }) => handover(kernel),
  } satisfies { [Q in keyof Answers]: Answerer<Q> }),
);

/**
 * Answers what a client asks.
 *
 * @throws PoeUsageError `POE_ERR_PEEK_REQUEST` for what cannot be asked so.
 */
export function answer(subject: Subject, request: unknown): unknown {
  const question = readQuestion(request);
  const answerer = ANSWERERS.get(question.ask);
  if (answerer === undefined) throw refuse(`nothing is known of '${question.ask.slice(0, 40)}'`);
  return answerer(subject, new Peek(subject.kernel), question);
}

function readQuestion(request: unknown): Question {
  if (typeof request !== 'object' || request === null || Array.isArray(request)) throw refuse('it is no object');
  const { ask, session, limit, count, by } = request as Record<string, unknown>;
  if (typeof ask !== 'string') throw refuse("'ask' is no text");
  if (session !== undefined && typeof session !== 'string' && !Number.isSafeInteger(session)) {
    throw refuse("'session' is neither a number nor a text");
  }
  if (limit !== undefined && !(Number.isInteger(limit) && (limit as number) >= 1 && (limit as number) <= MOST)) {
    throw refuse(`'limit' is no whole number from 1 to ${MOST}`);
  }
  for (const [name, value] of Object.entries({ count, by })) {
    if (value !== undefined && !(Number.isInteger(value) && Math.abs(value as number) <= MOST)) {
      throw refuse(`'${name}' is no whole number, or one beyond ${MOST}`);
    }
  }
  return {
    ask: ask as keyof Answers,
    ...(session === undefined ? {} : { session: session as SessionId }),
    ...(limit === undefined ? {} : { limit: limit as number }),
    ...(count === undefined ? {} : { count: count as number }),
    ...(by === undefined ? {} : { by: by as number }),
  };
}

function refuse(found: string): PoeUsageError {
  return new PoeUsageError('POE_ERR_PEEK_REQUEST', `Cannot answer the request: ${found}`, {
    hint: `Send one line of JSON, as in {"ask":"why","session":"logger"}; ask for ${[...ANSWERERS.keys()].join(', ')}`,
  });
}

/** Exactly one of the two. */
function scaling({ count, by }: Question): { count: number } | { by: number } {
  if (count !== undefined && by === undefined && count >= 0) return { count };
  if (by !== undefined && count === undefined) return { by };
  throw refuse("give 'count', from 0 on, or 'by'");
}

/** What the program has to tell of itself, its children first. */
export function allSections(kernel: KernelView): Section[] {
  return [...childrenSection(kernel), ...sectionsOf(kernel)];
}

function why(peek: Peek, { session }: Question): readonly Reason[] {
  if (session === undefined) throw refuse("'session' is missing");
  return peek.whyAlive(session) ?? unknownSession(session);
}

function sessions(peek: Peek, { session, limit }: Question): HeldSession[] {
  const records = session === undefined ? peek.sessions({ limit: limit ?? LIMIT }) : [peek.session(session)];
  return records.map((record) => {
    if (record === undefined) return unknownSession(session as SessionId);
    const held = peek.getSessionRefcount(record.id) ?? 0;
    return { ...record, refcount: { held, counted: referencesOf(record.counts) } };
  });
}

function unknownSession(session: SessionId): never {
  throw refuse(`there is no session '${String(session).slice(0, 100)}'`);
}

function programRecord({ name, kernel }: Subject, peek: Peek): ProgramRecord {
  return {
    name,
    pid: process.pid,
    role: roleOf(kernel),
    serving: servingChildren(kernel),
    id: kernel.id,
    uptime: process.uptime(),
    sessions: peek.sessionCount() - 1,
    node: process.version,
  };
}

function topRecord(subject: Subject, peek: Peek, { limit }: Question): TopRecord {
  const { seconds, events, activity, delay } = subject.viewer().take();
  const { rss, heapUsed } = process.memoryUsage();
  const busiest = peek.sessionList().map((session) => {
    const own = activity.get(session.id);
    return {
      session,
      id: session.id,
      rate: (own?.events ?? 0) / seconds,
      busy: (own?.seconds ?? 0) / seconds,
      waiting: peek.eventCountTo(session),
    };
  });
  return {
    ...programRecord(subject, peek),
    kernel: peek.kernel(),
    rate: events / seconds,
    delay,
    memory: { rss, heap: heapUsed },
    children: childrenSection(subject.kernel)[0]?.rows ?? null,
    busiest: busiest
      .sort((a, b) => b.rate - a.rate || b.waiting - a.waiting)
      .slice(0, limit ?? 100)
      // Names are asked for last: of those few that are shown.
      .map(({ session, ...record }) => ({ ...record, name: peek.sessionIdLoggable(session) })),
  };
}
