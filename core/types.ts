import type { HandlerContext } from './context.ts';
import type { KernelSession } from './kernel-session.ts';
import type { Session } from './session.ts';

/** Number of a session: 1, 2, 3 and so on, never used twice. The kernel's is a text. */
export type SessionId = number | string;

/** Anything that events can be sent to and from: a session or the kernel itself. */
export type SessionLike = Session | KernelSession;

/** A handler: the context first, then what Perl has in ARG0 and on. */
// biome-ignore lint/suspicious/noExplicitAny: arguments are loose until a session declares its events
export type Handler<H = any, A extends readonly unknown[] = any[], E = any> = (
  context: HandlerContext<H, E>,
  ...args: A
) => unknown;

// What filters and drivers may know of the core: types, no kernel.
export type { SystemError } from './errno.ts';
export type { Port } from './host/handles.ts';
