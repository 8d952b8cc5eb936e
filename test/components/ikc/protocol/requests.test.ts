/** Sentences of the protocol, sections 8 to 13: messages, specifiers, requests, answers, senders and errors. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { list } from 'poe-kernel';
import { IkcPeer } from '../../../helpers/ikc-peer.ts';
import { until } from '../../../helpers/ikc-server.ts';
import { withScene } from './scene.ts';

const RSVP = { kernel: 'Peer', session: 'me', state: 'answer' };

describe('8 messages', () => {
  test('a post has event, params, and from if the posting session has published something', async () => {
    await withScene(async ({ ikc, message }) => {
      ikc('post', 'poe://Peer/s/e', [1]);
      assert.deepEqual(await message(), { event: 'poe://Peer/s/e', params: [1] });
    });
    await withScene(
      async ({ server, ikc, message }) => {
        ikc('post', 'poe://Peer/s/e', [1]);
        const from = { kernel: server.kernel.id, session: 'desk', state: 'IKC:proxy' };
        assert.deepEqual({ ...((await message()).from as object) }, from);
      },
      { publish: ['x'] },
    );
  });

  test('a call has rsvp as well: text is turned into a hash, with the own name for the kernel and the number of the session', () =>
    withScene(async (scene) => {
      scene.ikc('call', 'poe://Peer/s/e', 'x', 'poe:answer');
      const { rsvp, ...rest } = await scene.message();
      assert.deepEqual(rest, { event: 'poe://Peer/s/e', params: 'x' });
      assert.deepEqual(
        { ...(rsvp as object) },
        { kernel: 'Test', session: scene.in(({ session }) => session.id), state: 'answer' },
      );
    }));

  test('event travels in the form in which the program gave it; short forms get poe:// in front', () =>
    withScene(async ({ ikc, message }) => {
      ikc('post', 'Peer/a/b', 1);
      assert.equal((await message()).event, 'poe://Peer/a/b');
      ikc('post', { kernel: 'Peer', session: 'a', state: 'b' }, 1);
      assert.deepEqual({ ...((await message()).event as object) }, { kernel: 'Peer', session: 'a', state: 'b' });
    }));

  test('in hash form all of kernel, session and state are there; an rsvp without a kernel gets the own name, not the ID', () =>
    withScene(async ({ ikc, message, server }) => {
      ikc('call', { kernel: 'Peer', session: 'a', state: 'b' }, 1, { session: 'here', state: 'it (is)' });
      const { event, rsvp } = await message();
      assert.deepEqual({ ...(event as object) }, { kernel: 'Peer', session: 'a', state: 'b' });
      assert.deepEqual({ ...(rsvp as object) }, { kernel: 'Test', session: 'here', state: 'it (is)' });
      ikc('default', 'Peer');
      ikc('post', { session: 'a', state: 'b' }, 1);
      assert.deepEqual({ ...((await message()).event as object) }, { kernel: '', session: 'a', state: 'b' });
      assert.deepEqual(server.warnings, []);
    }));

  test('errors_to and call are ignored, and so are unknown keys', () =>
    withScene(async ({ peer, message }) => {
      peer.send({
        event: 'poe://Test/app/echo',
        params: 1,
        rsvp: RSVP,
        errors_to: { kernel: 'X' },
        call: { a: 1 },
        other: [],
      });
      assert.equal((await message()).params, 1);
    }));

  test('the rsvp comes back as it was, with odd states, integer sessions and args', () =>
    withScene(async ({ peer, message }) => {
      const rsvp = { kernel: 'Peer', session: 17, state: 'receipt: a (b) ::', args: [1, { two: 2 }], more: 'x' };
      peer.send({ event: 'poe://Test/app/echo', params: 'v', rsvp });
      const { event } = await message();
      assert.deepEqual(JSON.parse(JSON.stringify(event)), rsvp);
    }));
});

describe('10 handling a request', () => {
  test('an unparsable event is an error of stage check about session empty, with kernel undef', () =>
    withScene(async ({ peer, ikc, message }) => {
      ikc('monitor', '*', { error: 'error' });
      peer.send({ event: 'poe:a/b/c/d' });
      assert.deepEqual((await message()).params, [
        "Session '' is not available for remote kernels.  Request poe:",
        null,
        'check',
      ]);
    }));

  test('of IKC:proxy the event and its arguments are in params; no array there is an error of stage request', () =>
    withScene(
      async ({ peer, got, ikc, message }) => {
        ikc('monitor', '*', { error: 'error' });
        const event = { kernel: 'Test', session: 'desk', state: 'IKC:proxy' };
        peer.send({ event, params: ['note', [1, [2], null]] });
        const refused = async (params: unknown, stage: string, text: string): Promise<void> => {
          peer.send({ event, params });
          const state = stage === 'request' ? 'IKC:proxy' : 'note';
          assert.deepEqual((await message()).params, [`${text}.  Request poe://Test/desk/${state}`, 'Test', stage]);
        };
        const strict = 'as an ARRAY ref while "strict refs" in use';
        await refused('no array', 'request', `Can't use string ("no array") ${strict}`);
        await refused({}, 'request', 'Not an ARRAY reference');
        await refused(['note', {}], 'invocation', 'Not an ARRAY reference');
        await refused(['note', null], 'invocation', "Can't use an undefined value as an ARRAY reference");
        await refused(['note', 'x'.repeat(40)], 'invocation', `Can't use string ("${'x'.repeat(32)}"...) ${strict}`);
        assert.deepEqual(got[0], ['note', 1, [2], null]);
      },
      { publish: ['note'] },
    ));

  test('of IKC:proxy undef for params names no event', () =>
    withScene(
      async ({ peer, ikc, message }) => {
        ikc('monitor', '*', { error: 'error' });
        peer.send({ event: { kernel: 'Test', session: 'desk', state: 'IKC:proxy' }, params: null });
        const text = "Session 'desk' has not published state ''.  Request poe://Test/desk";
        assert.deepEqual((await message()).params, [text, 'Test', 'check']);
      },
      { publish: ['note'] },
    ));

  test('of IKC:proxy the inner event has to be published', () =>
    withScene(
      async ({ peer, ikc, got, message }) => {
        ikc('monitor', '*', { error: 'error' });
        peer.send({ event: { kernel: 'Test', session: 'desk', state: 'IKC:proxy' }, params: ['secret', [1]] });
        assert.deepEqual((await message()).params, [
          "Session 'desk' has not published state 'secret'.  Request poe://Test/desk/secret",
          'Test',
          'check',
        ]);
        assert.equal(
          got.some(([event]) => event === 'secret'),
          false,
        );
      },
      { publish: ['note'] },
    ));

  test('list context if wantarray is true and there is an rsvp; scalar context if there is an rsvp; otherwise void', () =>
    withScene(
      async ({ peer, message }) => {
        peer.send(
          { event: 'poe://Test/desk/context', wantarray: '1', rsvp: RSVP },
          { event: 'poe://Test/desk/context', wantarray: '', rsvp: RSVP },
          { event: 'poe://Test/desk/context', rsvp: RSVP },
          { event: 'poe://Test/desk/context', wantarray: '1' },
          { event: 'poe://Test/desk/contexts', rsvp: RSVP },
        );
        const answers: unknown[] = [];
        for (let n = 0; n < 4; n++) answers.push((await message()).params);
        assert.deepEqual(answers.slice(0, 3), [['list'], 'no list', 'no list']);
        assert.deepEqual(answers[3], ['list', 'no list', 'no list', 'no list']);
      },
      {
        states: {
          context({ heap, wantarray }) {
            heap.contexts ??= [];
            const context = wantarray ? 'list' : 'no list';
            heap.contexts.push(context);
            return context;
          },
          contexts: ({ heap }) => heap.contexts,
        },
        publish: ['context', 'contexts'],
      },
    ));

  test('params that are missing are one undef', () =>
    withScene(
      async ({ peer, got }) => {
        peer.send({ event: 'poe://Test/desk/note' });
        await until(
          () => got.length > 0,
          () => 'nothing came',
        );
        assert.deepEqual(got, [['note', null]]);
      },
      { publish: ['note'] },
    ));

  test('args of the specifier are the last argument, for a proxied request, too', () =>
    withScene(
      async ({ peer, got }) => {
        peer.send({ event: 'poe://Test/desk/note?extra', params: 1 });
        peer.send({ event: { session: 'desk', state: 'IKC:proxy', args: [9] }, params: ['note', [1, 2]] });
        peer.send({ event: { session: 'desk', state: 'note', args: null }, params: 1 });
        await until(
          () => got.length === 3,
          () => JSON.stringify(got),
        );
        assert.deepEqual(got, [
          ['note', 1, 'extra'],
          ['note', 1, 2, [9]],
          ['note', 1, null],
        ]);
      },
      { publish: ['note'] },
    ));

  test('the kernel part is not looked at', () =>
    withScene(async ({ peer }) => {
      for (const kernel of ['Whatever', '*', 'Test', '127.0.0.1:5']) {
        assert.equal(await peer.call(`poe://${kernel}/app/echo`, kernel), kernel);
      }
      assert.equal(await peer.call('poe:/app/echo', 'none'), 'none');
    }));

  test('a session is called by the name under which it has published, not by its number', () =>
    withScene(async ({ peer, ikc, message, ...scene }) => {
      ikc('monitor', '*', { error: 'error' });
      peer.send({ event: { kernel: 'Test', session: scene.in(({ session }) => session.id), state: 'note' } });
      assert.match(
        String(((await message()).params as unknown[])[0]),
        /^Session '\d+' is not available for remote kernels/,
      );
    }));

  test('what is published but not there is an error of stage resolve', () =>
    withScene(async ({ peer, ikc, message }) => {
      ikc('monitor', '*', { error: 'error' });
      ikc('publish', 'ghost', ['boo']);
      peer.send({ event: 'poe://Test/ghost/boo' });
      const [text, kernel, stage] = (await message()).params as string[];
      assert.match(text ?? '', /^Unknown session 'ghost'.*\. {2}Request poe:\/\/Test\/ghost\/boo$/);
      assert.deepEqual([kernel, stage], ['Test', 'resolve']);
    }));

  test('an event that a session has published but does not know is taken, and not answered', () =>
    withScene(
      async ({ peer, message }) => {
        peer.send({ event: 'poe://Test/desk/missing', rsvp: RSVP });
        peer.send({ event: 'poe://Test/app/echo', params: 'next', rsvp: RSVP });
        assert.equal((await message()).params, 'next');
      },
      { publish: ['missing'] },
    ));

  test('requests are processed in order, each answered before the next one begins', () =>
    withScene(
      async ({ peer, message }) => {
        const requests = Array.from({ length: 50 }, (_, n) => ({
          event: 'poe://Test/desk/step',
          params: n,
          rsvp: RSVP,
        }));
        peer.send(...requests);
        for (let n = 0; n < 50; n++) assert.deepEqual((await message()).params, [n, n]);
      },
      {
        publish: ['step'],
        states: {
          step({ heap }, n) {
            heap.done = heap.done ?? 0;
            return [n, heap.done++];
          },
        },
      },
    ));

  test('session IKC publishes ping, do_you_have and remote_error by itself, and nothing else of the original', () =>
    withScene(async ({ peer, ikc, message }) => {
      ikc('monitor', '*', { error: 'error' });
      assert.equal(await peer.call('poe://Test/IKC/ping'), 'PONG');
      for (const state of [
        'post',
        'call',
        'publish',
        'retract',
        'subscribe',
        'monitor',
        'shutdown',
        'register_local',
      ]) {
        peer.send({ event: `poe://Test/IKC/${state}`, params: ['x'] });
        const [text] = (await message()).params as string[];
        assert.match(text ?? '', new RegExp(`^Session 'IKC' has not published state '${state}'`));
      }
    }));

  test('IKC/published, which is ours alone, lists everything, or one session, and survives anything', () =>
    withScene(
      async ({ peer }) => {
        const all = (await peer.call('poe://Test/IKC/published')) as Record<string, unknown>;
        assert.deepEqual(all.desk, ['one', 'two']);
        assert.deepEqual(await peer.call('poe://Test/IKC/published', 'desk'), ['one', 'two']);
        assert.deepEqual(await peer.call('poe://Test/IKC/published', 'nowhere'), []);
        for (const odd of [{}, [], [['a']], 5, { id: 1 }]) {
          assert.deepEqual(await peer.call('poe://Test/IKC/published', odd), []);
        }
      },
      { publish: ['one', 'two'] },
    ));
});

describe('11 answers', () => {
  const states = {
    zero: () => 0,
    empty: () => '',
    undef: () => null,
    nothing: () => list(),
    one: () => list('x'),
    undefs: () => list(null, null),
    array: () => [1, 2],
  };
  const publish = Object.keys(states);

  /** The answers to requests, behind which an echo comes. */
  async function answered(requests: readonly [state: string, wantarray: unknown][]): Promise<unknown[]> {
    const values: unknown[] = [];
    await withScene(
      async ({ peer, message }) => {
        peer.send(
          ...requests.map(([state, wantarray]) => ({ event: `poe://Test/desk/${state}`, rsvp: RSVP, wantarray })),
          { event: 'poe://Test/app/echo', params: 'end', rsvp: RSVP },
        );
        for (;;) {
          const { params } = await message();
          if (params === 'end') return;
          values.push(params);
        }
      },
      { states, publish },
    );
    return values;
  }

  test('scalar context: 0 and the empty string are answers, undef is not', async () => {
    assert.deepEqual(
      await answered([
        ['zero', ''],
        ['empty', null],
        ['undef', ''],
        ['array', ''],
      ]),
      [0, '', [1, 2]],
    );
  });

  test('list context: the array of all of them, also of one and of undef; an empty list is not answered', async () => {
    assert.deepEqual(
      await answered([
        ['one', '1'],
        ['undefs', 1],
        ['undef', '1'],
        ['nothing', '1'],
        ['array', '1'],
      ]),
      [['x'], [null, null], [null], [[1, 2]]],
    );
  });

  test('wantarray without rsvp has no effect, and without rsvp the value is thrown away', () =>
    withScene(
      async ({ peer, message }) => {
        peer.send({ event: 'poe://Test/desk/one', wantarray: '1' }, { event: 'poe://Test/desk/zero' });
        peer.send({ event: 'poe://Test/app/echo', params: 'end', rsvp: RSVP });
        assert.equal((await message()).params, 'end');
      },
      { states, publish },
    ));

  test('a call opens a one-time permission for session and state of its rsvp', () =>
    withScene(async (scene) => {
      const { peer, ikc, got, message } = scene;
      ikc('monitor', '*', { error: 'error' });
      ikc('call', 'poe://Peer/s/e', 1, 'poe:answered');
      const { rsvp } = await message();
      // Alias and number are different permissions.
      peer.send({ event: 'poe://Test/desk/answered', params: 'by alias' });
      assert.match(String(((await message()).params as unknown[])[0]), /^Session 'desk' is not available/);
      peer.send({ event: rsvp, params: 'by number' }, { event: rsvp, params: 'again' });
      assert.match(String(((await message()).params as unknown[])[0]), /^Session '\d+' is not available/);
      assert.deepEqual(
        got.filter(([event]) => event === 'answered'),
        [['answered', 'by number']],
      );
    }));

  test('each call adds a permission, which stays open if no answer comes', () =>
    withScene(async ({ peer, ikc, got, message }) => {
      ikc('monitor', '*', { error: 'error' });
      ikc('call', 'poe://Peer/s/e', 1, 'poe:answered');
      ikc('call', 'poe://Peer/s/e', 2, 'poe:answered');
      const { rsvp } = await message();
      for (const n of [1, 2, 3]) peer.send({ event: rsvp, params: n });
      await until(
        () => got.some(([event]) => event === 'error'),
        () => JSON.stringify(got),
      );
      assert.deepEqual(
        got.filter(([event]) => event === 'answered'),
        [
          ['answered', 1],
          ['answered', 2],
        ],
      );
    }));

  test('a permission is used up by the first message that fits, from whatever peer', () =>
    withScene(async ({ server, ikc, got, message }) => {
      const other = await IkcPeer.greet(server, 'OtherPeer');
      ikc('call', 'poe://Peer/s/e', 1, 'poe:answered');
      const { rsvp } = await message();
      other.send({ event: rsvp, params: 'from the other one' });
      await until(
        () => got.length > 0,
        () => 'no answer',
      );
      assert.deepEqual(got, [['answered', 'from the other one']]);
      other.end();
    }));

  test('the rsvp may point to a third kernel', () =>
    withScene(async ({ server, peer }) => {
      const third = await IkcPeer.greet(server, 'Third');
      peer.send({ event: 'poe://Test/app/echo', params: 'over', rsvp: { ...RSVP, kernel: 'Third' } });
      const { event, params } = (await third.message()) ?? {};
      assert.deepEqual([{ ...(event as object) }, params], [{ ...RSVP, kernel: 'Third' }, 'over']);
      third.end();
    }));

  test('an rsvp without a state: a warning here, and nothing else', () =>
    withScene(async ({ server, peer, message }) => {
      peer.send({ event: 'poe://Test/app/echo', params: 1, rsvp: { kernel: 'Peer', session: 'me' } });
      peer.send({ event: 'poe://Test/app/echo', params: 'next', rsvp: RSVP });
      assert.equal((await message()).params, 'next');
      await server.takeWarnings('POE_WARN_IKC_REQUEST', 1);
    }));

  test("an rsvp's args come back in event and arrive as an additional argument behind the value", () =>
    withScene(async ({ peer, ikc, got, message }) => {
      ikc('call', 'poe://Peer/s/e', 1, { state: 'answered', args: ['kept'] });
      const { rsvp } = await message();
      peer.send({ event: rsvp, params: 'value' });
      await until(
        () => got.length > 0,
        () => 'no answer',
      );
      assert.deepEqual(got, [['answered', 'value', ['kept']]]);
    }));

  test('an rsvp without a kernel, or for one that is unknown here, is dropped: only error monitors hear of it', () =>
    withScene(async ({ server, peer, ikc, got, message }) => {
      ikc('monitor', '*', { error: 'error' });
      peer.send({ event: 'poe://Test/app/echo', params: 1, rsvp: { session: 'me', state: 'answer' } });
      peer.send({ event: 'poe://Test/app/echo', params: 2, rsvp: { ...RSVP, kernel: 'Nobody' } });
      peer.send({ event: 'poe://Test/app/echo', params: 3, rsvp: RSVP });
      assert.equal((await message()).params, 3);
      await until(
        () => got.length === 2,
        () => JSON.stringify(got),
      );
      assert.deepEqual(
        got.map((told) => told[5]),
        ['resolve', 'resolve'],
      );
      assert.deepEqual(server.warnings, []);
    }));
});

