import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Kernel, Session } from 'poe-kernel';
import { IkcError, Responder, Server } from 'poe-kernel/ikc';
import { type Pair, withPair } from '../../helpers/ikc-pair.ts';
import { TestServer, until } from '../../helpers/ikc-server.ts';

/** Warnings of this process while something is done, as codes; at least as many as said are waited for. */
async function warningsOf(act: () => unknown, least = 0): Promise<string[]> {
  const codes: string[] = [];
  const listener = (warning: Error & { code?: string }): void => void codes.push(warning.code ?? '');
  process.on('warning', listener);
  try {
    await act();
    await until(
      () => codes.length >= least,
      () => codes.join(),
    );
    await new Promise((resolve) => setTimeout(resolve, 20));
  } finally {
    process.off('warning', listener);
  }
  return codes;
}

async function got(pair: Pair, count: number): Promise<unknown[][]> {
  await until(
    () => pair.got.length >= count,
    () => JSON.stringify(pair.got),
  );
  await new Promise((resolve) => setTimeout(resolve, 10));
  return pair.got.splice(0);
}

/** Does something in a session of the client's kernel. */
function inSession({ kernel }: Pair, act: (kernel: Kernel) => unknown): unknown {
  let result: unknown;
  Session.create({
    kernel,
    inlineStates: {
      _start: () => {
        result = act(kernel);
      },
    },
  });
  return result;
}

