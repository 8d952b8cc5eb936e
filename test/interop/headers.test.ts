/** Calls that carry a trace context: a genuine peer passes over it. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Kernel } from 'poe-kernel';
import { Client, type OnError, Responder } from 'poe-kernel/ikc';
import { MEETINGS, startPerlServer, whyNoIkc } from '../helpers/interop.ts';

const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const SERIALISERS = ['Storable', 'FreezeThaw', 'POE::Component::IKC::Freezer'] as const;

describe('a genuine server', { skip: whyNoIkc() ?? false }, () => {
  for (const meeting of MEETINGS) {
    for (const serialiser of SERIALISERS) {
      test(`answers calls with headers, ${meeting.transport}, ${meeting.protocol}, ${serialiser}`, async () => {
        const server = await startPerlServer(meeting);
        const kernel = new Kernel();
        const ikc = Responder.spawn({ kernel });
        const ended: (Error | undefined)[] = [];
        ikc.hooks.callStarted.tap('test', ({ headers }) => {
          headers.traceparent = TRACE;
          headers.tracestate = 'vendor=value';
        });
        ikc.hooks.callEnded.tap('test', (_, error) => ended.push(error));
        const connected = new Promise<void>((resolve, reject) => {
          const onError: OnError = (operation, _errno, text) => reject(new Error(`${operation}: ${text}`));
          const address = server.address.unix === undefined ? { ip: '127.0.0.1', ...server.address } : server.address;
          Client.spawn({
            kernel,
            ...address,
            protocol: meeting.protocol,
            name: 'Traced',
            serializers: [serialiser],
            onConnect: () => resolve(),
            onError,
          });
        });
        const running = kernel.run();
        try {
          await connected;
          assert.equal(await ikc.call('poe://Interop/interop/echo', 'hello'), 'hello');
          assert.equal(Number(await ikc.call('poe://Interop/interop/add', [40, 2])), 42);
          await assert.rejects(ikc.call('poe://Interop/private/secret', 1), { code: 'POE_ERR_IKC_CALL' });
          assert.deepEqual(
            ended.map((error) => error === undefined),
            [true, true, false],
          );
        } finally {
          ikc.shutdown();
          await running;
          await server.stop();
        }
        // What it says of the call that it refused is all that it says.
        assert.doesNotMatch(server.program.stderr, /headers|traceparent|uninitialized|HASH\(/);
      });
    }
  }
});