describe('12 the sender of a request', () => {
  const states = { hi: ({ kernel, sender }: any, n: unknown) => void kernel.post(sender, 'answer', n, 'and more') };
  const event = 'poe://Test/desk/hi';

  test('from without a state: the event is its state, params the array of all arguments', () =>
    withScene(
      async ({ peer, message }) => {
        peer.send({ event, params: 1, from: { kernel: 'Peer', session: 'IKCLite' } });
        const came = await message();
        assert.deepEqual(JSON.parse(JSON.stringify([came.event, came.params])), [
          { kernel: 'Peer', session: 'IKCLite', state: 'answer' },
          [1, 'and more'],
        ]);
      },
      { states, publish: ['hi'] },
    ));

  test('from with a state: event is from, params the name and the arguments', () =>
    withScene(
      async ({ peer, message }) => {
        const from = { kernel: 'Peer', session: 'me', state: 'IKC:proxy' };
        peer.send({ event, params: 2, from });
        const came = await message();
        assert.deepEqual(JSON.parse(JSON.stringify([came.event, came.params])), [from, ['answer', [2, 'and more']]]);
      },
      { states, publish: ['hi'] },
    ));

  test('calling an event of the sender sends as posting does', () =>
    withScene(
      async ({ peer, message }) => {
        peer.send({ event, params: 5, from: { kernel: 'Peer', session: 'IKCLite' } });
        assert.deepEqual((await message()).params, [5]);
      },
      { states: { hi: ({ kernel, sender }, n) => void kernel.call(sender, 'answer', n) }, publish: ['hi'] },
    ));

  test('from missing: nothing is sent, only a warning', () =>
    withScene(
      async ({ server, peer, message }) => {
        peer.send({ event, params: 3 }, { event: 'poe://Test/app/echo', params: 'next', rsvp: RSVP });
        assert.equal((await message()).params, 'next');
        await until(
          () => server.warnings.length === 1,
          () => JSON.stringify(server.warnings),
        );
        server.warnings.length = 0;
      },
      { states, publish: ['hi'] },
    ));

  test('events whose name begins with _ are ignored', () =>
    withScene(
      async ({ peer, message }) => {
        peer.send({ event, from: { kernel: 'Peer', session: 'me' } });
        peer.send({ event: 'poe://Test/app/echo', params: 'next', rsvp: RSVP });
        assert.equal((await message()).params, 'next');
      },
      { states: { hi: ({ kernel, sender }) => void kernel.post(sender, '_private', 1) }, publish: ['hi'] },
    ));
});

