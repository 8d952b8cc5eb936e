import { EventEmitter } from 'node:events';
import { inspect } from 'node:util';
import { ARGC_MANY } from '../event.ts';
import { KernelView } from '../kernel-view.ts';
import { handleName } from '../peek/handle-name.ts';
import { sessionName } from '../peek/session-name.ts';
import { SessionNode } from '../session-node.ts';
import type { SessionLike } from '../types.ts';

/** How much of a value is shown, in characters. */
const LENGTH = 120;

/** A session as lines of a trace name it: `session 4 (logger)`, or `the kernel`. */
export function nameOf(session: SessionNode): string {
  if (session === session._engine.kernelSession) return 'the kernel';
  return sessionName(session as SessionLike);
}

/** A value on one line and of bounded length; sessions by their names. */
export function shown(value: unknown): string {
  if (value instanceof SessionNode) return nameOf(value);
  if (value instanceof KernelView) return 'the kernel';
  // Streams and sockets have too much inside.
  if (value instanceof EventEmitter) return handleName(value);
  if (value instanceof Error) return bounded(String(value));
  return bounded(inspect(value, { depth: 1, breakLength: Number.POSITIVE_INFINITY, maxArrayLength: 8 }));
}

function bounded(text: string): string {
  const line = text.replace(/\s*\n\s*/g, ' ');
  return line.length <= LENGTH ? line : `${line.slice(0, LENGTH)}...`;
}

/** The arguments of an event, as they lie in the queue. */
export function argumentsOf(argc: number, arg0: unknown, arg1: unknown, arg2: unknown): readonly unknown[] {
  if (argc >= ARGC_MANY) return arg0 as readonly unknown[];
  return [arg0, arg1, arg2].slice(0, Math.max(argc, 0));
}

/** Arguments behind a name: `: 1, 'a'`, or nothing. */
export function withArguments(values: readonly unknown[]): string {
  return values.length === 0 ? '' : `: ${values.map(shown).join(', ')}`;
}
