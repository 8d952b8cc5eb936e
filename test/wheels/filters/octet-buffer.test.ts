import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OctetBuffer } from '../../../wheels/filters/octet-buffer.ts';
import { fc } from '../../helpers/property.ts';

describe('OctetBuffer', () => {
  it('behaves as one long string of octets', () => {
    // Memory is used again from 16 KiB on, hence the large ones.
    const size = fc.oneof(fc.nat(40), fc.integer({ min: 15_000, max: 40_000 }));
    const push = fc.record({ push: size, octet: fc.nat(255), owned: fc.boolean() });
    const shift = size.map((octets) => ({ shift: octets }));
    fc.assert(
      fc.property(fc.array(fc.oneof(push, shift), { maxLength: 60 }), (steps) => {
        const buffer = new OctetBuffer();
        let model = Buffer.alloc(0);
        const given: [Buffer, Buffer][] = [];
        for (const step of steps) {
          if ('push' in step) {
            const octets = Buffer.from(Array.from({ length: step.push }, (_, at) => (step.octet + at) & 0xff));
            model = Buffer.concat([model, octets]);
            buffer.push(octets, step.owned);
            if (!step.owned) given.push([octets, Buffer.from(octets)]);
          } else {
            const held = buffer.gather(step.shift);
            assert.ok(held >= Math.min(step.shift, model.length));
            const octets = Math.min(step.shift, held);
            const expected = Buffer.from(model.subarray(0, octets));
            given.push([buffer.shift(octets), expected]);
            model = model.subarray(octets);
          }
          assert.equal(buffer.length, model.length);
        }
        for (const [octets, expected] of given)
          assert.deepEqual(octets, expected, 'what was given out stays as it was');
        assert.deepEqual(buffer.peek() ?? Buffer.alloc(0), Buffer.from(model));
        buffer.clear();
        assert.equal(buffer.length, 0);
        assert.equal(buffer.peek(), null);
      }),
    );
  });

  it('push() takes text and numbers too, as a filter nearer to the wire may make them', () => {
    const buffer = new OctetBuffer();
    for (const chunk of ['a', 12, '', new Uint8Array([0x62])]) buffer.push(chunk);
    assert.equal(buffer.length, 4);
    assert.deepEqual(buffer.peek(), Buffer.from('a12b'));
  });

  it('gather() works in the received chunk as long as that is enough', () => {
    const chunk = Buffer.from('abcdef');
    const buffer = new OctetBuffer();
    buffer.push(chunk);
    buffer.gather(3);
    assert.equal(buffer.window, chunk);
    assert.equal(buffer.shift(3).buffer, chunk.buffer);
  });

  it('gather() joins no more of the next chunk than is wanted', () => {
    const second = Buffer.from('defghi');
    const buffer = new OctetBuffer();
    buffer.push(Buffer.from('abc'));
    buffer.push(second);
    assert.equal(buffer.gather(4), 4);
    assert.equal(buffer.shift(4).toString(), 'abcd');
    assert.equal(buffer.gather(2), 5);
    assert.equal(buffer.window.buffer, second.buffer);
    assert.equal(buffer.shift(5).toString(), 'efghi');
  });

  it('gather() never makes the window larger than twice of what has come', () => {
    const buffer = new OctetBuffer();
    for (let octet = 1; octet <= 5000; octet++) {
      buffer.push(Buffer.of(octet & 0xff));
      buffer.gather(16 * 1024 * 1024);
      assert.ok(buffer.window.length <= 2 * octet);
    }
  });

  it('gather() joins records in the memory of chunks that were given away', () => {
    const memory = new Set<ArrayBufferLike>();
    const buffer = new OctetBuffer();
    const SIZE = 65_536;
    // Records and chunks of one size, half a chunk apart.
    buffer.push(Buffer.alloc(SIZE / 2), true);
    for (let record = 0; record < 100; record++) {
      const chunk = Buffer.alloc(SIZE);
      memory.add(chunk.buffer);
      buffer.push(chunk, true);
      assert.equal(buffer.gather(SIZE), SIZE);
      const { buffer: used } = buffer.shift(SIZE);
      assert.equal(memory.has(used), record > 1, `record ${record}`);
    }
  });

  it('gather() lets go of that memory once nothing waits', () => {
    const buffer = new OctetBuffer();
    const chunk = Buffer.alloc(65_536);
    buffer.push(Buffer.alloc(4), true);
    buffer.push(chunk, true);
    buffer.gather(65_540);
    buffer.shift(65_540);
    assert.equal(buffer.gather(1), 0);
    buffer.push(Buffer.alloc(4));
    buffer.push(Buffer.alloc(65_532));
    buffer.gather(65_536);
    assert.notEqual(buffer.window.buffer, chunk.buffer);
  });

  it('gather() copies a long record in small chunks in linear time', () => {
    const buffer = new OctetBuffer();
    let moves = 0;
    let window = buffer.window;
    for (let chunk = 0; chunk < 20_000; chunk++) {
      buffer.push(Buffer.alloc(100));
      buffer.gather();
      if (buffer.window !== window) moves++;
      window = buffer.window;
    }
    assert.ok(moves < 30, `${moves} moves`);
  });
});
