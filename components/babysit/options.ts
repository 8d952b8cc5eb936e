import { PoeUsageError } from '../../core/index.ts';

/** What a babysitter puts up with. Durations are seconds; 0 takes a rule away. */
export interface BabysitOptions {
  /** How often children are looked at. Default 10. */
  interval?: number | undefined;
  /** Processor time in seconds beyond which a child that runs is a rogue. Default 600, as in the original. */
  cpuSeconds?: number | undefined;
  /** Share of one processor (1 is all of it) that it must have used since the last look as well. Default 0, as in the original: any. */
  cpuShare?: number | undefined;
  /** Most memory of a child, in octets; beyond it the child is replaced. Default 0: any. */
  maxRss?: number | undefined;
  /** How long a child may be stopped (by SIGSTOP, or a debugger) until it is replaced. Default 15. */
  stopped?: number | undefined;
  /** How long a child may be silent until it is replaced. Default 15. */
  silence?: number | undefined;
}

/** Options with all defaults filled in. */
export type BabysitSettings = { readonly [K in keyof BabysitOptions]-?: number };

const DEFAULTS: BabysitSettings = {
  interval: 10,
  cpuSeconds: 600,
  cpuShare: 0,
  maxRss: 0,
  stopped: 15,
  silence: 15,
};

/** @throws PoeUsageError `POE_ERR_BABYSIT_OPTION` for an unknown option, or a value that cannot be. */
export function babysitSettings(options: BabysitOptions): BabysitSettings {
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(DEFAULTS, name)) {
      throw refuse(`there is no option '${name}'`, `Known are ${Object.keys(DEFAULTS).join(', ')}`);
    }
    if (value !== undefined && !(typeof value === 'number' && value >= 0 && value < Number.POSITIVE_INFINITY)) {
      throw refuse(`${name} is '${String(value)}'`, 'Pass a number, 0 or more');
    }
  }
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const settings: BabysitSettings = { ...DEFAULTS, ...given };
  if (settings.interval === 0) throw refuse("interval is '0'", 'Pass seconds, more than 0');
  return settings;
}

function refuse(found: string, hint: string): PoeUsageError {
  return new PoeUsageError('POE_ERR_BABYSIT_OPTION', `Cannot babysit: ${found}`, { hint });
}
