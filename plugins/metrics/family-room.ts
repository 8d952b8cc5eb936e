import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Family } from './exposition.ts';

/** The variable by which children learn where their sockets are to be. */
const VARIABLE = 'POE_CHILDREN_METRICS';

/** A child that does not answer in time is left out: it may be blocked, which is what the babysitter is for. */
const ANSWER_MS = 1000;
const MOST_OCTETS = 4 * 1024 * 1024;

/** Where the children of a preforked program answer their parent: a folder of sockets that only this user can enter. */
export class FamilyRoom {
  /** Where this process is to answer if it turns out to be a child. */
  readonly place: string | undefined;
  readonly #inherited: string | undefined;
  readonly #folder = join(tmpdir(), `poe-metrics-${process.pid}-${randomBytes(8).toString('hex')}`);
  #isMade = false;

  /** Names the folder to the children that are started from now on, whether there will be any or not. */
  constructor() {
    this.#inherited = process.env[VARIABLE];
    this.place = this.#inherited && socketOf(this.#inherited, process.pid);
    process.env[VARIABLE] = this.#folder;
  }

  /** Makes the folder: this process is a parent. */
  make(): void {
    mkdirSync(this.#folder, { mode: 0o700 });
    this.#isMade = true;
    process.once('exit', this.#remove);
  }

  /** Asks children for their metrics. Those that do not answer are left out. */
  async ask(pids: readonly number[]): Promise<[pid: number, families: readonly Family[]][]> {
    return Promise.all(pids.map(async (pid) => [pid, await askChild(this.#folder, pid)]));
  }

  close(): void {
    if (this.#inherited === undefined) delete process.env[VARIABLE];
    else process.env[VARIABLE] = this.#inherited;
    process.off('exit', this.#remove);
    if (this.#isMade) this.#remove();
  }

  readonly #remove = (): void => rmSync(this.#folder, { recursive: true, force: true });
}

function socketOf(folder: string, pid: number): string {
  return join(folder, `${pid}.sock`);
}

/** Resolves to none if the child does not answer. */
function askChild(folder: string, pid: number): Promise<readonly Family[]> {
  return new Promise((resolve) => {
    const asking = request(
      { socketPath: socketOf(folder, pid), path: '/families', timeout: ANSWER_MS, agent: false },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
          if (text.length > MOST_OCTETS) asking.destroy();
        });
        response.on('close', () => resolve(parse(response.complete ? text : '')));
      },
    );
    asking.on('timeout', () => asking.destroy());
    asking.on('error', () => resolve([]));
    asking.end();
  });
}

function parse(text: string): readonly Family[] {
  try {
    return JSON.parse(text) as Family[];
  } catch {
    return [];
  }
}
