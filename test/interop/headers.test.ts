/** Calls that carry a trace context: a genuine peer passes over it. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SpanKind } from '@opentelemetry/api';
import { Kernel, Session } from 'poe-kernel';
import { Client, type OnError, Responder, Server } from 'poe-kernel/ikc';
import { applyPlugins, metrics } from 'poe-kernel/plugins';
import { MEETINGS, results, startPerl, startPerlServer, whyNoIkc } from '../helpers/interop.ts';
import { SpanKeeper } from '../helpers/spans.ts';

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

describe('a genuine client', { skip: whyNoIkc() ?? false }, () => {
  for (const protocol of ['IKC', 'IKC0'] as const) {
    for (const serialiser of SERIALISERS) {
      test(`is called inside of a trace, and its own calls begin traces, ${protocol}, ${serialiser}`, async () => {
        const keeper = new SpanKeeper();
        keeper.install();
        const kernel = new Kernel();
        const undo = applyPlugins(kernel, [[metrics, { port: 0 }]]);
        const port = Server.spawn({ kernel, port: 0, name: 'Interop' });
        const ikc = Responder.spawn({ kernel });
        const sent: object[] = [];
        ikc.hooks.callStarted.tap({ name: 'test', stage: 10 }, ({ headers }) => sent.push({ ...headers }));
        Session.create({
          kernel,
          inlineStates: {
            _start({ kernel }) {
              kernel.aliasSet('relay');
              kernel.call('IKC', 'publish', 'relay', ['call']);
              kernel.call('IKC', 'monitor', '*', { shutdown: 'leave' });
            },
            leave: ({ kernel }) => void kernel.aliasRemove('relay'),
            call: async (_, [specifier, value]) => await ikc.call(specifier, value),
          },
        });
        const running = kernel.run();
        const client = startPerl('client', [
          ...['--port', String(port), '--protocol', protocol, '--serializers', serialiser],
        ]);
        try {
          client.write('relayed\tanswer\task("poe://Interop/relay/call", ["poe://Tester/me/double", 21])\n');
          assert.equal(await client.ended(), 0);
        } finally {
          client.kill();
          ikc.shutdown();
          await running;
          undo();
          keeper.uninstall();
        }
        assert.equal(Number(results(client).relayed), 42);
        assert.equal(client.stderr, '');
        const spans = keeper.spans.map(({ kind, name, parent }) => [SpanKind[kind as number], name, parent]);
        assert.deepEqual(spans, [
          ['SERVER', 'relay/call', undefined],
          ['CLIENT', 'me/double', keeper.spans[0]?.spanId],
        ]);
        const [outer, inner] = keeper.spans;
        assert.deepEqual(sent, [{ traceparent: `00-${outer?.traceId}-${inner?.spanId}-01` }]);
      });
    }
  }
});
