import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Thunks } from '../../../components/ikc/thunks.ts';
import { Kernel, type KernelView, Session } from '../../../core/index.ts';

interface Setting {
  kernel: KernelView;
  thunks: Thunks;
  /** Requests an event of the test's session on behalf of a foreign session of that name. */
  request: (state: string, from: string) => unknown;
  /** Numbers of the sessions that the handlers saw as senders, one an event. */
  senders: (string | number)[];
  /** What was sent back: event, session it goes to, value. */
  sent: [state: unknown, session: unknown, value: unknown][];
}

/** Runs `steps` one after the other, each in a turn of its own, in a kernel with thunks. */
async function run(...steps: ((setting: Setting) => void)[]): Promise<Setting> {
  const kernel = new Kernel();
  const senders: Setting['senders'] = [];
  const sent: Setting['sent'] = [];
  let setting!: Setting;
  Session.create({
    kernel,
    inlineStates: {
      _start({ kernel, session }) {
        const thunks = new Thunks(kernel, ({ event, params }) => {
          const { state, session } = event as { state: unknown; session: unknown };
          sent.push([state, session, (params as unknown[])[0]]);
        });
        const request = (state: string, from: string): unknown =>
          thunks.call({ kernel: 'far', session: from }, {} as never, session, state, [from], false);
        setting = { kernel, thunks, request, senders, sent };
        kernel.yield('step');
      },
      step({ kernel }) {
        steps.shift()?.(setting);
        if (steps.length > 0) kernel.delay('step', 0.001);
      },
      look({ sender }) {
        senders.push(sender.id);
      },
      reply({ kernel, sender }, value) {
        senders.push(sender.id);
        kernel.post(sender, 'replied', value);
      },
      hold({ kernel, sender }, value) {
        senders.push(sender.id);
        kernel.refcountIncrement((sender as Session).id, 'held');
        kernel.delaySet('let_go', 0.01, sender, value);
      },
      let_go({ kernel }, sender: Session, value) {
        kernel.post(sender, 'let_go', value);
        kernel.refcountDecrement(sender.id, 'held');
      },
      async later({ kernel, sender }, value) {
        senders.push(sender.id);
        await new Promise((resolve) => setTimeout(resolve, 10));
        kernel.post(sender, 'at_last', value);
      },
      nest({ sender }) {
        senders.push(sender.id);
        setting.request('look', 'inner');
      },
      fail({ sender }) {
        senders.push(sender.id);
        throw new Error('failed');
      },
    },
  });
  await kernel.run();
  return setting;
}

const settle = ({ thunks }: Setting): void => thunks.prepare();

describe('Thunks', () => {
  test('call() lets one session stand for sender after sender', async () => {
    const { senders } = await run(settle, (setting) => {
      for (const from of ['a', 'b', 'c']) setting.request('look', from);
    });
    assert.equal(senders.length, 3);
    assert.equal(new Set(senders).size, 1);
  });

  test('call() comes to one session also without prepare(), once that has settled', async () => {
    const look = ({ request }: Setting): unknown => request('look', 'a');
    const { senders } = await run(look, look, look, look);
    assert.equal(senders[2], senders[3]);
  });

  test('what a handler posts to its sender goes to where its own request came from', async () => {
    const { senders, sent } = await run(settle, ({ request }) => {
      for (const from of ['a', 'b', 'c']) request('reply', from);
    });
    assert.equal(new Set(senders).size, 3);
    assert.deepEqual(sent, [
      ['replied', 'a', 'a'],
      ['replied', 'b', 'b'],
      ['replied', 'c', 'c'],
    ]);
  });

  test('call() comes back to the session that has sent its answers', async () => {
    const { senders, sent } = await run(
      settle,
      ({ request }) => request('reply', 'a'),
      ({ request }) => request('reply', 'b'),
      ({ request }) => request('look', 'c'),
    );
    assert.equal(senders.length, 3);
    assert.equal(new Set(senders).size, 1);
    assert.deepEqual(sent, [
      ['replied', 'a', 'a'],
      ['replied', 'b', 'b'],
    ]);
  });

  test('a sender that is held goes on for its own request, whatever comes in between', async () => {
    const { sent } = await run(settle, ({ request }) => {
      request('hold', 'a');
      for (const from of ['b', 'c']) request('look', from);
    });
    assert.deepEqual(sent, [['let_go', 'a', 'a']]);
  });

  test('an async handler answers to the sender of its own request', async () => {
    const { sent } = await run(settle, ({ request }) => {
      request('later', 'a');
      request('look', 'b');
    });
    assert.deepEqual(sent, [['at_last', 'a', 'a']]);
  });

  test('a request inside of a request has a sender of its own', async () => {
    const { senders } = await run(settle, ({ request }) => request('nest', 'outer'));
    assert.equal(senders.length, 2);
    assert.notEqual(senders[0], senders[1]);
  });

  test('an exception comes out, and the next request is served', async () => {
    const { senders } = await run(settle, ({ request }) => {
      assert.throws(() => request('fail', 'a'), /^Error: failed$/);
      request('look', 'b');
    });
    assert.equal(senders[0], senders[1]);
  });

  test('only the one for the next request is left of many', async () => {
    let left: unknown[] = [];
    await run(
      settle,
      ({ request }) => {
        for (let n = 0; n < 100; n++) request(n % 2 === 0 ? 'reply' : 'look', String(n));
      },
      ({ kernel, senders }) => {
        left = senders.filter((sender) => kernel.aliasResolve(sender) !== undefined);
      },
    );
    assert.ok(left.length <= 1, `${left.length} sessions are left`);
  });
});
