import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { kernel, list, Session, twoWay } from 'poe-kernel';
import { filterContract } from 'poe-kernel/testing';
import { Grep, Line, Map as MapFilter, ReadWrite, RecordBlock, Stackable, Stream } from 'poe-kernel/wheels';
import { runContract } from '../../helpers/run-contract.ts';
import { warningsOf } from '../../helpers/sessions.ts';

const octets = (...texts: string[]) => texts.map((text) => Buffer.from(text, 'latin1'));
const lines = () => new Line({ literal: '\n' });

runContract(
  'Stackable, as a filter',
  filterContract<string>({
    make: () => {
      const quoted = new MapFilter({ get: (line) => line.slice(1), put: (line) => `>${line}` });
      return new Stackable({ filters: [lines(), new Grep({ get: (line) => line !== '', put: () => true }), quoted] });
    },
    records: ['one', '', 'two words'],
    unfinished: Buffer.from('no end'),
    givesPending: false,
    noHandOver: 'getPending asks the last filter only, as in POE',
  }),
);

describe('Stackable', () => {
  it('getOne() gives all that one record became, and goes on until something comes out', () => {
    const words = new MapFilter({ get: (line) => list(...line.split(' ').filter(Boolean)), put: (word) => word });
    const filter = new Stackable({ filters: [lines(), words] });
    filter.getOneStart(octets('a b\n\nc\n'));
    assert.deepEqual(filter.getOne(), ['a', 'b']);
    assert.deepEqual(filter.getOne(), ['c']);
    assert.deepEqual(filter.getOne(), []);
  });

  it('octets that a filter made into text are octets again for the next one', () => {
    const upper = (chunk: Uint8Array | string) => Buffer.from(chunk).toString('latin1').toUpperCase();
    const filter = new Stackable({ filters: [new Stream(), new MapFilter({ code: upper }), lines()] });
    assert.deepEqual(filter.get(octets('one\ntw', 'o\n')), ['ONE', 'TWO']);
    assert.deepEqual(filter.put(['x']), octets('X\n'));
  });

  it('push(), unshift(), pop() and shift() change the stack at its two ends', () => {
    const filter = new Stackable();
    assert.equal(filter.push(new Grep({ code: () => true }), new RecordBlock({ blockSize: 1 })), 2);
    assert.equal(filter.unshift(lines()), 3);
    assert.deepEqual(filter.filterTypes(), ['Line', 'Grep', 'RecordBlock']);
    assert.ok(filter.pop() instanceof RecordBlock);
    assert.ok(filter.shift() instanceof Line);
    assert.deepEqual(filter.filterTypes(), ['Grep']);
    filter.filters().pop();
    assert.equal(filter.filters().length, 1, 'what filters() gives is a list of its own');
    filter.pop();
    assert.deepEqual([filter.pop(), filter.shift()], [undefined, undefined]);
  });

  it('shift() and pop() give the filter with what it holds', () => {
    const filter = new Stackable({ filters: [lines(), new RecordBlock({ blockSize: 2 })] });
    filter.get(octets('a\nrest'));
    assert.deepEqual(filter.getPending(), ['a']);
    assert.deepEqual(filter.pop()?.getPending(), ['a']);
    assert.deepEqual(filter.shift()?.getPending(), octets('rest'));
    assert.deepEqual(filter.getPending(), []);
  });

  it('an empty stack passes on what is put, and reads nothing', () => {
    const filter = new Stackable();
    assert.deepEqual(filter.put(['x']), ['x']);
    assert.deepEqual(filter.getOne(), []);
    assert.throws(() => filter.get(octets('x')), { name: 'PoeUsageError', code: 'POE_ERR_FILTER_STACK' });
  });

  it('clone() clones the filters', () => {
    const filter = new Stackable({ filters: [lines()] });
    filter.get(octets('unfinished'));
    const twin = filter.clone();
    assert.deepEqual(twin.get(octets('x\n')), ['x']);
    twin.pop();
    assert.deepEqual(filter.filterTypes(), ['Line']);
  });

  it('refuses what is no filter, everywhere', async () => {
    const stack = { name: 'PoeUsageError', code: 'POE_ERR_FILTER_STACK' };
    for (const bad of ['x', null, undefined, {}, { getOne() {} }] as never[]) {
      const filter = new Stackable();
      assert.throws(() => filter.push(lines(), bad), stack);
      assert.throws(() => filter.unshift(bad), stack);
      assert.throws(() => new Stackable({ filters: [bad] }), stack);
      assert.deepEqual(filter.filters(), []);
    }
    assert.throws(() => new Stackable({ filters: 'x' as never }), { code: 'POE_ERR_FILTER_OPTION' });
    assert.deepEqual(await warningsOf(() => new Stackable({ Filters: [] } as object)), [
      "Ignoring unknown Stackable option 'Filters'; write 'filters'",
    ]);
  });

  it('serves a wheel whose filter next to the wire makes strings', async () => {
    const rot13 = (text: string) =>
      text.replace(/[a-z]/g, (letter) => String.fromCharCode(((letter.charCodeAt(0) - 84) % 26) + 97));
    const cipher = new MapFilter({ code: (octets) => rot13(octets.toString('latin1')) });
    const [near, far] = twoWay();
    const got: string[] = [];
    Session.create({
      inlineStates: {
        _start({ heap }) {
          const filter = new Stackable({ filters: [cipher, lines()] });
          heap.wheel = new ReadWrite({ handle: near, filter, inputEvent: 'line', flushedEvent: 'flushed' });
          heap.wheel.put('hello');
        },
        flushed() {
          assert.equal(String(far.read()), 'uryyb\n');
          far.write('jbeyq\n');
        },
        line({ heap }, line) {
          got.push(line);
          heap.wheel.destroy();
        },
      },
    });
    await kernel.run();
    assert.deepEqual(got, ['world']);
  });

  it('serves a wheel, with every record its filters make', async () => {
    const [near, far] = twoWay();
    const got: string[] = [];
    Session.create({
      inlineStates: {
        _start({ heap }) {
          const words = new MapFilter({ get: (line) => list(...line.split(' ')), put: (word) => `${word};` });
          heap.wheel = new ReadWrite({
            handle: near,
            filter: new Stackable({ filters: [lines(), words] }),
            inputEvent: 'word',
            flushedEvent: 'flushed',
          });
          heap.wheel.put('a', 'b');
          far.write('one two\nthree\n');
        },
        word({ heap }, word) {
          got.push(word);
          if (got.length === 3) heap.wheel.destroy();
        },
        flushed() {
          assert.equal(String(far.read()), 'a;\nb;\n');
        },
      },
    });
    await kernel.run();
    assert.deepEqual(got, ['one', 'two', 'three']);
  });
});
