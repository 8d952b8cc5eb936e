/** What was asked of a program under faults, and what came of it. */

/** How a request ended: answered, or its caller was told that it was not. */
export type Outcome = 'answered' | 'failed';

export interface Request {
  readonly id: number;
  /** When it was sent, in ms. */
  readonly sent: number;
  /** The process at the other end, once it is known. */
  pid: number | undefined;
  outcome: Outcome | undefined;
  /** When that was known, in ms. */
  ended: number | undefined;
}

/** A fault: when it happened, and to which process. */
export interface Fault {
  readonly at: number;
  readonly pid: number;
}

/** How long after the death of a process its connections may still break, in ms. */
const AFTERMATH_MS = 2000;

export class Journal {
  readonly requests: Request[] = [];
  /** Connections that were refused, with their errors. */
  readonly refused: string[] = [];
  readonly faults: Fault[] = [];

  send(pid: number | undefined): Request {
    const request: Request = {
      id: this.requests.length + 1,
      sent: Date.now(),
      pid,
      outcome: undefined,
      ended: undefined,
    };
    this.requests.push(request);
    return request;
  }

  end(request: Request, outcome: Outcome): void {
    request.outcome = outcome;
    request.ended = Date.now();
  }

  get answered(): number {
    return this.requests.filter(({ outcome }) => outcome === 'answered').length;
  }

  get failed(): Request[] {
    return this.requests.filter(({ outcome }) => outcome === 'failed');
  }

  /** Requests of which their caller never heard again. */
  get silent(): Request[] {
    return this.requests.filter(({ outcome }) => outcome === undefined);
  }

  /** Failed requests that no fault explains: they were not inside a process that was killed. */
  get unexplained(): Request[] {
    return this.failed.filter(
      ({ pid, ended = 0 }) =>
        !this.faults.some((fault) =>
          // The process is not known before the first answer.
          pid === undefined ? ended >= fault.at && ended - fault.at < AFTERMATH_MS : fault.pid === pid,
        ),
    );
  }

  /** The longest that an answer took, in seconds. */
  get slowest(): number {
    return Math.max(0, ...this.requests.map(({ sent, ended = sent }) => ended - sent)) / 1000;
  }
}
