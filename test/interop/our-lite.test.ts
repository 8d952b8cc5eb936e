/** Our ClientLite, against a genuine server and against ours. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ClientLite, type ClientLiteOptions } from 'poe-kernel/ikc';
import { FREEZER_NAMES } from 'poe-kernel/wheels';
import { MEETINGS, type ServerProgram, startOurServer, startPerlServer, whyNoIkc } from '../helpers/interop.ts';

const SERVERS = [
  { who: 'genuine server', start: startPerlServer, skip: whyNoIkc() ?? false },
  { who: 'our server', start: startOurServer, skip: false },
];

for (const { who, start, skip } of SERVERS) {
  for (const meeting of MEETINGS) {
    describe(`our ClientLite, ${who}, ${meeting.transport}, ${meeting.protocol}`, { skip }, () => {
      let server: ServerProgram;
      const lites: ClientLite[] = [];
      before(async () => {
        server = await start(meeting);
      });
      after(async () => {
        for (const lite of lites) lite.disconnect();
        await server.stop();
      });

      async function spawn(options: ClientLiteOptions): Promise<ClientLite> {
        const { address } = server;
        const where = address.unix === undefined ? { ip: '127.0.0.1', port: address.port } : { unix: address.unix };
        const lite = await ClientLite.spawn({ ...where, ...options });
        assert.ok(lite, ClientLite.error());
        lites.push(lite);
        return lite;
      }

      for (const protocol of ['IKC0', 'IKC'] as const) {
        for (const serialiser of FREEZER_NAMES) {
          test(`${protocol}, ${serialiser}: requests and answers`, async () => {
            const lite = await spawn({ protocol, serialiser, timeout: 5 });
            const number = serialiser === 'FreezeThaw' ? String : Number;
            assert.equal(await lite.call('interop/echo', 'hello'), 'hello');
            assert.deepEqual(await lite.call('interop/add', [40, 2]), number(42));
            assert.deepEqual(
              await lite.callList('interop/list', 3),
              [1, 2, 3].map((n) => number(n)),
            );
            assert.deepEqual(await lite.callList('interop/nothing'), [null]);
            assert.deepEqual(await lite.call('poe://Interop/interop/echo', [1, [2]]), [number(1), [number(2)]]);
            assert.equal(await lite.call({ session: 'interop', state: 'echo' }, 'x'), 'x');
            assert.deepEqual(await lite.call('interop/reset'), number(1));
            for (let n = 0; n < 20; n++) assert.equal(await lite.post('interop/sink', n), 1);
            assert.deepEqual(await lite.call('interop/count'), number(20));
            assert.equal(await lite.postRespond('interop/slow', [20, 'later']), 'later');
            const answer = lite.responded('answer');
            await lite.post('interop/reply_sender', 'to you');
            assert.deepEqual(await answer, ['to you']);
            assert.equal(await lite.ping(), true);
            assert.equal(await lite.connect(), true);
            assert.equal(lite.error(), '');
            lite.disconnect();
          });
        }
      }

      test('an error is the failure of the call that it belongs to', async () => {
        const lite = await spawn({ name: 'Lite', timeout: 5 });
        const [good, bad, other] = await Promise.all([
          lite.call('interop/echo', 'good'),
          lite.call('private/secret'),
          lite.call('interop/echo', 'other'),
        ]);
        assert.deepEqual([good, bad, other], ['good', undefined, 'other']);
        assert.equal(await lite.call('private/secret'), undefined);
        assert.match(
          lite.error(),
          /^Session 'private' has not published state 'secret'\. {2}Request poe:\/\/[^/]+\/private\/secret sent by poe:\/\/Lite\/IKCLite$/,
        );
        // The error of a post is nobody's.
        await lite.post('private/secret');
        assert.equal(await lite.call('interop/echo', 'unharmed'), 'unharmed');
        lite.disconnect();
      });

      test('messages that nobody awaits are passed over', async () => {
        const lite = await spawn({ name: 'Other', timeout: 5 });
        const sent = await lite.call('interop/relay', ['poe://Other/IKCLite/unknown', 'x']);
        assert.equal(sent, 1);
        lite.disconnect();
      });

      test('an undef answer runs into the time-out', async () => {
        // The next call makes a connection anew, within that time.
        const lite = await spawn({ timeout: 1 });
        assert.equal(await lite.call('interop/nothing'), undefined);
        assert.match(lite.error(), /^Timed out waiting for response/);
        assert.equal(await lite.call('interop/echo', 'still here'), 'still here');
        lite.disconnect();
      });
    });
  }

  test(`our ClientLite notices at once that ${who} has gone, and comes back`, { skip }, async () => {
    const server = await start({ transport: 'TCP', protocol: 'IKC0' });
    const lite = await ClientLite.spawn({ ip: '127.0.0.1', port: server.address.port as number, timeout: 20 });
    assert.ok(lite, ClientLite.error());
    const began = Date.now();
    const call = lite.call('interop/nothing');
    await server.stop();
    assert.equal(await call, undefined);
    assert.ok(Date.now() - began < 10_000);
    assert.notEqual(lite.error(), '');
    assert.equal(await lite.call('interop/echo', 'x'), undefined);
    assert.match(lite.error(), /ECONNREFUSED/);
  });
}
