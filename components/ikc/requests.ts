import { type KernelView, type List, type Session, toList, toScalar } from '../../core/index.ts';
import { ToldRequest } from './call-info.ts';
import type { IkcHooks } from './hooks.ts';
import type { Link } from './link.ts';
import {
  ERROR_STATE,
  type ErrorStage,
  IKC_SESSION,
  type IkcMessage,
  PROXY_STATE,
  type WireMessage,
} from './message.ts';
import type { Publications } from './publications.ts';
import type { Receipts } from './receipts.ts';
import { parseSpecifier, type Specifier, specifierName } from './specifier.ts';
import type { Thunks } from './thunks.ts';

/** What the handling of requests needs from the responder. */
export interface RequestContext {
  readonly kernel: KernelView;
  readonly publications: Publications;
  readonly thunks: Thunks;
  readonly receipts: Receipts;
  readonly hooks: IkcHooks;
  /** Sends a message; to `link` if the kernel it names is that link's. */
  send(message: WireMessage, sender: Session | undefined, link: Link): void;
  /** Tells the monitors of this side of an error. */
  localError(text: string, kernel: string | null, stage: ErrorStage): void;
}

/** An error of one stage, as it is told to the other side. */
class StageError {
  readonly stage: ErrorStage;
  readonly cause: unknown;
  constructor(stage: ErrorStage, cause: unknown) {
    this.stage = stage;
    this.cause = cause;
  }
}

/** Carries out a request of another kernel, or of the own one, through the stages request, check, resolve and invocation. */
export function handleRequest(context: RequestContext, request: IkcMessage, link: Link): void {
  const { event } = request;
  // A request is read anew each time, so what is changed in it here nobody else sees.
  const to: Specifier = event ?? { kernel: '', session: '', state: '' };
  // As it was written; undef where the specifier could not be read.
  const kernelName = event === undefined ? null : to.kernel;
  const refuse = (stage: ErrorStage, cause: unknown): void => {
    let text = `${errorText(cause)}.  Request ${specifierName(to)}`;
    if (request.from !== undefined) text += ` sent by ${specifierName(parseSpecifier(request.from) ?? '')}`;
    context.localError(text, kernelName, stage);
    if (request.isError) return;
    const event = { kernel: link.realName, session: IKC_SESSION, state: ERROR_STATE };
    const tell = (about: string): unknown => link.send({ event, params: [about, kernelName, stage], is_error: 1 });
    try {
      tell(text);
    } catch {
      // The serializer of this connection carries octets only.
      tell(escapeWide(text));
    }
  };

  let told: ToldRequest | undefined;
  const fail = (error: unknown): void => {
    told?.ended(error instanceof StageError ? error.cause : error);
    if (error instanceof StageError) refuse(error.stage, error.cause);
    else refuse('invocation', error);
  };
  const succeed = (value: unknown): void => {
    try {
      answer(context, request, to, value, link);
    } catch (error) {
      // The value cannot be frozen.
      fail(error);
      return;
    }
    told?.ended(undefined);
  };

  try {
    const args = readArguments(request, to);
    checkPermission(context, request, to);
    if ('args' in to) args.push(to.args);
    if (to.session === IKC_SESSION) {
      // A value is taken by who waits for it.
      if (context.receipts.take(to.state, args[0])) return;
    } else {
      told = ToldRequest.start(context.hooks, request, to, link);
    }
    const value =
      told === undefined
        ? invoke(context, request, to, args, link)
        : told.run(() => invoke(context, request, to, args, link));
    if (value instanceof Promise) value.then(succeed, fail);
    else succeed(value);
  } catch (error) {
    fail(error);
  }
}

/** The arguments of the event. Those of a proxied one are in `params`, behind its name, which goes into `to`. */
function readArguments(request: IkcMessage, to: Specifier): unknown[] {
  const { params } = request;
  if (to.state !== PROXY_STATE) return [params];
  // POE: Perl takes undef for an empty array here.
  if (params !== null && !Array.isArray(params)) throw new StageError('request', noArray(params));
  const [state, args] = (params ?? []) as unknown[];
  to.state = typeof state === 'string' || typeof state === 'number' ? String(state) : '';
  // POE: checked only once it is known whether the event may be reached at all.
  return Array.isArray(args) ? [...(args as unknown[])] : [new BadArguments(args)];
}

/** What stood where the list of arguments should be. */
class BadArguments {
  readonly found: unknown;
  constructor(found: unknown) {
    this.found = found;
  }
}

/** What Perl says of a value that is taken for an array. */
function noArray(found: unknown): string {
  if (found === null || found === undefined) return "Can't use an undefined value as an ARRAY reference";
  if (typeof found === 'object') return 'Not an ARRAY reference';
  const text = String(found);
  return `Can't use string ("${text.slice(0, 32)}"${text.length > 32 ? '...' : ''}) as an ARRAY ref while "strict refs" in use`;
}

function checkPermission({ publications, receipts }: RequestContext, request: IkcMessage, to: Specifier): void {
  if (publications.useUp(to.session, to.state)) return;
  if (to.session === IKC_SESSION && receipts.isGivenUp(to.state)) return;
  if (!publications.knows(to.session)) {
    throw new StageError('check', `Session '${to.session}' is not available for remote kernels`);
  }
  if (!publications.has(to.session, to.state)) {
    throw new StageError('check', `Session '${to.session}' has not published state '${to.state}'`);
  }
  if (request.event === undefined) throw new StageError('check', 'No specifier');
}

function invoke(context: RequestContext, request: IkcMessage, to: Specifier, args: unknown[], link: Link): unknown {
  const session = context.kernel.aliasResolve(to.session);
  if (session === undefined) throw new StageError('resolve', `Unknown session '${to.session}'`);
  if (args[0] instanceof BadArguments) throw new StageError('invocation', noArray(args[0].found));
  const list = request.rsvp !== undefined && request.wantarray;
  return context.thunks.call(request.from, link, session as Session, to.state, args, list);
}

/** Sends the value back, if the request wants it and there is one: undef is no answer in scalar context. */
function answer(context: RequestContext, request: IkcMessage, to: Specifier, value: unknown, link: Link): void {
  if (request.rsvp === undefined) return;
  let params: unknown;
  if (request.wantarray) {
    const values = toList(value);
    if (values.length === 0) return;
    params = values;
  } else {
    params = toScalar(value as List | unknown);
    if (params === undefined || params === null) return;
  }
  const sender = context.kernel.aliasResolve(to.session);
  context.send({ event: request.rsvp, params }, sender as Session | undefined, link);
}

/** A text as Perl would write it in a program: characters beyond octets as `\x{20ac}`. */
function escapeWide(text: string): string {
  return text.replace(/[^\0-\xff]/gu, (character) => `\\x{${character.codePointAt(0)?.toString(16)}}`);
}

function errorText(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  return text.replace(/\n$/, '');
}
