import assert from 'node:assert/strict';
import { oneWay, type Port, port, twoWay } from '../../core/index.ts';
import type { Driver } from '../drivers/driver.ts';
import { type ContractCase, type ContractRounds, randomCase, some } from './contract.ts';

/** What the contract needs to know about a driver. */
export interface DriverSubject extends ContractRounds {
  /** Makes a driver with nothing buffered. */
  make(): Driver;
}

const portOf = (end: object): Port => (end as { [port]: Port })[port];
const bytes = (text: string): Buffer => Buffer.from(text);

/**
 * The suite that every driver passes, on simulated handles.
 *
 * @returns Cases with a title, to be run by any test runner.
 * @example
 * for (const { title, run } of driverContract({ make: () => new SysRW() })) test(title, run);
 */
export function driverContract(subject: DriverSubject): ContractCase[] {
  const { make } = subject;
  return [
    {
      title: 'get() gives chunks, an empty array when nothing is there, undefined at the end',
      run() {
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
      },
    },
    {
      title: 'put() buffers and counts, empty chunks are dropped, flush() writes in order',
      run() {
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
      },
    },
    {
      title: 'flush() writes what there is room for and goes on later',
      run() {
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
      },
    },
    {
      title: 'flush() to who has gone leaves the octets and says EPIPE',
      run() {
        const [near, far] = twoWay();
        const driver = make();
        far.destroy();
        driver.put([bytes('x')]);
        driver.flush(portOf(near));
        assert.deepEqual(driver.error, { operation: 'write', errno: 32, message: 'Broken pipe' });
        assert.equal(driver.get(portOf(near)), undefined);
        assert.equal(driver.error, null);
      },
    },
    randomCase('what is put comes out the same, however it is cut and read', { rounds: 50, ...subject }, (random) => {
      const put = some(random, 10, () => random.octets(random.below(40_001)));
      const reads = [1, ...some(random, 4, () => 0)].map(() => 1 + random.below(70_000));
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
    }),
  ];
}
