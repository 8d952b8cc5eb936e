/** 10,000 posts without waiting, in all four pairings. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  addressWords,
  MEETINGS,
  runSteps,
  type ServerProgram,
  startOurServer,
  startPerlServer,
  whyNoIkc,
} from '../helpers/interop.ts';
import { PATIENCE, S, withClient, withLite } from './ours.ts';

const skip = whyNoIkc() ?? false;
const POSTS = 10_000;
/** What says how many have come. */
const COUNT = `${S}/count`;

describe(`${POSTS} posts, nobody waits in between, and none is lost`, { skip }, () => {
  for (const meeting of MEETINGS) {
    const { transport, protocol } = meeting;
    const words = ({ address }: ServerProgram): string[] => [...addressWords(address), '--protocol', protocol];

    async function serve(
      start: typeof startOurServer,
      act: (server: ServerProgram) => Promise<unknown>,
    ): Promise<void> {
      const server = await start(meeting);
      try {
        assert.equal(Number(await act(server)), POSTS);
      } finally {
        await server.stop();
      }
    }

    test(`genuine client, our server, ${transport}, ${protocol}`, () =>
      serve(startOurServer, async (server) => {
        const code = `post("${S}/sink", $_) for 1 .. ${POSTS}; ask("${COUNT}")`;
        const got = await runSteps('client', [...words(server), '--patience', `${PATIENCE}`], [['n', 'answer', code]]);
        return got.n;
      }));

    // The genuine one knows TCP only.
    if (transport === 'TCP') {
      test(`genuine ClientLite, our server, ${transport}, ${protocol}`, () =>
        serve(startOurServer, async (server) => {
          const code = `$c->post("interop/sink", $_) for 1 .. ${POSTS}; $c->call("interop/count")`;
          return (await runSteps('lite', [...words(server), '--timeout', `${PATIENCE}`], [['n', 'call', code]])).n;
        }));
    }

    test(`our client, genuine server, ${transport}, ${protocol}`, () =>
      serve(startPerlServer, ({ address }) =>
        withClient(address, { protocol }, (ikc) => {
          for (let n = 0; n < POSTS; n++) ikc.post(`${S}/sink`, n);
          return ikc.call(COUNT, null, { timeout: PATIENCE });
        }),
      ));

    test(`our ClientLite, genuine server, ${transport}, ${protocol}`, () =>
      serve(startPerlServer, ({ address }) =>
        withLite(address, { protocol }, async (lite) => {
          await Promise.all(Array.from({ length: POSTS }, (_, n) => lite.post('interop/sink', n)));
          return lite.call('interop/count');
        }),
      ));
  }
});
