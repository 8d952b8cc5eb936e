/** 1 MiB there and back with every serializer, in all four pairings. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { FREEZER_NAMES } from 'poe-kernel/wheels';
import {
  type Address,
  addressWords,
  runSteps,
  type ServerProgram,
  startOurServer,
  startPerlServer,
  whyNoIkc,
} from '../helpers/interop.ts';
import { PATIENCE, S, withClient, withLite } from './ours.ts';

const skip = whyNoIkc() ?? false;
const MEBIBYTE = 1_048_576;
const MET = { transport: 'TCP', protocol: 'IKC0' } as const;

describe('1 MiB there and back, with every serializer', { skip }, () => {
  const servers: Record<'ours' | 'genuine', ServerProgram | undefined> = { ours: undefined, genuine: undefined };
  before(async () => {
    [servers.ours, servers.genuine] = await Promise.all([startOurServer(MET), startPerlServer(MET)]);
  });
  after(() => Promise.all([servers.ours?.stop(), servers.genuine?.stop()]));
  const address = (who: 'ours' | 'genuine'): Address => (servers[who] as ServerProgram).address;

  // Every octet there is, so that whatever a serializer has to escape is in it.
  const octets = Buffer.from(Array.from({ length: 256 }, (_, n) => n));
  const value = Buffer.alloc(MEBIBYTE, octets).toString('latin1');
  const perlValue = `join("", map { chr } 0 .. 255) x ${MEBIBYTE / 256}`;

  for (const serializer of FREEZER_NAMES) {
    test(`genuine client, our server, ${serializer}`, async () => {
      const words = [...addressWords(address('ours')), '--serializers', serializer, '--patience', `${PATIENCE}`];
      const got = await runSteps('client', words, [['value', 'answer', `ask("${S}/echo", ${perlValue})`]]);
      assert.ok(got.value === value);
    });

    test(`genuine ClientLite, our server, ${serializer}`, async () => {
      const words = [...addressWords(address('ours')), '--serialiser', serializer, '--timeout', `${PATIENCE}`];
      const got = await runSteps('lite', words, [['value', 'call', `$c->call("interop/echo", ${perlValue})`]]);
      assert.ok(got.value === value);
    });

    test(`our client, genuine server, ${serializer}`, () =>
      withClient(address('genuine'), { serializers: serializer }, async (ikc) => {
        assert.ok((await ikc.call(`${S}/echo`, value, { timeout: PATIENCE })) === value);
        // And so are structures, answers in list context, errors and posts to the sender.
        assert.deepEqual(await ikc.call(`${S}/echo`, [['b', null], []]), [['b', null], []]);
        const list = (await ikc.call(`${S}/list`, 3, { list: true })) as unknown[];
        assert.deepEqual(list.map(Number), [1, 2, 3]);
        await assert.rejects(ikc.call('poe://Interop/private/secret'), { stage: 'check' });
      }));

    test(`our ClientLite, genuine server, ${serializer}`, () =>
      withLite(address('genuine'), { serialiser: serializer }, async (lite) => {
        assert.ok((await lite.call('interop/echo', value)) === value);
      }));
  }
});
