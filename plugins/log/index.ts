import { ikcHooks } from '../../components/ikc/index.ts';
import type { Plugin } from '../../core/index.ts';
import { wheelHooks } from '../../wheels/index.ts';
import { type LogOptions, logSchema } from './options.ts';
import { openSink } from './sink.ts';

export type { LogOptions };

/**
 * The plugin `log`: tells the person or the log collector what goes wrong in a kernel, as one line each.
 *
 * @example
 * applyPlugins(kernel, [[log, { level: 'info', format: 'text' }]]);
 */
export const log: Plugin<LogOptions> = {
  name: 'log',
  schema: logSchema,
  apply(kernel, options) {
    const { level } = options;
    const sink = openSink(options);
    let open = true;
    const { exceptionThrown, warn, sessionStarted, sessionStopped } = kernel.hooks;
    exceptionThrown.tap('log', (error, session, event) => {
      if (open)
        sink.write('error', `${event} threw: ${firstLine(error)}`, {
          session: session.id,
          event,
          stack: stackOf(error),
        });
    });
    if (level !== 'error') {
      // A line here is instead of one on standard error.
      warn.tap({ name: 'log', stage: 100 }, (code, message) => {
        if (!open) return undefined;
        sink.write('warn', message, { code });
        return false;
      });
      wheelHooks(kernel).wheelFailed.tap('log', (wheel, operation, errno, message) => {
        if (!open || errno === 0) return;
        const kind = wheel.constructor.name;
        const details = { session: wheel.session.id, wheel: wheel.id, operation, errno };
        sink.write('warn', `${kind} cannot ${operation}: ${message}`, details);
      });
      ikcHooks(kernel).deadLetter.tap('log', ({ to, text, reason, sender, doubtful }) => {
        if (open) sink.write('warn', `Not delivered: ${to}: ${text}`, { session: sender, to, reason, doubtful });
      });
    }
    if (level === 'info') {
      sessionStarted.tap('log', ({ id }) => {
        if (open) sink.write('info', `session ${id} started`, { session: id });
      });
      sessionStopped.tap('log', ({ id }) => {
        if (open) sink.write('info', `session ${id} stopped`, { session: id });
      });
    }
    return () => {
      open = false;
      sink.close();
    };
  },
};

function firstLine(error: unknown): string {
  return String(error).split('\n', 1)[0] as string;
}

function stackOf(error: unknown): string | undefined {
  return error instanceof Error ? error.stack : undefined;
}
