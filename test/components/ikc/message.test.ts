import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readMessage } from '../../../components/ikc/message.ts';

/** A hash as it is thawed. */
const hash = (pairs: object) => Object.assign(Object.create(null), pairs) as object;
const bad = { name: 'PoeDataError', code: 'POE_ERR_IKC_MESSAGE' };

describe('readMessage', () => {
  it('readMessage() reads what ClientLite calls with', () => {
    const rsvp = hash({ kernel: 'Lite', session: 'IKCLite', state: 'response0' });
    const from = hash({ kernel: 'Lite', session: 'IKCLite' });
    const message = readMessage(hash({ event: 'poe://Interop/interop/echo', params: 'x', rsvp, from, wantarray: '1' }));
    assert.deepEqual(message, {
      event: { kernel: 'Interop', session: 'interop', state: 'echo' },
      params: 'x',
      rsvp,
      from,
      wantarray: true,
      isError: false,
      headers: undefined,
    });
    assert.equal(message.rsvp, rsvp, 'to be sent back unchanged');
    assert.equal(message.from, from);
  });

  it('readMessage() fills in what is missing', () => {
    const nothing = {
      event: undefined,
      params: null,
      rsvp: undefined,
      from: undefined,
      wantarray: false,
      isError: false,
      headers: undefined,
    };
    assert.deepEqual(readMessage(hash({})), nothing);
    assert.deepEqual(readMessage({ params: null, rsvp: null, from: '', wantarray: '', is_error: 0 }), nothing);
    assert.deepEqual(readMessage({ rsvp: '0', from: '0', wantarray: '0', is_error: '0' }), nothing);
  });

  it('readMessage() knows no event where there is none to be read', () => {
    for (const event of ['', 'a!', 'poe:a/b', ['1'], 5, null, { session: [] }]) {
      assert.equal(readMessage({ event }).event, undefined);
    }
    assert.deepEqual(readMessage({ event: hash({ session: 's', state: 'IKC:proxy' }) }).event, {
      kernel: '',
      session: 's',
      state: 'IKC:proxy',
    });
  });

  it('readMessage() keeps an rsvp that is text as it is, whether it leads anywhere or not', () => {
    assert.equal(readMessage({ rsvp: 'poe://Probe/s/t?zz' }).rsvp, 'poe://Probe/s/t?zz');
    assert.equal(readMessage({ rsvp: 'a!' }).rsvp, 'a!');
    const odd = { kernel: 'Probe', session: 17, state: 'a b(c):d', args: [1, 2] };
    assert.equal(readMessage({ rsvp: odd }).rsvp, odd);
  });

  it('readMessage() knows errors', () => {
    const message = readMessage({
      event: 'poe://Interop/IKC/remote_error',
      is_error: 1,
      params: ['text', null, 'check'],
    });
    assert.equal(message.isError, true);
    assert.deepEqual(message.params, ['text', null, 'check']);
  });

  it('readMessage() leaves out what receivers write for themselves, and unknown keys', () => {
    const message = readMessage({ event: 'a/b', errors_to: 'x', call: 'a string', foo: 'bar' });
    assert.deepEqual(Object.keys(message).sort(), [
      'event',
      'from',
      'headers',
      'isError',
      'params',
      'rsvp',
      'wantarray',
    ]);
  });

  it('readMessage() refuses what is no hash', () => {
    for (const value of [undefined, null, '', 'text', 1, true, [], ['event', 'a/b'], new Map(), new Date(0)]) {
      assert.throws(() => readMessage(value), bad);
    }
  });

  it('readMessage() refuses rsvp and from of kinds that genuine peers die of', () => {
    for (const wrong of [[], 5, true, new Map(), { state: {} }, { session: [1] }]) {
      assert.throws(() => readMessage({ rsvp: wrong }), bad);
      assert.throws(() => readMessage({ from: wrong }), bad);
    }
    assert.throws(() => readMessage({ from: 'poe://a/b' }), bad);
  });

  it('readMessage() looks at own keys only', () => {
    const hostile = JSON.parse('{"__proto__": {"event": "a/b", "is_error": 1, "rsvp": "x"}}') as object;
    assert.deepEqual(readMessage(hostile), readMessage({}));
    assert.deepEqual(readMessage(Object.assign(Object.create(null), { constructor: 1 })), readMessage({}));
  });
});
