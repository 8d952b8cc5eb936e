import { kernel as defaultKernel, type Kernel, Session } from 'poe-kernel';
import { Run, type RunOptions } from 'poe-kernel/wheels';

type Loose = any;

/** What a child has said and how it ended. */
export interface ChildLog {
  readonly out: Loose[];
  readonly err: Loose[];
  /** Events of errors: operation, errno and stream; without ends of streams. */
  readonly errors: string[];
  /** Names of the events in the order in which they came, each once in a row. */
  readonly order: string[];
  /** The wait status. */
  status: number;
}

type Step = (wheel: Run<any, any, any>, record: Loose, log: ChildLog) => unknown;

/** What to do with the wheel, at the start and at its events. */
export interface Steps {
  started?: Step;
  out?: Step;
  err?: Step;
  flushed?: Step;
  error?: Step;
  closed?: Step;
  ended?: Step;
}

/**
 * Runs a child until its streams have closed and its end has been told, or only the latter if it has no events, and gives back what came. Options given as
 * undefined take events away.
 */
export async function runChild(
  options: RunOptions,
  steps: Steps = {},
  kernel: Kernel = defaultKernel,
): Promise<ChildLog> {
  const log: ChildLog = { out: [], err: [], errors: [], order: [], status: -1 };
  const note = (event: string): void => {
    if (log.order.at(-1) !== event) log.order.push(event);
  };
  let wheel: Run<any, any, any>;
  let waits = 2;
  const done = (): void => {
    if (--waits === 0) wheel.destroy();
  };
  Session.create({
    kernel,
    inlineStates: {
      _start({ kernel }) {
        const events = {
          stdoutEvent: 'out',
          stderrEvent: 'err',
          stdinEvent: 'flushed',
          errorEvent: 'error',
          closeEvent: 'closed',
        };
        wheel = new Run({ kernel, ...events, ...options });
        if (options.stdoutEvent === undefined && 'stdoutEvent' in options && 'stderrEvent' in options) waits = 1;
        kernel.sigChild(wheel.pid, 'ended');
        steps.started?.(wheel, undefined, log);
      },
      out(_, record) {
        note('out');
        log.out.push(record);
        steps.out?.(wheel, record, log);
      },
      err(_, record) {
        note('err');
        log.err.push(record);
        steps.err?.(wheel, record, log);
      },
      flushed() {
        note('flushed');
        steps.flushed?.(wheel, undefined, log);
      },
      error(_, operation, errno, message, _id, stream) {
        note(errno === 0 ? `end of ${stream}` : `error of ${stream}`);
        if (errno !== 0) log.errors.push(`${operation} ${stream}: ${message}`);
        steps.error?.(wheel, errno, log);
      },
      closed() {
        note('closed');
        steps.closed?.(wheel, undefined, log);
        done();
      },
      ended(_, _signal, _pid, status) {
        log.status = status;
        steps.ended?.(wheel, undefined, log);
        done();
      },
    },
  });
  await kernel.run();
  return log;
}

/** The exit code, or the signal, as text. */
export function ending({ status }: ChildLog): string {
  return status & 127 ? `signal ${status & 127}` : `exit ${status >> 8}`;
}
