import type { ChildFunction, EventFor } from '../../core/index.ts';
import { PoeUsageError } from '../../core/index.ts';
import { checkFilters } from '../check-filter.ts';
import type { Driver } from '../drivers/driver.ts';
import type { Filter } from '../filters/filter.ts';
import { checkPeerLimits, type PeerLimits } from '../peer-limits.ts';
import { parameterMissing, parametersOf, type WheelOptions, warnOfParameter, warnUnknown } from '../wheel.ts';

/** The streams of a child, as events name them. */
export type ChildStreamName = 'STDIN' | 'STDOUT' | 'STDERR';

/** What the events of a Run bring: ARG0 and on. `R` is what the filter of standard output makes, `S` that of standard error. */
export interface RunEvents<R = string, S = string> {
  /** Everything that was put has been written. */
  stdinEvent: [wheelId: number];
  /** One record of the child's standard output. */
  stdoutEvent: [record: R, wheelId: number];
  /** One record of its standard error. */
  stderrEvent: [record: S, wheelId: number];
  /** What failed: `'read'` or `'write'`, errno and text, and where. The end of a stream is `'read'`, 0, `''`; that of a terminal, on Linux, `'read'`, EIO. */
  errorEvent: [operation: 'read' | 'write', errno: number, message: string, wheelId: number, stream: ChildStreamName];
  /** Those of standard output and standard error that bring events have ended. The child may still run. */
  closeEvent: [wheelId: number];
}

/** The events of a Run, by which `event` renames them. */
// biome-ignore lint/suspicious/noExplicitAny: events need no declaration
export interface RunEventNames<E = any, R = string, S = string> {
  stdinEvent?: EventFor<E, RunEvents<R, S>['stdinEvent']> | undefined;
  stdoutEvent?: EventFor<E, RunEvents<R, S>['stdoutEvent']> | undefined;
  stderrEvent?: EventFor<E, RunEvents<R, S>['stderrEvent']> | undefined;
  errorEvent?: EventFor<E, RunEvents<R, S>['errorEvent']> | undefined;
  closeEvent?: EventFor<E, RunEvents<R, S>['closeEvent']> | undefined;
}

// biome-ignore lint/suspicious/noExplicitAny: any filter will do; records are what it makes of them
export type AnyFilter<R = any> = Filter<R, any>;

/** Where a stream may be redirected: the name of a file, a descriptor, or a stream or file handle of the system that has one. */
export type RedirectTarget = string | number | object;

export const CONDUITS = ['pipe', 'socketpair', 'inet', 'pty', 'pty-pipe'] as const;
export type Conduit = (typeof CONDUITS)[number];

// biome-ignore lint/suspicious/noExplicitAny: events need no declaration
export interface RunOptions<E = any, R = any, S = any> extends WheelOptions<E>, RunEventNames<E, R, S> {
  /**
   * What to run: a line as for the shell, a program with its arguments, or a function made by {@link childFunction}. A line, or a list of one,
   * that has nothing in it for a shell is started without one.
   */
  program: string | readonly (string | number)[] | ChildFunction;
  /** More arguments; those of a function can be whatever can be copied. */
  programArgs?: readonly unknown[] | undefined;
  /**
   * What the child's streams are. `'pipe'`: pipes. `'socketpair'`, `'inet'`: pairs of sockets. `'pty'`: a terminal in raw mode.
   * `'pty-pipe'`: a terminal, and a pipe for standard error. Default: `'pipe'`.
   */
  conduit?: Conduit | undefined;
  /** Rows and columns of a terminal; two more, its size in pixels, are allowed and ignored. Default: those of our own terminal. */
  winsize?: readonly [rows: number, columns: number, x?: number, y?: number] | undefined;
  /** The filter of standard input and standard output. Default: lines that end in `\n`. */
  stdioFilter?: AnyFilter<R> | undefined;
  /** In place of `stdioFilter`, for each of them. */
  stdinFilter?: AnyFilter | undefined;
  stdoutFilter?: AnyFilter<R> | undefined;
  /** The filter of standard error. Default: lines that end in `\n`. */
  stderrFilter?: AnyFilter<S> | undefined;
  /** The driver of standard input and standard output. Default: a new {@link SysRW}. */
  stdioDriver?: Driver | undefined;
  stdinDriver?: Driver | undefined;
  stdoutDriver?: Driver | undefined;
  stderrDriver?: Driver | undefined;
  /** The child reads this in place of what is put. */
  redirectStdin?: RedirectTarget | undefined;
  /** Takes the child's standard output; a file is emptied first. */
  redirectStdout?: RedirectTarget | undefined;
  /** Takes its standard error. */
  redirectStderr?: RedirectTarget | undefined;
  /** Takes both. */
  redirectOutput?: RedirectTarget | undefined;
  /** The child keeps our own standard input; nothing can be put. */
  noStdin?: boolean | undefined;
  /** Number of the user that the child is to run as. */
  user?: number | undefined;
  /** Number of its group. */
  group?: number | undefined;
  /** What is added to our niceness. Stays as it is where that is not allowed. */
  priority?: number | undefined;
  /** Accepted and without effect: a child here inherits no descriptors. */
  closeOnCall?: boolean | undefined;
  /** Accepted and without effect, as in POE. */
  noSetSid?: boolean | undefined;
  /** The child stays in our process group, so that signals of our terminal reach it. Not with a terminal of its own. */
  noSetPgrp?: boolean | undefined;
  /** What may wait for a child that does not read. Not in POE. */
  limits?: Pick<Partial<PeerLimits>, 'maxQueued'> | undefined;
  /** @deprecated `stdioFilter` and `stderrFilter`. */
  filter?: AnyFilter<R> | undefined;
}

