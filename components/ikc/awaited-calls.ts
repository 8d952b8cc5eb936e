import type { KernelView } from '../../core/index.ts';
import { IkcError } from './errors.ts';
import type { Link } from './link.ts';
import { IKC_SESSION, type WireMessage } from './message.ts';
import { isTrue } from './perl.ts';
import type { Receipts } from './receipts.ts';
import { parseSpecifier, type SpecifierLike, specifierName } from './specifier.ts';

/** How an awaited call waits. */
export interface CallOptions {
  /** Seconds until it gives up. Default 30. */
  timeout?: number;
  /** Calls in list context: the answer is the array of all values, and undef is answered as well. */
  list?: boolean;
}

const DEFAULT_SECONDS = 30;

/** What awaited calls need from the responder. */
export interface AwaitedCallContext {
  readonly kernel: KernelView;
  readonly receipts: Receipts;
  /** Sends a message. Returns the links that it went over. */
  send(message: WireMessage): readonly Link[];
  /** Carries something out behind what has been posted before: now, if nothing has been. */
  inTurn(act: () => void): void;
}

interface Waiting {
  readonly links: Set<Link>;
  readonly fail: (error: IkcError) => void;
}

/** Calls of events in other kernels whose answers are awaited as promises. */
export class AwaitedCalls {
  readonly #context: AwaitedCallContext;
  /** By the name of the event that the answer comes to. */
  readonly #waiting = new Map<string, Waiting>();
  #down = false;

  constructor(context: AwaitedCallContext) {
    this.#context = context;
  }

  /** Calls. The promise rejects with an {@link IkcError}; what cannot be sent rejects it with its own error. */
  call(to: SpecifierLike, params: unknown, options: CallOptions = {}): Promise<unknown> {
    const { kernel, receipts, send, inTurn } = this.#context;
    if (this.#down) return Promise.reject(shutDown());
    const seconds = options.timeout ?? DEFAULT_SECONDS;
    return new Promise((resolve, reject) => {
      const state = receipts.expect('call', seconds, (value) => {
        if (value === undefined) {
          refuse('timeout', `no answer within ${seconds} s; a handler that returns undef gives none`);
          return;
        }
        this.#waiting.delete(state);
        resolve(value);
      });
      const waiting: Waiting = {
        links: new Set(),
        fail: (error) => {
          this.#waiting.delete(state);
          receipts.forget(state);
          reject(error);
        },
      };
      const refuse = (operation: string, why: string): void => waiting.fail(cannotCall(to, operation, why));
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
          });
          for (const link of links) waiting.links.add(link);
          if (links.length === 0) {
            refuse('resolve', 'it was sent to no kernel; is the name right, and is it connected?');
          }
        } catch (error) {
          waiting.fail(error as IkcError);
        }
      });
    });
  }

  /** An error of the other side. False if it belongs to no call that is awaited. */
  refused(text: string, stage: unknown): boolean {
    const state = / sent by poe:\/\/[^/]*\/(IKC:\d+ call)$/.exec(text)?.[1];
    const waiting = state === undefined ? undefined : this.#waiting.get(state);
    if (waiting === undefined) return false;
    waiting.fail(new IkcError('POE_ERR_IKC_CALL', isTrue(stage) ? `remote-${String(stage)}` : 'remote', text));
    return true;
  }

  /** A connection has gone, and with it the answers that were to come over it. */
  lost(link: Link): void {
    for (const { links, fail } of [...this.#waiting.values()]) {
      if (!links.delete(link) || links.size > 0) continue;
      fail(
        new IkcError('POE_ERR_IKC_CALL', 'disconnect', `Cannot wait for an answer: ${link.realName} has gone`, {
          hint: 'It may or may not have done what it was asked',
        }),
      );
    }
  }

  /** Nothing can come any more, and nothing is sent. */
  shutdown(): void {
    this.#down = true;
    for (const { fail } of [...this.#waiting.values()]) fail(shutDown());
  }
}

function shutDown(): IkcError {
  return new IkcError('POE_ERR_IKC_CALL', 'shutdown', 'Cannot wait for an answer: IKC has been shut down');
}

function cannotCall(to: SpecifierLike, operation: string, why: string): IkcError {
  return new IkcError('POE_ERR_IKC_CALL', operation, `Cannot call ${specifierName(parseSpecifier(to) ?? '')}: ${why}`);
}
