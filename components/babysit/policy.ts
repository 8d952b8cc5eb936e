import type { NurseryChild } from './nursery.ts';
import type { BabysitSettings } from './options.ts';
import type { ProcessReading, Readings } from './process-table.ts';

/**
 * What can be wrong with a child: its process is not there (`missing`), has ended and nobody has taken note (`zombie`), was `stopped`,
 * has run for too long (`rogue`), is too large (`rss`), says nothing and runs (`blocked`), or just says nothing (`silent`).
 */
export type Ailment = 'missing' | 'zombie' | 'stopped' | 'rogue' | 'rss' | 'blocked' | 'silent';

/** The signals for a rogue, one after the other. */
const LADDER = ['INT', 'TERM', 'KILL'] as const;

/** What is to be done about a child, and why. */
export interface Treatment {
  /** The child's number, which does not come again. */
  readonly id: number;
  readonly pid: number;
  readonly ailment: Ailment;
  /** Have another one take its place, send it a signal, or forget what was held against it. */
  readonly action: 'replace' | 'signal' | 'forgive';
  /** Which one, without `SIG`. */
  readonly signal: (typeof LADDER)[number] | undefined;
  /** What was found, in words. */
  readonly found: string;
}

/** What is remembered of a child from one look to the next. */
interface Record {
  /** What it has been replaced for: once is enough. */
  readonly replacedFor: Set<Ailment>;
  reading: ProcessReading | undefined;
  readAt: number;
  wasZombie: boolean;
  stoppedSince: number | undefined;
}

interface Rogue {
  readonly pid: number;
  tries: number;
  found: string;
}

/**
 * Decides what is done about children. Knows no process and no clock: it is told what was found, and when.
 *
 * @remarks `look` is the event `babysit` of POE::Component::IKC::Server, `step` its event `rogues`. Beyond the original: stopped, silent and
 * too large children, and processor time that counts only where it is being used.
 */
export class Policy {
  readonly #rules: BabysitSettings;
  readonly #seesStates: boolean;
  readonly #records = new Map<number, Record>();
  readonly #rogues = new Map<number, Rogue>();

  constructor(rules: BabysitSettings, seesStates: boolean) {
    this.#rules = rules;
    this.#seesStates = seesStates;
  }

  /** Whether any child is a rogue. */
  get hasRogues(): boolean {
    return this.#rogues.size > 0;
  }

  /**
   * Looks at the children.
   *
   * @param readings - What the system says of them.
   * @param now - Epoch seconds.
   */
  look(children: readonly NurseryChild[], readings: Readings, now: number): Treatment[] {
    const present = new Set(children.map(({ id }) => id));
    for (const id of this.#records.keys()) if (!present.has(id)) this.#records.delete(id);
    for (const id of this.#rogues.keys()) if (!present.has(id)) this.#rogues.delete(id);
    return children.flatMap((child) => this.#examine(child, readings.get(child.pid), now));
  }

  /** Takes one step with each rogue. */
  step(): Treatment[] {
    return [...this.#rogues].map(([id, rogue]) => {
      const signal = LADDER[rogue.tries++];
      const treatment = { id, pid: rogue.pid, ailment: 'rogue', signal, found: rogue.found } as const;
      if (signal !== undefined) return { ...treatment, action: 'signal' };
      // POE: one that KILL does not reach is beyond hope.
      this.#rogues.delete(id);
      return { ...treatment, action: 'replace' };
    });
  }

  /** A signal did not reach a rogue: it has gone. */
  lost(id: number): void {
    this.#rogues.delete(id);
  }

  #examine(child: NurseryChild, reading: ProcessReading | undefined, now: number): Treatment[] {
    const record = this.#recordOf(child.id, now);
    const { reading: last, readAt } = record;
    record.reading = reading;
    record.readAt = now;
    if (reading === undefined) return this.#replace(child, 'missing', 'there is no such process');
    if (reading.state === 'zombie') {
      // The system has been asked for its end by now, if it was one at the last look too.
      const wasZombie = record.wasZombie;
      record.wasZombie = true;
      return wasZombie ? this.#replace(child, 'zombie', 'it has ended, and nobody was told') : [];
    }
    record.wasZombie = false;
    if (reading.state === 'stopped') return this.#stopped(child, record, now);
    record.stoppedSince = undefined;
    const rogue = this.#rogueText(reading, last, now - readAt);
    if (rogue !== undefined) {
      this.#accuse(child, rogue);
      return [];
    }
    const treatments = this.#forgive(child);
    if (child.phase !== 'up') return treatments;
    return [...treatments, ...this.#tooLarge(child, reading), ...this.#silent(child, reading, now)];
  }

  #recordOf(id: number, now: number): Record {
    let record = this.#records.get(id);
    if (record === undefined) {
      record = { replacedFor: new Set(), reading: undefined, readAt: now, wasZombie: false, stoppedSince: undefined };
      this.#records.set(id, record);
    }
    return record;
  }

  #stopped(child: NurseryChild, record: Record, now: number): Treatment[] {
    record.stoppedSince ??= now;
    const { stopped } = this.#rules;
    const seconds = now - record.stoppedSince;
    if (stopped === 0 || seconds < stopped || child.phase === 'ending') return [];
    return this.#replace(child, 'stopped', `it has been stopped for ${rounded(seconds)} s`);
  }

