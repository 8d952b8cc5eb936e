import { PoeError, type PoeErrorDetails } from '../../core/index.ts';

/** Something that went wrong between kernels. `operation` says where, in IKC's words: `remote-check`, `resolve`, `timeout` ... */
export class IkcError extends PoeError {
  readonly operation: string;

  constructor(code: string, operation: string, message: string, details?: PoeErrorDetails) {
    super(code, message, details);
    this.operation = operation;
  }
}
