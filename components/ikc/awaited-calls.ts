import { type KernelView, PoeUsageError } from '../../core/index.ts';
import { Aborts } from './aborts.ts';
import { ToldCall } from './call-info.ts';
import { IkcError, type IkcErrorDetails } from './errors.ts';
import type { IkcHooks } from './hooks.ts';
import type { Link } from './link.ts';
import { IKC_SESSION, type WireMessage } from './message.ts';
import { isTrue } from './perl.ts';
import type { Receipts } from './receipts.ts';
import { parseSpecifier, type SpecifierLike, specifierName } from './specifier.ts';

/** How an awaited call waits. */
export interface CallOptions {
  /** Seconds until it gives up. Default 30. */
  timeout?: number | undefined;
  /** Gives up when it is aborted. What the other side does goes on; its answer is dropped. */
  signal?: AbortSignal | undefined;
  /** Calls in list context: the answer is the array of all values, and `null` is answered as well. */
  list?: boolean | undefined;
}

const DEFAULT_SECONDS = 30;

/** What awaited calls need from the responder. */
export interface AwaitedCallContext {
  readonly kernel: KernelView;
  readonly receipts: Receipts;
  readonly hooks: IkcHooks;
  /** Sends a message. Returns the links that it went over. */
  send(message: WireMessage): readonly Link[];
  /** Whether a kernel is known that cannot be reached just now: the link to it is to come back. */
  isAway(kernelName: string): boolean;
  /** Carries something out behind what has been posted before: now, if nothing has been. */
  inTurn(act: () => void): void;
}

interface Waiting {
  readonly to: SpecifierLike;
  readonly links: Set<Link>;
  readonly fail: (error: Error) => void;
}

/** Calls of events in other kernels whose answers are awaited as promises. */
export class AwaitedCalls {
  readonly #context: AwaitedCallContext;
  /** By the name of the event that the answer comes to. */
  readonly #waiting = new Map<string, Waiting>();
  readonly #aborts = new Aborts();
  #down = false;

  constructor(context: AwaitedCallContext) {
    this.#context = context;
  }

  /** Calls. The promise rejects with an {@link IkcError}; what cannot be sent rejects it with its own error. */
  call(to: SpecifierLike, params: unknown, options: CallOptions = {}): Promise<unknown> {
    const { kernel, receipts, hooks, send, inTurn } = this.#context;
    const { timeout: seconds = DEFAULT_SECONDS, signal } = options;
    if (!(seconds > 0 && seconds < Number.POSITIVE_INFINITY)) return Promise.reject(badTimeout(seconds));
    if (this.#down) return Promise.reject(shutDown(to));
    if (signal?.aborted) return Promise.reject(aborted(to, signal));
    const told = ToldCall.start(hooks, to);
    return new Promise((resolve, reject) => {
      const state = receipts.expect('call', seconds, (value) => {
        if (value === undefined) {
          refuse('timeout', `no answer within ${seconds} s; a handler that returns undef gives none`);
          return;
        }
        this.#waiting.delete(state);
        if (signal !== undefined) this.#aborts.remove(signal, abort);
        told?.ended(undefined);
        resolve(value);
      });
      const waiting: Waiting = {
        to,
        links: new Set(),
        fail: (error) => {
          this.#waiting.delete(state);
          if (signal !== undefined) this.#aborts.remove(signal, abort);
          receipts.forget(state);
          told?.ended(error);
          reject(error);
        },
      };
      const abort = (): void => waiting.fail(aborted(to, signal as AbortSignal));
      const refuse = (operation: string, why: string): void => waiting.fail(cannotCall(to, operation, why));
      if (signal !== undefined) this.#aborts.add(signal, abort);
      this.#waiting.set(state, waiting);
      const own = { kernel: kernel.id, session: IKC_SESSION };
      inTurn(() => {
        if (!this.#waiting.has(state)) return;
        try {
          const links = send({
            event: to,
            params: params ?? null,
            rsvp: { ...own, state },
            // What refuses the call names its sender: the session part tells which call it was.
            from: { kernel: own.kernel, session: state },
            ...(options.list === true ? { wantarray: '1' as const } : {}),
            ...(told?.headers === undefined ? {} : { headers: told.headers }),
          });
          for (const link of links) waiting.links.add(link);
          if (links.length > 0) return;
          if (this.#context.isAway(detailsOf(to).kernel)) refuse('disconnect', 'the link to that kernel is down');
          else refuse('resolve', 'it was sent to no kernel; is the name right, and is it connected?');
        } catch (error) {
          waiting.fail(error as Error);
        }
      });
    });
  }

  /** A call could not be sent after all. */
  failed(state: string, error: Error): void {
    this.#waiting.get(state)?.fail(error);
  }

  /** What waited for a link has gone over another one in its place. */
  moved(from: Link, to: Link): void {
    for (const { links } of this.#waiting.values()) if (links.delete(from)) links.add(to);
  }

  /** An error of the other side. False if it belongs to no call that is awaited. */
  refused(text: string, stage: unknown): boolean {
    const state = / sent by poe:\/\/[^/]*\/(IKC:\d+ call)$/.exec(text)?.[1];
    const waiting = state === undefined ? undefined : this.#waiting.get(state);
    if (waiting === undefined) return false;
    const operation = isTrue(stage) ? `remote-${String(stage)}` : 'remote';
    waiting.fail(new IkcError('POE_ERR_IKC_CALL', operation, text, detailsOf(waiting.to)));
    return true;
  }

  /** A connection has gone, and with it the answers that were to come over it. */
  lost(link: Link): void {
    for (const { to, links, fail } of [...this.#waiting.values()]) {
      if (!links.delete(link) || links.size > 0) continue;
      fail(
        new IkcError('POE_ERR_IKC_CALL', 'disconnect', `Cannot wait for an answer: ${link.realName} has gone`, {
          ...detailsOf(to),
          hint: 'It may or may not have done what it was asked',
        }),
      );
    }
  }

  /** Nothing can come any more, and nothing is sent. */
  shutdown(): void {
    this.#down = true;
    for (const { to, fail } of [...this.#waiting.values()]) fail(shutDown(to));
  }
}

function shutDown(to: SpecifierLike): IkcError {
  return new IkcError(
    'POE_ERR_IKC_CALL',
    'shutdown',
    'Cannot wait for an answer: IKC has been shut down',
    detailsOf(to),
  );
}

function aborted(to: SpecifierLike, signal: AbortSignal): IkcError {
  return cannotCall(to, 'abort', 'it was aborted', { cause: signal.reason });
}

function cannotCall(to: SpecifierLike, operation: string, why: string, details: IkcErrorDetails = {}): IkcError {
  const known = detailsOf(to);
  return new IkcError('POE_ERR_IKC_CALL', operation, `Cannot call ${known.specifier}: ${why}`, {
    ...details,
    ...known,
  });
}

function badTimeout(seconds: number): PoeUsageError {
  return new PoeUsageError('POE_ERR_IKC_PARAMETER', `Cannot call: the time limit is ${String(seconds)}`, {
    hint: 'Pass seconds, above 0 and finite',
  });
}

/** What an error tells of the call that it belongs to. */
function detailsOf(to: SpecifierLike): { kernel: string; specifier: string } {
  const parts = parseSpecifier(to);
  return { kernel: parts?.kernel ?? '', specifier: parts === undefined ? String(to) : specifierName(parts) };
}
