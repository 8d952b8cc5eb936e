import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname } from 'node:path';
import { debugFor, type KernelView, warn } from '../../core/index.ts';
import { packageRoot } from '../../core/package-root.ts';
import { listen } from '../listen.ts';
import { Feed } from './feed.ts';
import type { Live } from './live.ts';
import type { PeekOptions } from './options.ts';

const debug = debugFor('peek:page');

/** What there is to get, by its path. Nothing else is ever read from the disk. */
const FILES: ReadonlyMap<string, string> = new Map([
  ['/', 'index.html'],
  ...[
    'style.css',
    'icon.svg',
    'main.js',
    'dom.js',
    'charts.js',
    'sessions.js',
    'tables.js',
    'log.js',
    'sequence.js',
    'map.js',
    'lib/uplot.js',
    'lib/uplot.css',
    'lib/dagre.js',
  ].map((file) => [`/${file}`, file] as const),
]);

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
};

/** What the door itself needs. */
const OPEN: ReadonlySet<string> = new Set(['/style.css', '/icon.svg']);

/** Where the build has put them. */
const FOLDER = new URL('dist/plugins/peek/page/', packageRoot());

const HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'Cache-Control': 'no-store',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
};

/** Octets of a request's body: the name of a session, and that of an event. */
const LONGEST_BODY = 4096;
/** Octets that may wait for a visitor; who is slower misses reports. */
const MOST_WAITING = 1024 * 1024;

/** Shows a kernel in a browser, on this machine only, until it is closed. It keeps neither kernel nor process alive. */
export class PeekPage {
  readonly #kernel: KernelView;
  readonly #server: Server;
  readonly #feed: Feed;
  readonly #maxClients: number;
  readonly #token: string;
  /** Whether visitors may post events: only where the user has set the token. */
  readonly #writable: boolean;
  readonly #listenNoMore: () => void;
  #readers = 0;
  #port = 0;

