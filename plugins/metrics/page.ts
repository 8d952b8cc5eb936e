import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { listen } from '../listen.ts';
import { CONTENT_TYPE, exposition, type Family } from './exposition.ts';

/** Where a page is to be: an address, or the path of a unix socket. */
export type Place = { readonly port: number; readonly address: string } | { readonly path: string };

/** Seconds until a client must have sent its request. */
const REQUEST_MS = 5000;
const MOST_CONNECTIONS = 32;

/** The page on which metrics can be read. It does not keep the process alive. */
export class Page {
  readonly #server: Server;
  readonly #failed: (error: Error) => void;
  #listenNoMore = (): void => {};

  /**
   * @param families - Called for each request.
   * @param failed - Told of trouble with the socket.
   */
  constructor(families: () => Promise<readonly Family[]>, failed: (error: Error) => void) {
    this.#failed = failed;
    const listener: RequestListener = (request, response) => {
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        response.writeHead(405, { allow: 'GET, HEAD' }).end();
      } else if (request.url === '/metrics') {
        families().then(
          (all) => response.writeHead(200, { 'content-type': CONTENT_TYPE }).end(exposition(all)),
          (error: unknown) => response.writeHead(500).end(`${String(error)}\n`),
        );
      } else if (request.url === '/families') {
        // For the parent of this process, which puts what its children know together.
        families().then(
          (all) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(all)),
          (error: unknown) => response.writeHead(500).end(`${String(error)}\n`),
        );
      } else {
        response.writeHead(404, { 'content-type': 'text/plain' }).end('Metrics are at /metrics\n');
      }
    };
    this.#server = createServer(
      { requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS, keepAliveTimeout: REQUEST_MS },
      listener,
    );
    this.#server.maxConnections = MOST_CONNECTIONS;
    this.#server.on('connection', (socket) => socket.unref());
  }

  /** Listens; `listening` is told where. */
  open(place: Place, listening: (port: number) => void): void {
    this.#server.once('listening', () => {
      const address = this.#server.address();
      if (typeof address === 'object' && address !== null) listening((address as AddressInfo).port);
    });
    const where = 'path' in place ? place : { port: place.port, host: place.address };
    this.#listenNoMore = listen(this.#server, where, this.#failed);
  }

  close(): void {
    this.#listenNoMore();
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
