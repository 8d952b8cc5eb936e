import { PoeUsageError } from '../errors.ts';
import type { SocketHost } from '../host/sockets.ts';
import type { SimulatedHost } from './simulated-host.ts';

export interface SimulationOptions {
  /** What random numbers and the order of hosts follow from, a whole number. Default: 0, so that a test is the same each time. */
  seed?: number;
  /** What the wall clocks show at the beginning, in epoch seconds. Default: 1,000,000,000, in September 2001. */
  epoch?: number;
  /**
   * Who turns the clock: `'auto'`, it jumps to the next timer whenever all kernels are idle; or `'manual'`, the test, by
   * `advance` and `step`. Default: `'auto'`.
   */
  time?: 'auto' | 'manual';
  /** Makes the sockets of each host, for a simulated network. Default: none, so that whoever wants a socket is told. */
  sockets?: (host: SimulatedHost) => SocketHost;
}

/** @throws PoeUsageError `POE_ERR_SIMULATION_OPTION` for an unknown option, or a value that cannot be. */
export function checkOptions(options: SimulationOptions): void {
  const what = 'a simulation';
  checkNames(what, options, ['seed', 'epoch', 'time', 'sockets']);
  const { epoch, time, sockets } = options;
  if (epoch !== undefined && !Number.isFinite(epoch)) {
    throw optionError(what, `epoch is '${String(epoch)}'`, 'Pass epoch seconds');
  }
  if (time !== undefined && time !== 'auto' && time !== 'manual') {
    throw optionError(what, `time is '${String(time)}'`, "Pass 'auto' or 'manual'");
  }
  if (sockets !== undefined && typeof sockets !== 'function') {
    throw optionError(
      what,
      `sockets is ${typeof sockets}`,
      'Pass a function that is given a host and returns its sockets',
    );
  }
}

/** Refuses options that nobody knows: most are misspelled. */
export function checkNames(what: string, options: object, known: readonly string[]): void {
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw optionError(what, `there is no option '${unknown}'`, `Known are ${known.join(', ')}`);
}

function optionError(what: string, found: string, hint: string): PoeUsageError {
  return new PoeUsageError('POE_ERR_SIMULATION_OPTION', `Cannot make ${what}: ${found}`, { hint });
}
