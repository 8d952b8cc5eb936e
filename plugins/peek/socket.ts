import { chmodSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { debugFor, type KernelView, PoeError, warn } from '../../core/index.ts';
import { answer } from './answers.ts';
import { defaultFolder, makePrivate, newSocketPath, removeSocket } from './folder.ts';
import type { Live, Viewer } from './live.ts';
import type { PeekOptions } from './options.ts';
import { redactedJson } from './redact.ts';

const debug = debugFor('peek:socket');

/** Octets of one request. */
const LONGEST_REQUEST = 4096;
const NEWLINE = 0x0a;

/** Answers over a private unix socket, until it is closed. It keeps neither kernel nor process alive. */
export class PeekSocket {
  readonly path: string;
  readonly #server: Server;
  readonly #options: PeekOptions;
  readonly #kernel: KernelView;
  readonly #name: string;
  readonly #live: Live;
  readonly #clients = new Set<Socket>();
  readonly #atExit: () => void;

  /** @throws PoeError `POE_ERR_PEEK_FOLDER` if the folder is not private. */
  constructor(kernel: KernelView, name: string, options: PeekOptions, live: Live) {
    this.#kernel = kernel;
    this.#name = name;
    this.#options = options;
    this.#live = live;
    const folder = options.folder ?? defaultFolder();
    makePrivate(folder);
    this.path = newSocketPath(folder, name);
    this.#server = createServer((client) => this.#serve(client));
    this.#server.maxConnections = options.maxClients;
    this.#server.on('error', (error) => this.#failed(error));
    // Nobody else can enter the folder, so that nobody can come between the two steps.
    this.#server.listen({ path: this.path, backlog: 16 }, () => chmodSync(this.path, 0o600));
    this.#server.unref();
    this.#atExit = () => removeSocket(this.path);
    process.once('exit', this.#atExit);
    debug('answer on %s', this.path);
  }

  close(): void {
    process.off('exit', this.#atExit);
    for (const client of this.#clients) client.destroy();
    // Node removes the socket with the server.
    this.#server.close();
  }

  #failed(error: Error): void {
    debug('cannot answer on %s: %s', this.path, error.message);
    const text = `The program cannot be looked into from outside: ${error.message}`;
    warn('POE_WARN_PEEK_SOCKET', text, this.#kernel);
  }

  #serve(client: Socket): void {
    this.#clients.add(client);
    client.unref();
    client.setTimeout(this.#options.idleTimeout * 1000, () => client.destroy());
    let viewer: Viewer | undefined;
    const use = (): Viewer => {
      viewer ??= this.#live.use();
      return viewer;
    };
    const requests = new Requests(
      (line) => client.write(`${this.#answer(line, use)}\n`),
      () => client.end(`${failureOf(tooLong())}\n`),
    );
    client.on('data', (chunk) => {
      // No more is read before what has come is answered.
      client.pause();
      requests.put(chunk);
    });
    requests.onEmpty = () => client.resume();
    client.on('drain', () => requests.goOn());
    client.on('close', () => requests.stop());
    client.on('error', (error) => debug('lose a client: %s', error.message));
    client.on('close', () => {
      this.#clients.delete(client);
      viewer?.close();
    });
  }

  #answer(line: string, viewer: () => Viewer): string {
    try {
      const value = answer({ kernel: this.#kernel, name: this.#name, viewer }, parse(line));
      return `{"ok":true,"value":${redactedJson(value)}}`;
    } catch (error) {
      return failureOf(error);
    }
  }
}

/**
 * Takes requests out of what comes, one in a turn of the host's loop, and none while the client does not read: so neither many requests
 * nor large answers hold up the program or pile up.
 */
class Requests {
  readonly #answer: (line: string) => boolean;
  readonly #tooLong: () => void;
  /** Called when everything has been answered. */
  onEmpty: () => void = () => {};
  #rest: Buffer = Buffer.alloc(0);
  #next: NodeJS.Immediate | undefined;

  /** @param answer - Says whether the client reads what it is sent. */
  constructor(answer: (line: string) => boolean, tooLong: () => void) {
    this.#answer = answer;
    this.#tooLong = tooLong;
  }

  put(chunk: Buffer): void {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    this.goOn();
  }

  readonly goOn = (): void => {
    this.stop();
    const end = this.#rest.indexOf(NEWLINE);
    if (end > LONGEST_REQUEST || (end < 0 && this.#rest.length > LONGEST_REQUEST)) {
      this.#rest = Buffer.alloc(0);
      this.#tooLong();
    } else if (end < 0) {
      this.onEmpty();
    } else {
      const line = this.#rest.toString('utf8', 0, end);
      this.#rest = this.#rest.subarray(end + 1);
      if (this.#answer(line)) this.#next = setImmediate(this.goOn);
    }
  };

  stop(): void {
    clearImmediate(this.#next);
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new PoeError('POE_ERR_PEEK_REQUEST', `Cannot answer the request: ${(error as Error).message}`);
  }
}

function tooLong(): PoeError {
  return new PoeError('POE_ERR_PEEK_REQUEST', `Cannot answer the request: it is longer than ${LONGEST_REQUEST} octets`);
}

function failureOf(error: unknown): string {
  const code = error instanceof PoeError ? error.code : 'POE_ERR_PEEK_FAILED';
  const { message, hint } = error as { message: string; hint?: string };
  return JSON.stringify({ ok: false, code, message, hint });
}
