import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { inspect } from 'node:util';
import { Kernel, type list } from 'poe-kernel';
import { IkcError, Responder } from 'poe-kernel/ikc';
import { withPair } from '../../helpers/ikc-pair.ts';
import { IkcWorld } from '../../helpers/ikc-world.ts';

interface App {
  echo: (x: string | number) => string | number;
  later: (x: string) => Promise<string>;
  list: (n: number) => number;
  fail: (text: string) => string;
  missing: () => number;
}

/** The rejection of a promise, which must be an IkcError, as operation, stage, kernel and specifier. */
async function failure(promise: Promise<unknown>): Promise<string[]> {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof IkcError, inspect(error));
    assert.equal(error.code, 'POE_ERR_IKC_CALL');
    return [error.operation, error.stage, error.kernel, error.specifier];
  }
  throw new Error('It was not rejected');
}

describe('Responder.remote()', () => {
  test('makes each event a method that returns a promise', () =>
    withPair(async ({ ikc }) => {
      const app = ikc.remote<App>('poe://Test/app');
      assert.equal(await app.echo('a'), 'a');
      assert.deepEqual(await Promise.all([app.echo(1), app.later('b'), app.echo('c')]), [1, 'b', 'c']);
      assert.equal(app.echo, app.echo);
    }));

  test('takes short text, a hash, and no kernel for the default one', () =>
    withPair(async ({ ikc }) => {
      for (const to of ['Test/app', { kernel: 'Test', session: 'app' }, 'poe:/app']) {
        assert.equal(await ikc.remote<App>(to).echo('x'), 'x', inspect(to));
      }
    }));

  test('rejects with an IkcError that says how far it came, where, and of what', () =>
    withPair(
      async ({ ikc, kernel }) => {
        const app = ikc.remote<App>('poe://Test/app');
        const nobody = ikc.remote<App>('poe://Nobody/app');
        const elsewhere = ikc.remote<App>('poe://Test/elsewhere');
        assert.deepEqual(await failure(app.fail('boom')), [
          'remote-invocation',
          'invocation',
          'Test',
          'poe://Test/app/fail',
        ]);
        assert.deepEqual(await failure(app.missing()), ['remote-check', 'check', 'Test', 'poe://Test/app/missing']);
        assert.deepEqual(await failure(elsewhere.missing()), [
          'remote-check',
          'check',
          'Test',
          'poe://Test/elsewhere/missing',
        ]);
        assert.deepEqual(await failure(nobody.echo(1)), ['resolve', 'resolve', 'Nobody', 'poe://Nobody/app/echo']);
        assert.deepEqual(await failure(app.later.with({ timeout: 0.001 })('x')), [
          'timeout',
          'timeout',
          'Test',
          'poe://Test/app/later',
        ]);
        kernel.call('IKC', 'shutdown');
        assert.deepEqual(await failure(app.echo(1)), ['shutdown', 'shutdown', 'Test', 'poe://Test/app/echo']);
      },
      { states: { got_error() {} } },
    ));

  test('with() has options of its own, on top of those of the remote', () =>
    IkcWorld.use(async (world) => {
      world.server({}, { never: () => new Promise(() => {}) });
      const client = world.client();
      await world.advance(1);
      const app = client.ikc.remote<{ never: () => number }>('poe://Server/app', { timeout: 5 });
      const at: string[] = [];
      const note = (what: string) => (error: IkcError) =>
        at.push(`${what}: ${error.stage} at ${world.simulation.now.toFixed()}`);
      void app.never().catch(note('usual'));
      void app.never.with({ timeout: 2 })().catch(note('short'));
      void app.never.with({})().catch(note('usual, too'));
      void client.ikc.remote<{ never: () => number }>('poe://Server/app').never().catch(note('default'));
      await world.advance(40);
      assert.deepEqual(at, [
        'short: timeout at 3',
        'usual: timeout at 6',
        'usual, too: timeout at 6',
        'default: timeout at 31',
      ]);
    }));

  test('a signal gives up a call, or refuses it at once; the late answer is dropped without a word', () =>
    IkcWorld.use(async (world) => {
      let answer: (value: string) => void = () => {};
      const server = world.server(
        {},
        {
          slow: () =>
            new Promise((resolve) => {
              answer = resolve;
            }),
        },
      );
      const client = world.client();
      await world.advance(1);
      const app = client.ikc.remote<{ slow: () => string; echo: (x: number) => number }>('poe://Server/app');
      const leaving = new AbortController();
      const reason = new Error('changed my mind');
      const call = app.slow.with({ signal: leaving.signal })();
      await world.advance(1);
      leaving.abort(reason);
      await assert.rejects(call, (error: IkcError) => error.stage === 'abort' && error.cause === reason);
      await assert.rejects(app.slow.with({ signal: leaving.signal })(), { stage: 'abort' });
      // What was answered before is not touched by a later end of the signal.
      const other = new AbortController();
      const [value] = await Promise.all([app.echo.with({ signal: other.signal })(7), world.advance(1)]);
      other.abort();
      assert.equal(value, 7);
      for (const member of [server, client]) {
        member.ikc.monitor('*', { error: 'got_error' }, member.kernel.aliasResolve('app') as never);
      }
      answer('too late');
      await world.advance(1);
      assert.deepEqual([...server.got, ...client.got], []);
    }));

  test('one signal may end any number of calls, without a warning of Node', () =>
    IkcWorld.use(async (world) => {
      world.server({}, { never: () => new Promise(() => {}) });
      const client = world.client();
      await world.advance(1);
      const warnings: Error[] = [];
      const listener = (warning: Error): void => void warnings.push(warning);
      process.on('warning', listener);
      const leaving = new AbortController();
      const { signal } = leaving;
      const app = client.ikc.remote<{ never: () => number; echo: (x: number) => number }>('poe://Server/app', {
        signal,
      });
      const answered = Promise.all(Array.from({ length: 20 }, (_, n) => app.echo(n)));
      await world.advance(1);
      assert.deepEqual(await answered, [...Array(20).keys()]);
      const calls = Promise.allSettled(Array.from({ length: 20 }, () => app.never()));
      await world.advance(1);
      leaving.abort();
      const stages = (await calls).map((call) => call.status === 'rejected' && (call.reason as IkcError).stage);
      assert.deepEqual(new Set(stages), new Set(['abort']));
      await new Promise((resolve) => setTimeout(resolve, 10));
      process.off('warning', listener);
      assert.deepEqual(warnings, []);
    }));

  test('a time limit must be a time', () =>
    withPair(async ({ ikc }) => {
      const app = ikc.remote<App>('poe://Test/app');
      for (const timeout of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
        await assert.rejects(app.echo.with({ timeout })(1), { code: 'POE_ERR_IKC_PARAMETER' });
      }
    }));

  test('in list context it gives all values', () =>
    withPair(async ({ ikc }) => {
      const app = ikc.remote<{ list: (n: number) => ReturnType<typeof list> }>('poe://Test/app');
      assert.deepEqual(await app.list.with({ list: true })(3), [0, 1, 2]);
      assert.equal(await app.list(3), 2);
    }));

  test('post() posts, and returns to how many kernels', () =>
    IkcWorld.use(async (world) => {
      const server = world.server();
      const client = world.client();
      await world.advance(1);
      const app = client.ikc.remote<{ note: [text: string] }>('poe://Server/app');
      assert.equal(app.note.post('hello'), 1);
      await world.advance(1);
      assert.deepEqual(server.got, [['note', 'hello']]);
      assert.equal(client.ikc.remote<{ note: [text: string] }>('poe://Nobody/app').note.post('x'), 0);
    }));

  test('is no promise and no message goes out when it is awaited, printed, compared or made JSON', async () => {
    const kernel = new Kernel();
    const ikc = Responder.spawn({ kernel });
    const letters: unknown[] = [];
    ikc.hooks.deadLetter.tap('test', (letter) => letters.push(letter));
    const remote = ikc.remote('poe://Nobody/app');
    assert.equal(await Promise.resolve(remote), remote);
    assert.equal(`${remote}`, 'poe://Nobody/app');
    assert.equal(inspect(remote), 'Remote poe://Nobody/app');
    assert.equal(JSON.stringify({ remote }), '{"remote":{}}');
    assert.notDeepEqual(remote, {});
    assert.equal(remote instanceof Promise, false);
    assert.deepEqual(Object.keys(remote), ['toString']);
    for (const name of ['then', 'toJSON', 'constructor', 'hasOwnProperty', '__proto__', 'valueOf']) {
      assert.notEqual(typeof (remote as never)[name] === 'function' && 'with' in (remote as never)[name], true, name);
    }
    assert.equal((remote as never)[Symbol.iterator], undefined);
    assert.throws(() => {
      (remote as Record<string, unknown>).echo = 1;
    }, TypeError);
    assert.deepEqual(letters, []);
    ikc.shutdown();
    await kernel.run();
  });

  test('reaches the own kernel under its ID and its names, as if it were another one', () =>
    IkcWorld.use(async (world) => {
      const member = world.member();
      const app = member.ikc.remote<App>(`poe://${member.kernel.id}/app`);
      const [value] = await Promise.all([app.echo('me'), world.advance(0.1)]);
      assert.equal(value, 'me');
      const [refusal] = await Promise.all([failure(app.missing()), world.advance(0.1)]);
      assert.deepEqual(refusal.slice(0, 2), ['remote-check', 'check']);
      member.ikc.registerLocal('Myself');
      const [again] = await Promise.all([member.ikc.remote<App>('poe://Myself/app').echo(2), world.advance(0.1)]);
      assert.equal(again, 2);
    }));

  test('refuses what is no session of a kernel', () => {
    const ikc = Responder.spawn({ kernel: new Kernel() });
    for (const [specifier, found] of [
      ['poe://Test', 'no session'],
      ['poe://Test/app/echo', 'an event'],
      ['poe://a b/c/d/e', 'no session'],
      ['', 'no session'],
    ] as const) {
      assert.throws(
        () => ikc.remote(specifier),
        (error: Error & { code: string }) => error.code === 'POE_ERR_IKC_SPECIFIER' && error.message.includes(found),
        specifier,
      );
    }
  });
});