  /** Why a child that runs is a rogue; undefined if it is none. */
  #rogueText(reading: ProcessReading, last: ProcessReading | undefined, seconds: number): string | undefined {
    const { cpuSeconds: limit, cpuShare } = this.#rules;
    const { state, cpuSeconds } = reading;
    if (limit === 0 || cpuSeconds === undefined || cpuSeconds <= limit) return undefined;
    const used = last?.cpuSeconds === undefined || seconds <= 0 ? 0 : (cpuSeconds - last.cpuSeconds) / seconds;
    // Where states are not known, who has used any time since the last look counts as running.
    if (this.#seesStates ? state !== 'running' : used === 0) return undefined;
    if (used < cpuShare) return undefined;
    return `it runs, and has used ${rounded(cpuSeconds)} s of processor time, ${limit} are the limit`;
  }

  #accuse({ id, pid }: NurseryChild, found: string): void {
    const rogue = this.#rogues.get(id);
    if (rogue === undefined) this.#rogues.set(id, { pid, tries: 0, found });
    else rogue.found = found;
  }

  #forgive({ id, pid }: NurseryChild): Treatment[] {
    const rogue = this.#rogues.get(id);
    if (rogue === undefined) return [];
    this.#rogues.delete(id);
    return [{ id, pid, ailment: 'rogue', action: 'forgive', signal: undefined, found: 'it has calmed down' }];
  }

  #tooLarge(child: NurseryChild, { rssOctets }: ProcessReading): Treatment[] {
    const { maxRss } = this.#rules;
    if (maxRss === 0 || rssOctets === undefined || rssOctets <= maxRss) return [];
    return this.#replace(child, 'rss', `it holds ${rssOctets} octets, ${maxRss} are the limit`);
  }

  #silent(child: NurseryChild, { state }: ProcessReading, now: number): Treatment[] {
    const { silence } = this.#rules;
    const { heardAt } = child;
    if (silence === 0 || heardAt === undefined || now - heardAt <= silence) return [];
    const seconds = rounded(now - heardAt);
    return state === 'running'
      ? this.#replace(child, 'blocked', `it runs, but has said nothing for ${seconds} s: its event loop is blocked`)
      : this.#replace(child, 'silent', `it has said nothing for ${seconds} s`);
  }

  #replace({ id, pid }: NurseryChild, ailment: Ailment, found: string): Treatment[] {
    const replacedFor = this.#records.get(id)?.replacedFor;
    if (replacedFor?.has(ailment)) return [];
    replacedFor?.add(ailment);
    return [{ id, pid, ailment, action: 'replace', signal: undefined, found }];
  }
}

function rounded(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}
