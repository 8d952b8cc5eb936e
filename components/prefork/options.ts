import { constants } from 'node:os';
import { PoeUsageError } from '../../core/index.ts';

/** How a program is to run in several processes. Durations are seconds. */
export interface PreforkOptions {
  /** The number of processes, the parent included: n - 1 children serve. Default 2. */
  processes?: number | undefined;
  /** Connections that a child accepts before it is replaced. 0, the default, is any number. */
  connections?: number | undefined;
  /** Connections that a child serves at once; further ones wait for this child or another. 0, the default, is any number. */
  concurrency?: number | undefined;
  /** Fewest children that are kept booted beside those that serve, so that nobody waits for a boot. Default 1. */
  minSpares?: number | undefined;
  /** Most of these. More than `minSpares` are kept while children are replaced faster than they boot. Default 4. */
  maxSpares?: number | undefined;
  /** How long a child that accepts no more may go on with what it has. Default 10; then it is killed. */
  drainTimeout?: number | undefined;
  /** How long a child may boot. Default 30; then it is killed. */
  bootTimeout?: number | undefined;
  /** How often a child tells that it is there. Default 5. */
  heartbeat?: number | undefined;
  /** What children do when the parent has gone: finish what they have and end (default), or go on serving. */
  orphans?: 'finish' | 'continue' | undefined;
  /** The signal that hands over to a new parent process, without `SIG`. Default `ALRM`; `''` is none. */
  handoverSignal?: string | undefined;
  /** How long a new parent may take until its children serve. Default 30; then it is killed and the old one goes on. */
  handoverTimeout?: number | undefined;
  /** Tells on standard error of children as they come and go. */
  verbose?: boolean | undefined;
}

/** Options with all defaults filled in. */
export type PreforkSettings = { readonly [K in keyof PreforkOptions]-?: NonNullable<PreforkOptions[K]> };

const DEFAULTS: PreforkSettings = {
  processes: 2,
  connections: 0,
  concurrency: 0,
  minSpares: 1,
  maxSpares: 4,
  drainTimeout: 10,
  bootTimeout: 30,
  heartbeat: 5,
  orphans: 'finish',
  handoverSignal: 'ALRM',
  handoverTimeout: 30,
  verbose: false,
};

/** Signals that mean something else to a parent, or that nobody can watch. */
const TAKEN: ReadonlySet<string> = new Set(['TERM', 'INT', 'HUP', 'TTIN', 'TTOU', 'CHLD', 'KILL', 'STOP']);

const COUNTS = ['processes', 'connections', 'concurrency', 'minSpares', 'maxSpares'] as const;
const DURATIONS = ['drainTimeout', 'bootTimeout', 'heartbeat', 'handoverTimeout'] as const;

/** @throws PoeUsageError `POE_ERR_PREFORK_OPTION` for an unknown option, or a value that cannot be. */
export function preforkSettings(options: PreforkOptions): PreforkSettings {
  const unknown = Object.keys(options).find((name) => !(name in DEFAULTS));
  if (unknown !== undefined) {
    throw refuse(`there is no option '${unknown}'`, `Known are ${Object.keys(DEFAULTS).join(', ')}`);
  }
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const settings: PreforkSettings = { ...DEFAULTS, ...given };
  for (const name of COUNTS) checkCount(name, settings[name]);
  for (const name of DURATIONS) {
    const value = settings[name];
    if (typeof value !== 'number' || !(value > 0)) throw refuse(`${name} is '${value}'`, 'Pass seconds, more than 0');
  }
  if (settings.orphans !== 'finish' && settings.orphans !== 'continue') {
    throw refuse(`orphans is '${settings.orphans}'`, "Pass 'finish' or 'continue'");
  }
  const { handoverSignal } = settings;
  if (handoverSignal !== '' && (!(`SIG${handoverSignal}` in constants.signals) || TAKEN.has(handoverSignal))) {
    throw refuse(
      `handoverSignal is '${handoverSignal}'`,
      "Pass a signal that is free, as in 'USR2', without 'SIG'; '' is none",
    );
  }
  return { ...settings, maxSpares: Math.max(settings.minSpares, settings.maxSpares) };
}

/** @throws PoeUsageError `POE_ERR_PREFORK_OPTION` for what is no whole number from 0 on. */
export function checkCount(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 0) throw refuse(`${name} is '${value}'`, 'Pass a whole number, 0 or more');
}

function refuse(found: string, hint: string): PoeUsageError {
  return new PoeUsageError('POE_ERR_PREFORK_OPTION', `Cannot prefork: ${found}`, { hint });
}