const PARAMETERS: ReadonlySet<string> = new Set([
  'kernel',
  'program',
  'programArgs',
  'stdinEvent',
  'stdoutEvent',
  'stderrEvent',
  'errorEvent',
  'closeEvent',
  'conduit',
  'winsize',
  'filter',
  'stdioFilter',
  'stdinFilter',
  'stdoutFilter',
  'stderrFilter',
  'stdioDriver',
  'stdinDriver',
  'stdoutDriver',
  'stderrDriver',
  'redirectStdin',
  'redirectStdout',
  'redirectStderr',
  'redirectOutput',
  'noStdin',
  'user',
  'group',
  'priority',
  'closeOnCall',
  'noSetSid',
  'noSetPgrp',
  'limits',
]);

/**
 * Options that fit together, less those that cannot be with the others, of which POE warns.
 * @throws PoeUsageError `POE_ERR_WHEEL_PARAMETER`.
 */
export function checkedOptions<O extends RunOptions>(given: O): O {
  const options = { ...parametersOf('Run', given) };
  checkProgram(options);
  checkConduit(options);
  checkRedirections(options);
  checkDeprecatedFilter(options);
  checkFilters('Run', options, ['filter', 'stdioFilter', 'stdinFilter', 'stdoutFilter', 'stderrFilter']);
  checkPeerLimits('Run', options.limits, ['maxQueued']);
  warnUnknown('Run', options, PARAMETERS);
  return options;
}

function refusal(found: string, hint: string): PoeUsageError {
  return new PoeUsageError('POE_ERR_WHEEL_PARAMETER', `Cannot make a Run: ${found}`, { hint });
}

function checkProgram({ program, programArgs = [] }: RunOptions): void {
  if (program === undefined || program === null) throw parameterMissing('Run', 'program');
  if (typeof program === 'function') {
    throw refusal(
      'program is a function, which a child process cannot find',
      'Make it findable, at the top of the module: const work = childFunction(import.meta.url, () => { ... }), then program: work',
    );
  }
  if (!Array.isArray(programArgs))
    throw refusal('programArgs is no array', 'Pass the arguments as a list: programArgs: [1, 2]');
}

function checkConduit(options: RunOptions): void {
  const { conduit = 'pipe', winsize } = options;
  if (!CONDUITS.includes(conduit)) {
    throw refusal(`the conduit '${String(conduit)}' is unknown`, `Known are ${CONDUITS.join(', ')}`);
  }
  if (conduit === 'pty') {
    for (const name of ['stderrEvent', 'stderrFilter'] as const) {
      if (options[name] === undefined) continue;
      warnOfParameter(options.kernel, `ignoring ${name} with pty conduit: standard error comes with standard output`);
      delete options[name];
    }
  }
  if (winsize === undefined) return;
  if (conduit !== 'pty' && conduit !== 'pty-pipe') {
    warnOfParameter(options.kernel, 'Ignoring winsize: it can only be specified for a conduit of type pty');
    delete options.winsize;
  } else if (!Array.isArray(winsize) || (winsize.length !== 2 && winsize.length !== 4)) {
    warnOfParameter(options.kernel, 'Ignoring winsize: it must be an array of rows and columns');
    delete options.winsize;
  }
}

function checkRedirections(options: RunOptions): void {
  const { redirectOutput } = options;
  if (redirectOutput !== undefined)
    Object.assign(options, { redirectStdout: redirectOutput, redirectStderr: redirectOutput });
  const { redirectStdin, redirectStdout, redirectStderr, conduit } = options;
  for (const [stream, redirect, event] of [
    ['stdin', redirectStdin, options.stdinEvent],
    ['stdout', redirectStdout, options.stdoutEvent],
    ['stderr', redirectStderr, options.stderrEvent],
  ] as const) {
    if (redirect === undefined) continue;
    if (event !== undefined) {
      throw refusal(
        `${stream} is redirected and has an event`,
        'Redirect* and *Event of a stream are mutually exclusive',
      );
    }
    if (conduit === 'pty' || conduit === 'pty-pipe') {
      throw refusal(
        `redirection with ${conduit} conduit is unsupported`,
        'Leave the redirections out, or take another conduit',
      );
    }
  }
}

function checkDeprecatedFilter(options: RunOptions): void {
  const { filter, stdioFilter, stderrEvent, stderrFilter } = options;
  if (filter === undefined) return;
  if (stdioFilter !== undefined)
    throw refusal('filter and stdioFilter are both given', 'Leave filter out: it is deprecated');
  if (stderrEvent !== undefined && stderrFilter === undefined) {
    throw refusal('filter is given with a stderrEvent', 'Replace deprecated filter with stdioFilter and stderrFilter');
  }
  warnOfParameter(options.kernel, 'filter is deprecated: take stdioFilter, and stderrFilter for standard error');
}
