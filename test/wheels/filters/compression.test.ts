import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { compress, uncompress } from '../../../wheels/filters/compression.ts';
import { fc } from '../../helpers/property.ts';

const MIB = 1024 * 1024;

describe('uncompress', () => {
  it('uncompress() undoes compress()', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), (octets) => {
        assert.deepEqual(uncompress(compress(octets), MIB), Buffer.from(octets));
      }),
    );
  });

  it('uncompress() allows a hundredfold beyond 64 KiB, to the octet', () => {
    // Half a MiB of zeros, followed by as much noise as brings the ratio down to where it is wanted.
    const zeros = Buffer.alloc(MIB / 2);
    const noise = createHash('shake256', { outputLength: 8000 }).update('noise').digest();
    const within = (length: number) => {
      const octets = Buffer.concat([zeros, noise.subarray(0, length)]);
      const packed = compress(octets);
      return { packed, octets, spare: 100 * packed.length - octets.length };
    };
    // One more octet of noise never takes away more than it brings, so halving finds the place.
    let [length, below] = [8000, 0];
    while (length - below > 1) {
      const middle = (length + below) >> 1;
      if (within(middle).spare < 0) below = middle;
      else length = middle;
    }
    const { packed, octets } = within(length);
    assert.deepEqual(uncompress(packed, MIB), octets);
    assert.throws(() => uncompress(within(length - 1).packed, MIB), {
      name: 'PoeLimitError',
      code: 'POE_ERR_COMPRESSION_LIMIT',
    });
  });
});
