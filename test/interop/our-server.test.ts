/** Our server, as a peer sees it that is driven by hand; nothing of this needs Perl. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { IkcPeer } from '../helpers/ikc-peer.ts';
import { MEETINGS, type ServerProgram, startOurServer } from '../helpers/interop.ts';

for (const meeting of MEETINGS) {
  describe(`our server, ${meeting.transport}, configured for ${meeting.protocol}`, () => {
    let server: ServerProgram;
    before(async () => {
      server = await startOurServer(meeting);
    });
    after(async () => {
      assert.equal(await server.stop(), 0);
    });

    const own = (): string =>
      server.address.unix === undefined
        ? `127.0.0.1:${server.address.port}`
        : `unix:${server.address.unix.replace(/[^-.\w]+/g, '_')}`;

    /** Shakes hands in whichever way the server is configured for. */
    async function greet(names: string[]): Promise<IkcPeer> {
      if (meeting.protocol === 'IKC0') return IkcPeer.greet(server.address, names.join(','));
      const peer = await IkcPeer.connect(server.address);
      peer.say('HELLO');
      while ((await peer.line()) !== 'DONE') peer.say('OK');
      for (const name of names) {
        peer.say(`IAM ${name}`);
        assert.equal(await peer.line(), 'OK');
      }
      peer.say('DONE', 'FREEZER Storable');
      assert.equal(await peer.line(), 'OK');
      peer.say('WORLD');
      assert.equal(await peer.line(), 'UP');
      return peer;
    }

    test('one line of greeting: names in natural order', async () => {
      const peer = await IkcPeer.connect(server.address);
      peer.say('SETUP KERNEL=Peer;FREEZER=Sereal,FreezeThaw,Storable;PID=7');
      const answer = await peer.line();
      if (meeting.protocol === 'IKC') assert.equal(answer, 'NOT');
      else {
        const [, id = '', others = '', freezer, pid] =
          /^SETUP KERNEL=([^,]+),([^;]+);FREEZER=([^;]+);PID=(\d+)$/.exec(answer ?? '') ?? [];
        assert.match(id, /^[-.\w]+$/);
        assert.equal(others, `Interop,InteropAlias,${own()}`);
        assert.equal(freezer, 'FreezeThaw');
        assert.ok(Number(pid) > 0);
      }
      peer.end();
    });

    test('step by step: names from the last to the first, behind the ID', async () => {
      const peer = await IkcPeer.connect(server.address);
      peer.say('HELLO');
      const names: string[] = [];
      for (let line = await peer.line(); line !== 'DONE'; line = await peer.line()) {
        names.push(line?.replace('IAM ', '') ?? '');
        peer.say('OK');
      }
      assert.match(names[0] ?? '', /^[-.\w]+$/);
      assert.deepEqual(names.slice(1), [own(), 'InteropAlias', 'Interop']);
      peer.end();
    });

    test('an unknown serializer is answered with NOT, and the next may be offered', async () => {
      const peer = await IkcPeer.connect(server.address);
      if (meeting.protocol === 'IKC0') {
        peer.say('SETUP KERNEL=Peer;FREEZER=Data::Dumper;PID=7');
        assert.equal(await peer.line(), 'NOT');
      }
      peer.say('HELLO');
      while ((await peer.line()) !== 'DONE') peer.say('OK');
      peer.say('IAM Peer');
      assert.equal(await peer.line(), 'OK');
      peer.say('DONE', 'FREEZER Sereal');
      assert.equal(await peer.line(), 'NOT');
      peer.say('FREEZER FreezeThaw');
      assert.equal(await peer.line(), 'OK');
      peer.say('WORLD');
      assert.equal(await peer.line(), 'UP');
      peer.end();
    });

    test('seen has the life of a client that breaks off in the middle of a frame', async () => {
      const n = await greet(['N', 'A']);
      n.write('100\0the beginning');
      n.end();
      const peer = await greet(['Peer']);
      for (;;) {
        const seen = (await peer.call('poe://Interop/interop/seen')) as unknown[][];
        const ofN = seen.filter(([, name]) => name === 'N');
        if (!ofN.some(([event]) => event === 'unregister')) continue;
        assert.deepEqual(ofN, [
          ['register', 'N', 1],
          ['channel', 'N', 1, 'ready'],
          ['error', 'N', 1, 'channel-read', '[0] '],
          ['channel', 'N', 1, 'close'],
          ['unregister', 'N', 1],
        ]);
        assert.deepEqual(
          seen.filter(([, name]) => name === 'A'),
          ofN.map(([event, , , ...more]) => [event, 'A', 0, ...more]),
        );
        break;
      }
      assert.equal(await peer.call('poe://Interop/interop/forget'), 1);
      assert.deepEqual(await peer.call('poe://Interop/interop/seen'), []);
      peer.end();
    });

    test('frames in one segment are handled in order, also octet by octet', async () => {
      const peer = await greet(['Peer']);
      const rsvp = { kernel: 'Peer', session: 'me', state: 'answer' };
      const requests = Array.from({ length: 50 }, (_, n) => ({
        event: 'poe://Interop/interop/echo',
        params: `${n}`,
        rsvp,
      }));
      peer.send(...requests);
      for (let n = 0; n < 50; n++) assert.deepEqual((await peer.message())?.params, `${n}`);
      for (const octet of peer.frame(requests[7])) {
        peer.write(Uint8Array.of(octet));
        await new Promise((resolve) => setImmediate(resolve));
      }
      assert.deepEqual((await peer.message())?.params, '7');
      peer.end();
    });

    test('posts to SENDER go to the sender of each request, also of two in one segment', async () => {
      const peer = await greet(['Peer']);
      const ask = (session: string, state?: string): object => ({
        event: 'poe://Interop/interop/reply_sender',
        params: session,
        from: { kernel: 'Peer', session, ...(state === undefined ? {} : { state }) },
      });
      peer.send(ask('one', 'IKC:proxy'), ask('other', 'IKC:proxy'), ask('lite'));
      const answers = [await peer.message(), await peer.message(), await peer.message()].map((answer) => ({
        ...answer,
        from: undefined,
      }));
      assert.deepEqual(JSON.parse(JSON.stringify(answers)), [
        { event: { kernel: 'Peer', session: 'one', state: 'IKC:proxy' }, params: ['answer', ['one']] },
        { event: { kernel: 'Peer', session: 'other', state: 'IKC:proxy' }, params: ['answer', ['other']] },
        { event: { kernel: 'Peer', session: 'lite', state: 'answer' }, params: ['lite'] },
      ]);
      peer.end();
    });

    test('errors name the request, and who has sent it', async () => {
      const peer = await greet(['Peer']);
      const errors: readonly (readonly [
        request: object,
        text: string | RegExp,
        kernel: string | null,
        stage: string,
      ])[] = [
        [
          { event: 'poe://Interop/nowhere/x' },
          "Session 'nowhere' is not available for remote kernels.  Request poe://Interop/nowhere/x",
          'Interop',
          'check',
        ],
        [
          { event: 'poe://Interop/private/secret' },
          "Session 'private' has not published state 'secret'.  Request poe://Interop/private/secret",
          'Interop',
          'check',
        ],
        [
          { event: 'poe://Interop/ghost/boo' },
          /^Unknown session 'ghost'.*\. {2}Request poe:\/\/Interop\/ghost\/boo$/,
          'Interop',
          'resolve',
        ],
        [
          { event: 'poe://Interop/interop/fail', params: 'boom' },
          'boom.  Request poe://Interop/interop/fail',
          'Interop',
          'invocation',
        ],
        [
          { event: { kernel: 'Interop', session: 'interop', state: 'IKC:proxy' }, params: 'x' },
          /\. {2}Request poe:\/\/Interop\/interop\/IKC:proxy$/,
          'Interop',
          'request',
        ],
        [
          { event: 'not a/specifier/at all' },
          "Session '' is not available for remote kernels.  Request poe:",
          null,
          'check',
        ],
        [
          { event: 'poe://Other/interop/fail', params: 'x', from: { kernel: 'Lite', session: 'IKCLite' } },
          'x.  Request poe://Other/interop/fail sent by poe://Lite/IKCLite',
          'Other',
          'invocation',
        ],
      ];
      for (const [request, text, kernel, stage] of errors) {
        peer.send(request);
        const answer = JSON.parse(JSON.stringify(await peer.message()));
        const [found, ...rest] = answer.params as [string, ...unknown[]];
        if (typeof text === 'string') assert.equal(found, text);
        else assert.match(found, text);
        assert.deepEqual(rest, [kernel, stage]);
        assert.deepEqual(answer.event, { kernel: 'Peer', session: 'IKC', state: 'remote_error' });
        assert.equal(answer.is_error, 1);
      }
      peer.send({ event: 'poe://Interop/nowhere/x', is_error: 1 });
      assert.equal(
        await peer.call('poe://Interop/interop/echo', 'an error is not answered with an error'),
        'an error is not answered with an error',
      );
      peer.end();
    });

    test('answers in list context are arrays', async () => {
      const peer = await greet(['Peer']);
      const call = async (event: string, params: unknown, wantarray: unknown): Promise<unknown> => {
        const rsvp = { kernel: 'Peer', session: 'me', state: 'an odd (state): 1', args: 'kept' };
        peer.send({ event: `poe://Interop/interop/${event}`, params, rsvp, wantarray });
        const answer = await peer.message();
        assert.deepEqual({ ...(answer?.event as object) }, rsvp);
        return answer?.params;
      };
      assert.deepEqual(await call('list', 3, '1'), [1, 2, 3]);
      assert.equal(await call('list', 3, ''), 3);
      assert.deepEqual(await call('nothing', null, '1'), [null]);
      assert.deepEqual(await call('echo', ['x'], 1), [['x']]);
      assert.equal(await call('echo', 0, '0'), 0);
      peer.end();
    });
  });
}
