import { PoeError, type PoeErrorDetails } from '../../core/index.ts';

/**
 * How far something came: `request`, `check`, `resolve` and `invocation` are the stages of a request, as the side that refuses it
 * names them; the others are told on this side. A peer may name a stage that is not here.
 */
export type IkcStage =
  | 'request'
  | 'check'
  | 'resolve'
  | 'invocation'
  | 'timeout'
  | 'abort'
  | 'disconnect'
  | 'shutdown'
  | (string & {});

export interface IkcErrorDetails extends PoeErrorDetails {
  /** The kernel in question, as the program named it. */
  kernel?: string;
  /** What was called or posted to, as text. */
  specifier?: string;
}

/**
 * Something that went wrong between kernels.
 *
 * @example
 * try {
 *   await time.now('UTC');
 * } catch (error) {
 *   if (error instanceof IkcError && error.stage === 'disconnect') retryLater(error.kernel);
 *   else throw error;
 * }
 */
export class IkcError extends PoeError {
  /** Where, in IKC's words: the stage, and before it `remote-` if the other side says so, as in `remote-check`. */
  readonly operation: string;
  /** How far it came: the operation without `remote-`. */
  readonly stage: IkcStage;
  /** The kernel in question, as the program named it; empty for the default one. */
  readonly kernel: string;
  /** What was called, as text: `poe://Pulse/timeserver/now`. */
  readonly specifier: string;

  constructor(code: string, operation: string, message: string, details: IkcErrorDetails = {}) {
    super(code, message, details);
    this.operation = operation;
    this.stage = operation.replace(/^remote-/, '');
    this.kernel = details.kernel ?? '';
    this.specifier = details.specifier ?? '';
  }
}
