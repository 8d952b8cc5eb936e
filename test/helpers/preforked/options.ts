import type { PreforkOptions } from 'poe-kernel/components';

/** What the program under test is told. */
export interface ProgramOptions extends PreforkOptions {
  /** Preforks by the plugin, and not by the parameters of the server. */
  plugin?: boolean;
  /** Port to listen on. Default: any. */
  port?: number;
  /** Path of a unix socket, in place of a port. */
  path?: string;
  /** A file with what is added to each answer: what was there when the process was started. */
  version?: string;
  /** A file with `all` or `child` in it makes processes end as soon as they start. */
  breakFile?: string;
  /** Seconds from a line to its answer. */
  delay?: number;
}
