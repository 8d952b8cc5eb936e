import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { kernel, Session } from 'poe-kernel';
import { HTTPD, HttpRequest, HttpResponse, ReadWrite, SocketFactory } from 'poe-kernel/wheels';

/** Serves one connection after the other, as the manual of POE::Filter::HTTPD does, until somebody asks for `/end`. */
function serve(listening: (port: number) => void): void {
  Session.create({
    inlineStates: {
      async _start({ kernel, heap }) {
        heap.clients = new Map();
        heap.listener = new SocketFactory({
          kernel,
          bindAddress: '127.0.0.1',
          bindPort: 0,
          reuse: true,
          successEvent: 'accepted',
          failureEvent: 'failed',
        });
        const address = (await heap.listener.getsockname()) as AddressInfo;
        listening(address.port);
      },
      accepted({ heap }, handle) {
        const client = new ReadWrite({
          handle,
          filter: new HTTPD(),
          inputEvent: 'got',
          flushedEvent: 'flushed',
          errorEvent: 'gone',
        });
        heap.clients.set(client.id, client);
      },
      got({ heap }, request: HttpRequest | HttpResponse, id) {
        const client = heap.clients.get(id);
        if (!(request instanceof HttpRequest)) {
          client.put(request);
          return;
        }
        const response = new HttpResponse(200, undefined, { 'Content-Type': 'text/plain', Connection: 'close' });
        response.content = `${request.method} ${request.path} ${request.query ?? '-'} ${request.header('X-Test') ?? '-'} ${request.content}`;
        response.contentLength = response.content.length;
        client.put(response);
        if (request.path === '/end') heap.listener.destroy();
      },
      flushed({ heap }, id) {
        heap.clients.get(id)?.destroy();
        heap.clients.delete(id);
      },
      gone({ heap }, _operation, _errno, _message, id) {
        heap.clients.get(id)?.destroy();
        heap.clients.delete(id);
      },
      failed(_, operation, _errno, message) {
        assert.fail(`${operation}: ${message}`);
      },
    },
  });
}

describe('HTTPD in a wheel', () => {
  it('serves the clients of Node', async () => {
    const port = await new Promise<number>((resolve) => {
      serve(resolve);
      void kernel.run();
    });
    const ask = async (path: string, init?: RequestInit) => {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, init);
      return [response.status, response.statusText, await response.text()];
    };
    assert.deepEqual(await ask('/a/b?c=d', { headers: { 'X-Test': 'yes' } }), [200, '(OK)', 'GET /a/b c=d yes ']);
    assert.deepEqual(await ask('/form', { method: 'POST', body: 'x'.repeat(100_000) }), [
      200,
      '(OK)',
      `POST /form - - ${'x'.repeat(100_000)}`,
    ]);
    const [status, text] = await ask('/form', { method: 'POST', body: 'x'.repeat(1024 * 1024 + 1) });
    assert.deepEqual([status, text], [413, 'Payload Too Large']);
    assert.deepEqual(await ask('/end'), [200, '(OK)', 'GET /end - - ']);
  });
});