describe('Responder, the events of the session IKC', () => {
  test('post returns how many kernels it went to, 0 for an unknown one, undefined where something is missing', () =>
    withPair(async (pair) => {
      const post = (to: unknown, x?: unknown): unknown =>
        inSession(pair, (kernel) => kernel.call('IKC', 'post', to, x));
      assert.equal(post('poe://Test/app/echo', 1), 1);
      assert.equal(post({ kernel: 'Test', session: 'app', state: 'echo' }), 1);
      assert.equal(post('Test/app/echo'), 1);
      assert.equal(post('poe:/app/echo'), 1);
      const warned = await warningsOf(() => {
        // All kernels: the server, and the own one, where nothing of the kind is published.
        assert.equal(post('poe://*/app/echo'), 2);
        assert.equal(post('poe://Nobody/app/echo'), 0);
        assert.equal(post('poe://Test/app'), undefined);
        assert.equal(post('poe://Test'), undefined);
        assert.equal(post('no specifier/at/all/x'), undefined);
        assert.equal(post(undefined), undefined);
      });
      assert.deepEqual(warned, [
        'POE_WARN_IKC_ERROR',
        'POE_WARN_IKC_ERROR',
        'POE_WARN_IKC_DEAD_LETTER',
        'POE_WARN_IKC_REQUEST',
        'POE_WARN_IKC_REQUEST',
        'POE_WARN_IKC_UNSENT',
        'POE_WARN_IKC_UNSENT',
      ]);
    }));

  test('post without a kernel goes to the default one; without any it is refused', async () => {
    const kernel = new Kernel();
    const ikc = Responder.spawn({ kernel });
    assert.deepEqual(await warningsOf(() => assert.equal(ikc.post('poe:/app/echo', 1), undefined)), [
      'POE_WARN_IKC_REQUEST',
    ]);
    assert.deepEqual(await warningsOf(() => assert.equal(ikc.default('Nobody'), undefined)), [
      'POE_WARN_IKC_UNKNOWN_KERNEL',
    ]);
    ikc.registerLocal('Own');
    assert.equal(ikc.default('Own'), 0);
    assert.equal(ikc.default(kernel.id), 0);
    ikc.shutdown();
    await kernel.run();
  });

  test('call answers to an event of the caller, or to another one', () =>
    withPair(async (pair) => {
      const { ikc, kernel } = pair;
      Session.create({
        kernel,
        inlineStates: {
          _start: ({ kernel }) => {
            kernel.aliasSet('asker');
            kernel.post('IKC', 'call', 'poe://Test/app/echo', 'to me', 'poe:answer');
            kernel.post('IKC', 'call', 'poe://Test/app/echo', 'to another', { session: 'me', state: 'got' });
            kernel.post('IKC', 'call', 'poe://Test/app/echo', 'in full', `poe://${kernel.id}/me/got`);
          },
          answer: ({ kernel }, value) => kernel.post('me', 'got', value),
        },
      });
      assert.deepEqual((await got(pair, 3)).map(([, value]) => value).sort(), ['in full', 'to another', 'to me']);
      const warned = await warningsOf(() => {
        for (const rsvp of [undefined, '', 'bare', 'poe://x/y/z/bad', 7]) {
          assert.equal(
            inSession(pair, (kernel) => kernel.call('IKC', 'call', 'poe://Test/app/echo', 1, rsvp)),
            undefined,
          );
        }
      });
      assert.deepEqual(
        warned,
        Array.from({ length: 5 }, () => 'POE_WARN_IKC_REQUEST'),
      );
      assert.equal(ikc.call('poe://Test/app/echo', 'by method', { session: 'me', state: 'got' }), 1);
      assert.deepEqual(await got(pair, 1), [['got', 'by method']]);
    }));

  test('an answer is let in once, and only where it was asked for', () =>
    withPair(async (pair) => {
      const { server, ikc } = pair;
      ikc.call('poe://Test/app/echo', 'first', { kernel: '', session: 'me', state: 'got' });
      await got(pair, 1);
      ikc.monitor('*', { error: 'got' }, pair.me);
      assert.deepEqual(await warningsOf(() => server.ikc.post('poe://Mine/me/got', 'once more'), 1), [
        'POE_WARN_IKC_ERROR',
      ]);
      const [[, , , , , operation, text] = []] = await got(pair, 1);
      assert.equal(operation, 'local-check');
      assert.match(String(text), /^Session 'me' is not available/);
    }));

  test('post2 and raw_message speak for a session', () =>
    withPair(
      async (pair) => {
        const { ikc, kernel, me } = pair;
        ikc.publish(me, ['got', 'answer']);
        kernel.post('IKC', 'post2', 'poe://Test/app/reply', me, 'x');
        kernel.post('IKC', 'raw_message', { event: 'poe://Test/app/reply', params: 'y' }, 'me');
        await until(
          () => pair.got.length + answered.length >= 2,
          () => 'no answers',
        );
        assert.deepEqual(answered.splice(0), ['x', 'y']);
      },
      { states: { answer: (_, value) => void answered.push(value) } },
    ));
  const answered: unknown[] = [];

  test('publish, published and retract', async () => {
    const kernel = new Kernel();
    const ikc = Responder.spawn({ kernel });
    assert.equal(Responder.spawn({ kernel }), ikc);
    const results: unknown[] = [];
    Session.create({
      kernel,
      inlineStates: {
        _start({ kernel, session }) {
          kernel.aliasSet('one');
          kernel.aliasSet('other');
          const call = (...args: [string, ...unknown[]]): void => void results.push(kernel.call('IKC', ...args));
          call('publish', session, ['a', 'b']);
          call('publish', undefined, ['c']);
          call('publish', 'to_come', ['d']);
          call('published', 'one');
          call('published', 'other');
          call('published', 'unheard_of');
          call('retract', 'one', ['a']);
          call('retract', 'other');
          call('retract', 'unheard_of');
          results.push({ ...kernel.call('IKC', 'published') });
          call('ping');
          call('register_local', ['Home']);
        },
      },
    });
    assert.throws(() => ikc.publish('x', 'y' as unknown as string[]), { code: 'POE_ERR_IKC_PUBLISH' });
    assert.throws(() => ikc.monitor(''), { code: 'POE_ERR_IKC_SPECIFIER' });
    ikc.shutdown();
    assert.deepEqual(await warningsOf(() => kernel.run()), ['POE_WARN_IKC_RETRACT']);
    assert.deepEqual(results, [
      ...[1, 1, 1, ['a', 'b', 'c'], ['a', 'b', 'c'], [], 1, 1, 0],
      { IKC: ['remote_error', 'do_you_have', 'ping', 'published'], one: ['b', 'c'], to_come: ['d'] },
      ...['PONG', 1],
    ]);
  });

  test('shutdown is told, and ends a kernel with a server and connections', () =>
    TestServer.use({}, async () => {
      const kernel = new Kernel();
      const told: unknown[][] = [];
      Server.spawn({ kernel, port: 0 });
      Session.create({
        kernel,
        inlineStates: {
          _start({ kernel }) {
            kernel.aliasSet('watch');
            kernel.post('IKC', 'monitor', '*', { shutdown: 'gone', data: 7 });
            kernel.post('IKC', 'shutdown');
          },
          gone: (_, ...args) => void told.push(args),
        },
      });
      await kernel.run();
      assert.deepEqual(told, [['*', '*', undefined, 7]]);
      assert.equal(kernel.getSessionCount(), 0);
    }));
});

