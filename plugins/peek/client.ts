import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { createInterface, type Interface } from 'node:readline';
import { PoeError } from '../../core/index.ts';
import type { Answers, ProgramRecord, Question } from './answers.ts';
import { checkPrivate, defaultFolder, removeSocket, type SocketFile, socketsIn } from './folder.ts';

/** How long a program may take to answer: one that is busy with a handler answers afterwards. */
const PATIENCE_SECONDS = 5;

export interface PeekClientOptions {
  /** Folder of the sockets. Default: where the plugin puts them. */
  folder?: string | undefined;
  /** Seconds to wait for an answer. Default: 5. */
  timeout?: number | undefined;
}

/**
 * Asks a running program that has the plugin `peek`, over its private socket.
 *
 * @example
 * const client = await PeekClient.connect('server');
 * for (const { text } of await client.ask({ ask: 'why', session: 'logger' })) console.log(text);
 * client.close();
 */
export class PeekClient {
  readonly #socket: Socket;
  readonly #lines: Interface;
  readonly #timeout: number;
  /** The program's process number, and its name. */
  readonly pid: number;
  readonly name: string;

  private constructor(socket: Socket, { pid, name }: SocketFile, timeout: number) {
    this.pid = pid;
    this.name = name;
    this.#socket = socket;
    this.#timeout = timeout;
    this.#lines = createInterface({ input: socket });
    // It passes on what happens to the socket; that it closes is told as well, and enough.
    this.#lines.on('error', () => {});
  }

  /**
   * Connects to a program.
   *
   * @param program - Its process number or its name.
   * @throws PoeError `POE_ERR_PEEK_NOBODY` if nobody of that name answers, or several do.
   */
  static async connect(program: string | number, options: PeekClientOptions = {}): Promise<PeekClient> {
    const wanted = String(program);
    const isMeant = ({ pid, name }: SocketFile): boolean =>
      /^\d+$/.test(wanted) ? pid === Number(wanted) : name === wanted;
    const clients: PeekClient[] = [];
    for (const file of filesIn(options).filter(isMeant)) {
      const client = await PeekClient.#open(file, options);
      if (client !== undefined) clients.push(client);
    }
    const [first, ...others] = clients.length < 2 ? clients : await oneEach(clients);
    for (const client of clients) if (client !== first || others.length > 0) client.close();
    if (first !== undefined && others.length === 0) return first;
    if (first === undefined) {
      throw new PoeError(
        'POE_ERR_PEEK_NOBODY',
        `Cannot look into '${wanted}': no program of that name or number answers`,
        {
          hint: "'poe ls' lists those that answer: programs under 'poe run', and others that have the plugin 'peek'",
        },
      );
    }
    const pids = [first, ...others].map(({ pid }) => pid).join(', ');
    throw new PoeError(
      'POE_ERR_PEEK_NOBODY',
      `Cannot look into '${wanted}': ${others.length + 1} programs are called so`,
      {
        hint: `Give the process number of one: ${pids}`,
      },
    );
  }

  /** The programs that answer, those with the smallest process number first. */
  static async list(options: PeekClientOptions = {}): Promise<ProgramRecord[]> {
    const asked = filesIn(options).map(async (file) => {
      const client = await PeekClient.#open(file, options);
      try {
        return await client?.ask({ ask: 'hello' });
      } catch {
        // It has ended meanwhile, or hangs.
        return undefined;
      } finally {
        client?.close();
      }
    });
    const found = (await Promise.all(asked)).filter((each) => each !== undefined);
    // One kernel may answer in several places.
    return [...new Map(found.map((each) => [each.id, each])).values()].sort((a, b) => a.pid - b.pid);
  }

  static async #open(
    file: SocketFile,
    { timeout = PATIENCE_SECONDS }: PeekClientOptions,
  ): Promise<PeekClient | undefined> {
    const { path } = file;
    const socket = createConnection(path);
    try {
      await once(socket, 'connect', { signal: AbortSignal.timeout(timeout * 1000) });
    } catch (error) {
      socket.destroy();
      // Whoever has made it is gone.
      if ((error as NodeJS.ErrnoException).code === 'ECONNREFUSED') removeSocket(path);
      return undefined;
    }
    socket.on('error', () => {});
    return new PeekClient(socket, file, timeout);
  }

  /**
   * Asks one thing; wait for its answer before asking the next.
   *
   * @throws PoeError with the code that the program has answered with, `POE_ERR_PEEK_REQUEST` for a session that does not exist; or
   * `POE_ERR_PEEK_NOBODY` if no answer comes.
   */
  async ask<Q extends keyof Answers>(question: Question<Q>): Promise<Answers[Q]> {
    const answered = this.#nextLine();
    this.#socket.write(`${JSON.stringify(question)}\n`);
    const answer = JSON.parse(await answered);
    if (answer.ok) return answer.value;
    throw new PoeError(answer.code, answer.message, answer.hint === undefined ? {} : { hint: answer.hint });
  }

  #nextLine(): Promise<string> {
    return new Promise((resolve, reject) => {
      const settle = (line?: string): void => {
        clearTimeout(timer);
        this.#lines.off('line', settle);
        this.#lines.off('close', ended);
        if (line !== undefined) resolve(line);
      };
      const fail = (why: string): void => {
        settle();
        reject(new PoeError('POE_ERR_PEEK_NOBODY', `Cannot look into the program: ${why}`));
      };
      const ended = (): void => fail('it has closed the connection');
      const timer = setTimeout(() => fail(`it has not answered for ${this.#timeout} s`), this.#timeout * 1000);
      this.#lines.on('line', settle);
      this.#lines.on('close', ended);
      if (this.#socket.destroyed) ended();
    });
  }

  close(): void {
    this.#lines.close();
    this.#socket.destroy();
  }
}

/**
 * Of those that are meant, one for each program: of a program that runs in several processes its parent, and neither its children nor
 * one that ends as another has taken over. A process may answer for one kernel in several places. One that does not answer may be
 * anything, unless a parent says that it is a child of its own: a stopped one, for instance.
 */
async function oneEach(clients: readonly PeekClient[]): Promise<PeekClient[]> {
  const hellos = clients.map((client) => client.ask({ ask: 'hello' }).catch(() => undefined));
  const families = clients.map(async (client, at): Promise<readonly number[]> => {
    return (await hellos[at])?.role === 'parent' ? childrenOf(client) : [];
  });
  const asked = clients.map(async (client, at) => {
    const isChild = families.map(async (family) => ((await family).includes(client.pid) ? CHILD : NEVER));
    const hello = await Promise.race([hellos[at], ...isChild]);
    // Whoever gets this client asks the next question.
    if (hello?.role === 'parent') await families[at];
    return { client, role: hello?.role, key: hello?.id ?? client };
  });
  const found = await Promise.all(asked);
  const heads = found.filter(({ role }) => role !== 'child' && role !== 'ending');
  return [...new Map((heads.length > 0 ? heads : found).map(({ key, client }) => [key, client])).values()];
}

/** A child that its parent answers for. */
const CHILD = { role: 'child', id: undefined } as const;
const NEVER = new Promise<never>(() => {});

async function childrenOf(parent: PeekClient): Promise<readonly number[]> {
  const family = await parent.ask({ ask: 'family' }).catch(() => null);
  return family?.children.map(({ pid }) => pid) ?? [];
}

/** What may be asked. A folder that others can write to may hold anything: nobody is asked there. */
function filesIn({ folder = defaultFolder() }: PeekClientOptions): SocketFile[] {
  if (!existsSync(folder)) return [];
  checkPrivate(folder);
  return socketsIn(folder);
}