describe('13 errors', () => {
  test('a failing request is answered with an error, whether it had an rsvp or not', () =>
    withScene(async ({ peer, ikc, message }) => {
      ikc('monitor', '*', { error: 'error' });
      for (const rsvp of [undefined, RSVP]) {
        peer.send({ event: 'poe://Test/nowhere/x', ...(rsvp ? { rsvp } : {}) });
        assert.deepEqual(JSON.parse(JSON.stringify(await message())), {
          event: { kernel: 'Peer', session: 'IKC', state: 'remote_error' },
          params: [
            "Session 'nowhere' is not available for remote kernels.  Request poe://Test/nowhere/x",
            'Test',
            'check',
          ],
          is_error: 1,
        });
      }
    }));

  test('a failing request with is_error is only reported locally', () =>
    withScene(async ({ peer, ikc, got, message }) => {
      ikc('monitor', '*', { error: 'error' });
      peer.send(
        { event: 'poe://Test/nowhere/x', is_error: 1 },
        { event: 'poe://Test/app/echo', params: 'next', rsvp: RSVP },
      );
      assert.equal((await message()).params, 'next');
      assert.equal(got[0]?.[5], 'local-check');
    }));

  test('the kernel of an error is that of the specifier as it was written; sent by names from', () =>
    withScene(async ({ peer, ikc, message }) => {
      ikc('monitor', '*', { error: 'error' });
      for (const kernel of ['Test', '*', 'Whatever', '']) {
        peer.send({ event: { kernel, session: 'nowhere', state: 'x' }, from: { kernel: 'Peer', session: 'me' } });
        const [text, told] = (await message()).params as string[];
        assert.equal(told, kernel);
        assert.ok(text?.endsWith(`.  Request poe:${kernel && `//${kernel}`}/nowhere/x sent by poe://Peer/me`), text);
      }
    }));

  test('a message that ends with a point gets another one', () =>
    withScene(async ({ peer, ikc, message }) => {
      ikc('monitor', '*', { error: 'error' });
      peer.send({ event: 'poe://Test/app/fail', params: 'The end.\n' });
      assert.equal(((await message()).params as string[])[0], 'The end..  Request poe://Test/app/fail');
    }));

  test('receiving an error: monitors of that kernel are told remote-STAGE, or remote if params is text', () =>
    withScene(async ({ peer, ikc, got }) => {
      ikc('monitor', '*', { error: 'error' });
      const send = (params: unknown): void => peer.send({ event: 'poe://Test/IKC/remote_error', params, is_error: 1 });
      send(['a text', 'Elsewhere', 'check']);
      send(['a text', 'Elsewhere', 'remote-check']);
      send('just text');
      send(['a text', 'poe://Elsewhere/app/event', 'check']);
      send(['a text', 'no kernel!', 'check']);
      send('the end');
      await until(
        () => got.length === 5,
        () => JSON.stringify(got),
      );
      assert.deepEqual(
        got.map(([, , kernel, , , operation, text]) => [kernel, operation, text]),
        [
          ['Elsewhere', 'remote-check', 'a text'],
          ['Elsewhere', 'remote-check', 'a text'],
          ['*', 'remote', 'just text'],
          ['Elsewhere', 'remote-check', 'a text'],
          ['*', 'remote', 'the end'],
        ],
      );
    }));

  test('if nobody monitors, a warning is printed', () =>
    withScene(async ({ server, peer }) => {
      peer.send({ event: 'poe://Test/IKC/remote_error', params: ['a text', 'Peer', 'check'], is_error: 1 });
      assert.deepEqual(await server.takeWarnings('POE_WARN_IKC_ERROR', 1), ['remote-check error: a text']);
    }));
});
