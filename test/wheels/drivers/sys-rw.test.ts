import assert from 'node:assert/strict';
import { test } from 'node:test';
import { oneWay, type Port, port } from 'poe-kernel';
import { driverContract } from 'poe-kernel/testing';
import { SysRW } from 'poe-kernel/wheels';
import { runContract } from '../../helpers/run-contract.ts';

const portOf = (end: object): Port => (end as { [port]: Port })[port];

for (const blockSize of [65_536, 1]) {
  runContract(`SysRW in blocks of ${blockSize}, as a driver`, driverContract({ make: () => new SysRW({ blockSize }) }));
}

test('new SysRW() refuses block sizes that cannot be', () => {
  assert.throws(() => new SysRW(null as never), { code: 'POE_ERR_DRIVER_OPTION' });
  for (const blockSize of [0, -1, 1.5, Number.NaN, '10']) {
    assert.throws(() => new SysRW({ blockSize } as never), { code: 'POE_ERR_DRIVER_BLOCK_SIZE' });
  }
});

test('new SysRW() refuses other options, and a size without its name', () => {
  for (const options of [{ BlockSize: 10 }, { blockSize: 10, booga: 1 }, 10, 'blockSize']) {
    assert.throws(() => new SysRW(options as never), { code: 'POE_ERR_DRIVER_OPTION' });
  }
});

test('put() takes text and numbers, which a Map next to the wire may put', () => {
  const driver = new SysRW();
  assert.equal(driver.put(['ab', 123, '', Buffer.from('c'), null]), 6);
  assert.equal(driver.getOutMessagesBuffered(), 3);
  const [reader, writer] = oneWay();
  driver.flush(portOf(writer));
  assert.equal(String(reader.read()), 'ab123c');
});

test('get() reads at most blockSize octets', () => {
  for (const [size, lengths] of [
    [9, [9]],
    [10, [10]],
    [11, [10, 1]],
  ] as const) {
    const [reader, writer] = oneWay();
    const driver = new SysRW({ blockSize: 10 });
    writer.write('x'.repeat(size));
    const got = lengths.map(() => driver.get(portOf(reader))?.[0]?.length);
    assert.deepEqual(got, lengths);
    assert.deepEqual(driver.get(portOf(reader)), []);
  }
});

test('SysRW tells listeners what it reads and writes, and joins what it writes', () => {
  const [reader, writer] = oneWay();
  const driver = new SysRW();
  const told: [string, number][] = [];
  driver.on('read', (octets) => told.push(['read', octets]));
  driver.on('written', (octets) => told.push(['written', octets]));
  driver.put([Buffer.from('a'), Buffer.from('bc')]);
  driver.put([Buffer.from('def')]);
  driver.flush(portOf(writer));
  driver.get(portOf(reader));
  driver.get(portOf(reader));
  assert.deepEqual(told, [
    ['written', 6],
    ['read', 6],
  ]);
});

test('putSpan() takes octets that lie behind each other for one chunk, in order with what is put', () => {
  const octets = Buffer.from('abcdefghij');
  const other = Buffer.from('vwxyz');
  const written: string[] = [];
  const sink = { error: null, writeError: null, room: 100, unwritten: 0 };
  const write = (chunk: Uint8Array): unknown => written.push(String(chunk));
  const to = { ...sink, write } as unknown as Port;
  const driver = new SysRW();
  for (const [start, end] of [
    [0, 2],
    [2, 2],
    [2, 5],
    [5, 6],
  ] as const)
    driver.putSpan({ octets, start, end });
  assert.deepEqual([driver.getOutOctetsBuffered(), driver.getOutMessagesBuffered()], [6, 3]);
  driver.flush(to);
  assert.deepEqual([written, driver.getOutMessagesBuffered()], [['abcdef'], 0]);
  driver.putSpan({ octets, start: 6, end: 7 });
  driver.put([Buffer.from('-'), '+']);
  driver.putSpan({ octets, start: 7, end: 8 });
  driver.putSpan({ octets, start: 9, end: 10 });
  driver.putSpan({ octets: other, start: 0, end: 5 });
  assert.deepEqual([driver.getOutOctetsBuffered(), driver.getOutMessagesBuffered()], [10, 6]);
  driver.flush(to);
  assert.deepEqual([written.slice(1), driver.getOutMessagesBuffered()], [['g-+hjvwxyz'], 0]);
});

test('putSpan() keeps what a handle does not take at once, and goes on with it', () => {
  const octets = Buffer.from('abcdefghij');
  let got = '';
  const to = {
    error: null,
    writeError: null,
    room: 4,
    unwritten: 0,
    write(chunk: Uint8Array) {
      got += String(chunk);
      this.room = 0;
    },
  };
  const driver = new SysRW();
  for (let at = 0; at < 6; at++) driver.putSpan({ octets, start: at, end: at + 1 });
  assert.equal(driver.flush(to as unknown as Port), 2);
  assert.deepEqual([got, driver.getOutOctetsBuffered(), driver.getOutMessagesBuffered()], ['abcd', 2, 1]);
  driver.putSpan({ octets, start: 6, end: 10 });
  assert.deepEqual([driver.getOutOctetsBuffered(), driver.getOutMessagesBuffered()], [6, 2]);
  for (; driver.getOutOctetsBuffered() > 0; to.room = 4) driver.flush(to as unknown as Port);
  assert.equal(got, 'abcdefghij');
});

test('flush() also writes what is put by putSpan() while it writes', () => {
  const octets = Buffer.from('abcdef');
  const driver = new SysRW();
  let got = '';
  const to = {
    error: null,
    writeError: null,
    room: 100,
    unwritten: 0,
    write(chunk: Uint8Array) {
      if (got === '') driver.putSpan({ octets, start: 3, end: 6 });
      got += String(chunk);
    },
  };
  driver.putSpan({ octets, start: 0, end: 3 });
  assert.equal(driver.flush(to as unknown as Port), 0);
  assert.equal(got, 'abcdef');
});
