import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IkcPeer } from '../../helpers/ikc-peer.ts';
import { TestServer } from '../../helpers/ikc-server.ts';

/**
 * Messages as Perl's Storable 3.26 freezes them (`nfreeze`, in canonical order) if their strings are held as characters: after
 * `utf8::upgrade($_)` of each.
 */
const FROZEN = {
  // { event => { kernel => 'Test', session => 'app', state => 'echo' }, params => 'x', rsvp => { kernel => 'Peer', session => 'me', state => "caf\xe9" } }
  values:
    '050b0300000003040300000003170454657374000000066b65726e656c17036170700000000773657373696f6e17046563686f000000057374617465000000056576656e740a017800000006706172616d73040300000003170450656572000000066b65726e656c17026d650000000773657373696f6e1705636166c3a90000000573746174650000000472737670',
  // { event => 'poe://Test/app/echo', params => "x\xe9", rsvp => { kernel => 'Peer', session => 'me', state => 'answer' } }, keys as well
  keys: '050b1900000000031713706f653a2f2f546573742f6170702f6563686f02000000056576656e74170378c3a90200000006706172616d730419000000000317045065657202000000066b65726e656c0a026d65020000000773657373696f6e1706616e7377657202000000057374617465020000000472737670',
};

test('names that Perl holds as characters, in hashes and in text, mean what they mean in octets', () =>
  TestServer.use({}, async (server) => {
    const peer = await IkcPeer.greet(server, 'Peer');
    const sendFrozen = (hex: string): void => {
      const image = Buffer.from(hex, 'hex');
      peer.write(Buffer.concat([Buffer.from(`${image.length}\0`), image]));
    };
    sendFrozen(FROZEN.values);
    const first = await peer.message();
    assert.equal(first?.params, 'x');
    assert.deepEqual({ ...(first?.event as object) }, { kernel: 'Peer', session: 'me', state: 'caf\xe9' });
    sendFrozen(FROZEN.keys);
    const second = await peer.message();
    assert.equal(second?.params, 'x\xe9');
    assert.deepEqual({ ...(second?.event as object) }, { kernel: 'Peer', session: 'me', state: 'answer' });
    peer.end();
  }));