  /** @param print - Given the one line with the address of the page. */
  constructor(
    kernel: KernelView,
    name: string,
    options: PeekOptions & { port: number },
    live: Live,
    print: (line: string) => void,
  ) {
    this.#kernel = kernel;
    this.#feed = new Feed(kernel, name, live);
    this.#maxClients = options.maxClients;
    this.#writable = options.token !== undefined;
    this.#token = options.token ?? randomBytes(24).toString('base64url');
    this.#server = createServer({ maxHeaderSize: 8192, requestTimeout: 10_000 }, (request, response) => {
      try {
        this.#serve(request, response);
      } catch (error) {
        debug('cannot answer %s: %s', request.url, error);
        refuse(response, 500, 'Something went wrong here');
      }
    });
    // Visitors keep some connections open at once; what matters is how many watch, see #stream.
    this.#server.maxConnections = 16 * options.maxClients;
    this.#server.on('connection', (socket) => socket.unref());
    this.#server.on('listening', () => {
      this.#port = (this.#server.address() as AddressInfo).port;
      const address = `http://127.0.0.1:${this.#port}/`;
      print(this.#writable ? `peek: ${address}\n` : `peek: ${address}?token=${this.#token}\n`);
    });
    this.#listenNoMore = listen(this.#server, { host: '127.0.0.1', port: options.port }, ({ message }) =>
      warn('POE_WARN_PEEK_PAGE', `The page of peek cannot be shown: ${message}`, kernel),
    );
  }

  close(): void {
    this.#listenNoMore();
    this.#server.close();
    this.#server.closeAllConnections();
  }

  /** Cookies go to every port of a host: each page has one of its own. */
  get #cookieName(): string {
    return `poe-peek-${this.#port}`;
  }

  #serve(request: IncomingMessage, response: ServerResponse): ServerResponse {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    if (!this.#isOurs(request)) return refuse(response, 403, 'This page is for this machine only');
    // Not resolved: `//x` is a path here, not another host.
    const address = `http://127.0.0.1${request.url}`;
    if (!URL.canParse(address)) return refuse(response, 400, 'This is no address');
    const { pathname, searchParams } = new URL(address);
    if (request.method === 'POST') return this.#post(request, response, pathname);
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return refuse(response, 405, 'Only GET and POST are known');
    const given = searchParams.get('token');
    if (pathname === '/' && given !== null) return this.#enter(response, given);
    if (!OPEN.has(pathname) && !this.#isKnown(request)) return askForToken(response);
    if (pathname === '/reports' && request.method === 'GET') return this.#stream(request, response);
    const file = FILES.get(pathname);
    return file === undefined ? refuse(response, 404, 'There is nothing here') : sendFile(response, file);
  }

  /** Whether a request was meant for this page: neither another name for this machine nor another site has led here. */
  #isOurs({ headers }: IncomingMessage): boolean {
    const hosts = [`127.0.0.1:${this.#port}`, `localhost:${this.#port}`];
    if (headers.host === undefined || !hosts.includes(headers.host)) return false;
    if (headers.origin !== undefined && headers.origin !== `http://${headers.host}`) return false;
    const site = headers['sec-fetch-site'];
    // A link that the user follows from elsewhere may open the page, as the one in a terminal or a mail does; nothing else may.
    const opens = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
    return site === undefined || site === 'same-origin' || site === 'none' || opens;
  }

  #enter(response: ServerResponse, given: string): ServerResponse {
    if (!same(given, this.#token)) return askForToken(response);
    response.setHeader(
      'Set-Cookie',
      `${this.#cookieName}=${encodeURIComponent(given)}; Path=/; HttpOnly; SameSite=Strict`,
    );
    // So that the token is not left in the history.
    return response.writeHead(303, { Location: '/' }).end();
  }

  #isKnown({ headers }: IncomingMessage): boolean {
    const prefix = `${this.#cookieName}=`;
    const own = (headers.cookie ?? '').split('; ').find((each) => each.startsWith(prefix));
    return own !== undefined && same(decode(own.slice(prefix.length)), this.#token);
  }

  #stream(request: IncomingMessage, response: ServerResponse): ServerResponse {
    if (this.#readers >= this.#maxClients) return refuse(response, 503, 'Too many are looking');
    this.#readers++;
    request.socket.setTimeout(0);
    response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8' });
    response.write(`event: hello\ndata: ${JSON.stringify({ writable: this.#writable })}\n\n`);
    const end = this.#feed.read((report) => {
      if (response.writableLength < MOST_WAITING) response.write(`data: ${report}\n\n`);
    });
    response.on('close', () => {
      this.#readers--;
      end();
    });
    return response;
  }

  /** Posts an event without arguments. */
  #post(request: IncomingMessage, response: ServerResponse, path: string): ServerResponse {
    if (path !== '/post') return refuse(response, 404, 'There is nothing here');
    if (!this.#isKnown(request)) return refuse(response, 401, 'The token is missing');
    if (!this.#writable) return refuse(response, 403, 'This page is read-only: the plugin was given no token');
    // A form of another site could not send this type without being asked for leave first.
    if (request.headers['content-type'] !== 'application/json') return refuse(response, 415, 'Only JSON is taken');
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= LONGEST_BODY) chunks.push(chunk);
    });
    request.on('end', () => {
      const order = length <= LONGEST_BODY ? readOrder(Buffer.concat(chunks).toString()) : undefined;
      if (order === undefined)
        return refuse(response, 400, 'Not understood: send {"session":"logger","event":"flush"}');
      const posted = this.#kernel.post(order.session, order.event);
      return posted ? sendText(response, 200, 'posted') : refuse(response, 404, 'There is no such session');
    });
    return response;
  }
}

function readOrder(text: string): { session: string | number; event: string } | undefined {
  try {
    const { session, event } = JSON.parse(text) ?? {};
    const isSession = typeof session === 'string' || Number.isSafeInteger(session);
    return isSession && typeof event === 'string' && event !== '' ? { session, event } : undefined;
  } catch {
    return undefined;
  }
}

/** Compares secrets without telling by its time how much of them is right. */
function same(given: string, wanted: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

function sendFile(response: ServerResponse, file: string): ServerResponse {
  const content = readFileSync(new URL(file, FOLDER));
  const headers = { 'Content-Type': TYPES[extname(file)], 'Content-Length': content.length };
  return response.writeHead(200, headers).end(content);
}

function sendText(response: ServerResponse, status: number, text: string): ServerResponse {
  return response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
}

function refuse(response: ServerResponse, status: number, why: string): ServerResponse {
  if (response.headersSent) return response.destroy();
  return sendText(response.setHeader('Connection', 'close'), status, why);
}

function askForToken(response: ServerResponse): ServerResponse {
  const form = `<!doctype html><html lang="en"><meta charset="utf-8"><title>peek</title><link rel="stylesheet" href="/style.css">
<body class="door"><form action="/" method="get"><h1>peek</h1><p>The program has printed a token when it started, or its configuration has one.</p>
<label>Token <input name="token" type="password" autocomplete="off" autofocus required></label><button>Look</button></form></body></html>`;
  return response.writeHead(401, { 'Content-Type': 'text/html; charset=utf-8' }).end(form);
}
