import { setTimeout as sleep } from 'node:timers/promises';
import type { PreforkedProgram } from '../helpers/preforked/preforked.ts';
import { Journal } from './journal.ts';

/** How many connections there are at any time, and what each asks before it makes room for the next. */
const CLIENTS = 8;
const REQUESTS = 5;
/** Between two connections of a client, in ms: the machine has other things to do. */
const REST_MS = 2;

/** A steady load: clients that connect, ask a few times, and leave; over and over. */
export class Load {
  readonly journal = new Journal();
  readonly #program: PreforkedProgram;
  readonly #clients: Promise<void>[];
  #goesOn = true;

  constructor(program: PreforkedProgram) {
    this.#program = program;
    this.#clients = Array.from({ length: CLIENTS }, () => this.#client());
  }

  async #client(): Promise<void> {
    while (this.#goesOn) {
      await this.#connection();
      await sleep(REST_MS);
    }
  }

  async #connection(): Promise<void> {
    const { journal } = this;
    const client = this.#program.connect();
    try {
      await client.connected;
    } catch (error) {
      journal.refused.push((error as NodeJS.ErrnoException).code ?? String(error));
      return;
    }
    let pid: number | undefined;
    for (let n = 0; n < REQUESTS; n++) {
      const request = journal.send(pid);
      try {
        const answer = await client.ask(String(request.id));
        if (answer.line !== String(request.id)) throw new Error('the answer of another request');
        pid = answer.pid;
        request.pid = pid;
        journal.end(request, 'answered');
      } catch {
        journal.end(request, 'failed');
        break;
      }
    }
    client.end();
  }

  /** Ends it: what was asked has so many seconds to be answered. */
  async stop(seconds = 10): Promise<Journal> {
    this.#goesOn = false;
    await Promise.race([Promise.all(this.#clients), sleep(seconds * 1000, undefined, { ref: false })]);
    return this.journal;
  }
}
