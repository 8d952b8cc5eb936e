import { closeSync, openSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { PoeUsageError } from '../../core/index.ts';
import type { LogOptions } from './options.ts';

type Level = LogOptions['level'];
type Details = Readonly<Record<string, unknown>>;

/** Where lines go. */
export interface Sink {
  write(level: Level, message: string, details: Details): void;
  close(): void;
}

/** The part of pino that is used. */
type Logger = Record<Level, (details: Details, message: string) => void>;

/**
 * Opens what lines are written to.
 *
 * @throws PoeUsageError `POE_ERR_LOG_FILE`, `POE_ERR_LOG_PINO`.
 */
export function openSink({ format, file, level }: LogOptions): Sink {
  if (format === 'pino') return pinoSink(file, level);
  const line = format === 'json' ? jsonLine : textLine;
  const fd = file === undefined ? 2 : openLog(file);
  let lost = 0;
  const append = (level: Level, message: string, details: Details): boolean => {
    try {
      writeSync(fd, line(level, message, details));
      return true;
    } catch {
      // A full disk, or a pipe nobody empties, is no reason to stand still.
      return false;
    }
  };
  return {
    write(level, message, details) {
      if (lost > 0 && append('error', `${lost} lines were lost`, { lost })) lost = 0;
      if (!append(level, message, details)) lost++;
    },
    close() {
      if (fd !== 2) closeSync(fd);
    },
  };
}

function jsonLine(level: Level, message: string, details: Details): string {
  return `${JSON.stringify({ time: new Date().toISOString(), level, pid: process.pid, message, ...details })}\n`;
}

/** One line, whatever a peer may have sent of it. The stack of an error stays out. */
function textLine(level: Level, message: string, { code }: Details): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what must not come through
  const text = message.replace(/[\x00-\x1f\x7f-\x9f]/g, ' ');
  return `${new Date().toISOString()} ${level.padEnd(5)} ${text}${code === undefined ? '' : ` (${String(code)})`}\n`;
}

function openLog(file: string): number {
  try {
    return openSync(file, 'a', 0o640);
  } catch (error) {
    throw new PoeUsageError('POE_ERR_LOG_FILE', `Cannot log to ${file}: ${(error as Error).message}`, {
      hint: 'Its folder has to be there, and the process may write to it',
      cause: error,
    });
  }
}

function pinoSink(file: string | undefined, level: Level): Sink {
  let logger: Logger;
  try {
    const pino = createRequire(join(process.cwd(), 'poe.config.js'))('pino') as {
      (options: object, destination?: unknown): Logger;
      destination(options: object): unknown;
    };
    logger = pino({ name: 'poe', level }, pino.destination({ dest: file ?? 2, sync: true }));
  } catch (error) {
    throw new PoeUsageError(
      'POE_ERR_LOG_PINO',
      `Cannot log through pino: ${(error as Error).message.split('\n', 1)[0]}`,
      {
        hint: 'Install it with `npm install pino`, or take another format',
        cause: error,
      },
    );
  }
  return { write: (level, message, details) => logger[level](details, message), close() {} };
}
