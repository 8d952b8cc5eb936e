import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { oneWay, type Port, port, twoWay } from 'poe-kernel';
import type { Driver } from 'poe-kernel/wheels';

const portOf = (end: object): Port => (end as { [port]: Port })[port];
const bytes = (text: string): Buffer => Buffer.from(text);

/** What every driver does, whatever it is made of. `make` gives a fresh one. */
export function driverContract(name: string, make: () => Driver): void {
  describe(`${name} as a driver`, () => {
    test('get() gives chunks, an empty array when nothing is there, undefined at the end', () => {
      const [reader, writer] = oneWay();
      const driver = make();
      assert.deepEqual(driver.get(portOf(reader)), []);
      writer.write('abc');
      let got = '';
      for (let chunks = driver.get(portOf(reader)); chunks?.length; chunks = driver.get(portOf(reader))) {
        got += Buffer.concat(chunks);
      }
      assert.equal(got, 'abc');
      assert.equal(driver.error, null);
      writer.end();
      assert.equal(driver.get(portOf(reader)), undefined);
      assert.equal(driver.error, null);
    });

    test('put() buffers and counts, empty chunks are dropped, flush() writes in order', () => {
      const [reader, writer] = oneWay();
      const driver = make();
      assert.equal(driver.put([]), 0);
      assert.equal(driver.put([bytes(''), bytes('one')]), 3);
      assert.equal(driver.put([bytes('two'), bytes('')]), 6);
      assert.deepEqual([driver.getOutOctetsBuffered(), driver.getOutMessagesBuffered()], [6, 2]);
      assert.equal(reader.read(), null);
      assert.equal(driver.flush(portOf(writer)), 0);
      assert.deepEqual([driver.getOutOctetsBuffered(), driver.getOutMessagesBuffered(), driver.error], [0, 0, null]);
      assert.equal(String(reader.read()), 'onetwo');
      assert.equal(driver.flush(portOf(writer)), 0);
    });

    test('flush() writes what there is room for and goes on later', () => {
      const [reader, writer] = oneWay();
      const driver = make();
      const octets = Buffer.alloc(150_000, 'abcdefghijk');
      driver.put([octets.subarray(0, 60_000), octets.subarray(60_000, 60_001), octets.subarray(60_001)]);
      assert.equal(driver.flush(portOf(writer)), 150_000 - 65_536);
      assert.equal(driver.getOutOctetsBuffered() + portOf(writer).unwritten, 150_000 - 65_536);
      const got: Buffer[] = [];
      for (let left = 1; left > 0; ) {
        got.push(reader.read());
        left = driver.flush(portOf(writer));
      }
      got.push(reader.read());
      assert.equal(Buffer.concat(got).equals(octets), true);
    });

    test('flush() to who has gone leaves the octets and says EPIPE', () => {
      const [near, far] = twoWay();
      const driver = make();
      far.destroy();
      driver.put([bytes('x')]);
      driver.flush(portOf(near));
      assert.deepEqual(driver.error, { operation: 'write', errno: 32, message: 'Broken pipe' });
      assert.equal(driver.get(portOf(near)), undefined);
      assert.equal(driver.error, null);
    });

    test('what is put comes out the same, however it is cut and read', () => {
      const chunks = fc.array(fc.uint8Array({ maxLength: 40_000 }), { maxLength: 10 });
      fc.assert(
        fc.property(
          chunks,
          fc.array(fc.integer({ min: 1, max: 70_000 }), { minLength: 1, maxLength: 5 }),
          (put, reads) => {
            const [reader, writer] = oneWay();
            const driver = make();
            driver.put(put);
            const whole = Buffer.concat(put);
            const got: Uint8Array[] = [];
            for (let turn = 0, octets = 0; octets < whole.length; turn++) {
              driver.flush(portOf(writer));
              const chunk = portOf(reader).read(reads[turn % reads.length] as number);
              octets += chunk?.length ?? assert.fail('it stopped before the end');
              got.push(chunk as Uint8Array);
            }
            assert.equal(Buffer.concat(got).equals(whole), true);
            assert.equal(driver.flush(portOf(writer)), 0);
          },
        ),
        { numRuns: 50 },
      );
    });
  });
}
