/** What one measurement gave. */
export interface Sample {
  /** How many events, calls, timers ... were measured. */
  count: number;
  /** What they took together: seconds, octets of memory, or what else the case counts. */
  cost: number;
}

/** Measures so many things, in a process of its own. `port`: where the server of the contestant listens. */
export type Measure = (count: number, port: number) => Promise<Sample> | Sample;

/** A program of Perl: the case's own, `<file>.pl` beside it, with what it is told in front of count and port. */
export interface PerlProgram {
  /** What it cannot do without. */
  needs: 'POE' | 'POE::Component::IKC' | 'Storable';
  args: readonly string[];
}

/** Serves until its process is ended; resolves when it listens. */
export type Serve = (port: number) => Promise<void>;

/** One that takes part in a case. */
export interface Contestant {
  /** How the table calls it. */
  label: string;
  /** How many things it is measured with. Slow ones take fewer, which changes no rate. */
  count: number;
  run: Measure | PerlProgram;
  /** The process that it talks to. */
  server?: Serve | PerlProgram;
  /** Switches of node. */
  nodeOptions?: readonly string[];
}

/** Something that is measured, by several contestants in turns. */
export interface Bench {
  name: string;
  group: 'local' | 'timers' | 'memory' | 'wheels' | 'ikc' | 'codec' | 'prefork' | 'start';
  /** What is counted. */
  unit: string;
  /** Rounds if nobody says how many; default 5. */
  rounds?: number;
  /** What is shown: things per second, things per second of processor time, octets of memory each, or another cost of each. */
  shows: 'per second' | 'per CPU second' | 'octets each' | 'each';
  contestants: {
    /** This library. */
    ours: Contestant;
    /** The same in Perl: what the others are compared with. */
    perl?: Contestant;
    [key: string]: Contestant | undefined;
  };
}

export function isPerl(program: Measure | Serve | PerlProgram): program is PerlProgram {
  return typeof program !== 'function';
}