describe('Responder.call(), awaited', () => {
  const failure = async (call: Promise<unknown>): Promise<IkcError> => {
    const error = await call.then(
      () => assert.fail('it was answered'),
      (error: unknown) => error,
    );
    assert.ok(error instanceof IkcError, String(error));
    assert.equal(error.code, 'POE_ERR_IKC_CALL');
    return error;
  };

  test('gives the value, in scalar or list context, of plain and async handlers', () =>
    withPair(async ({ ikc }) => {
      assert.equal(await ikc.call('poe://Test/app/echo', 'x'), 'x');
      assert.equal(await ikc.call('Test/app/later', 'x'), 'x');
      assert.deepEqual(await ikc.call('poe://Test/app/list', 3, { list: true }), [0, 1, 2]);
      assert.equal(await ikc.call('poe://Test/app/list', 3), 2);
      assert.deepEqual(await ikc.call('poe://Test/app/echo', null, { list: true }), [null]);
      const many = Array.from({ length: 500 }, (_, n) => n);
      assert.deepEqual(await Promise.all(many.map((n) => ikc.call('poe://Test/app/echo', n))), many);
    }));

  test('works within the own kernel', () =>
    withPair(
      async ({ ikc, me }) => {
        ikc.publish(me, ['double']);
        assert.equal(await ikc.call('poe://Mine/me/double', 21), 42);
      },
      { states: { double: (_, x) => 2 * x } },
    ));

  test('fails with what the other side says', () =>
    withPair(async ({ ikc, server }) => {
      await warningsOf(async () => {
        const refused = await failure(ikc.call('poe://Test/app/hidden'));
        assert.equal(refused.operation, 'remote-check');
        assert.match(refused.message, /^Session 'app' has not published state 'hidden'/);
        assert.equal((await failure(ikc.call('poe://Test/app/fail', 'boom'))).operation, 'remote-invocation');
        assert.match((await failure(ikc.call('poe://Test/app/fail_later', 'later'))).message, /^later/);
        const [good, bad] = await Promise.allSettled([
          ikc.call('poe://Test/app/echo', 'good'),
          ikc.call('poe://Test/app/fail', 'x'),
        ]);
        assert.deepEqual([good.status, bad.status], ['fulfilled', 'rejected']);
      });
      await server.takeWarnings('POE_WARN_IKC_ERROR', 4);
    }));

  test('fails where there is no such kernel, and for what is no specifier', () =>
    withPair(async ({ ikc }) => {
      assert.equal((await failure(ikc.call('poe://Nobody/x/y'))).operation, 'resolve');
      await warningsOf(async () => assert.equal((await failure(ikc.call('poe://Test/app'))).operation, 'resolve'));
      await assert.rejects(ikc.call('no/specifier/at all/x'), { code: 'POE_ERR_IKC_SPECIFIER' });
      await assert.rejects(
        ikc.call('poe://Test/app/echo', () => 1),
        { code: 'POE_ERR_FREEZE_VALUE' },
      );
    }));

  test('fails when no answer comes in time; one that comes then is refused', () =>
    withPair(async ({ ikc, server }) => {
      const error = await failure(ikc.call('poe://Test/app/echo', null, { timeout: 0.05 }));
      assert.equal(error.operation, 'timeout');
      assert.match(error.message, /^Cannot call poe:\/\/Test\/app\/echo: no answer within 0\.05 s/);
      await warningsOf(() => server.ikc.post({ kernel: 'Mine', session: 'IKC', state: 'IKC:1 call' }, 'too late'));
    }));

  test('fails when the connection goes', () =>
    withPair(async ({ ikc, server }) => {
      const call = ikc.call('poe://Test/app/echo', null);
      assert.equal(await ikc.call('poe://Test/app/echo', 1), 1);
      server.ikc.shutdown();
      assert.equal((await failure(call)).operation, 'disconnect');
    }));

  test('fails when IKC is shut down, before or after', () =>
    withPair(async ({ ikc }) => {
      const waiting = ikc.call('poe://Test/app/echo', null);
      ikc.shutdown();
      assert.equal((await failure(waiting)).operation, 'shutdown');
      assert.equal((await failure(ikc.call('poe://Test/app/echo', 1))).operation, 'shutdown');
    }));

  test('does not overtake what was posted before', () =>
    withPair(async ({ ikc, kernel }) => {
      await new Promise((resolve) => ikc.subscribe('poe://Test/app', resolve));
      for (let n = 0; n < 10; n++) kernel.post('app', 'relay', ['poe://Mine/me/got', n]);
      assert.equal(await ikc.call('poe://Test/app/echo', 'last'), 'last');
    }));
});
