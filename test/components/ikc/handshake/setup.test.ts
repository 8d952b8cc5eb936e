import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isSetup, readSetup, writeSetup } from '../../../../components/ikc/handshake/setup.ts';
import { fc } from '../../../helpers/property.ts';

const read = (text: string) => readSetup(`SETUP ${text}`);
const setup = (names: string[], freezers: string[], pid = 0) => ({ names, freezers, pid });

describe('readSetup', () => {
  it('readSetup() reads what writeSetup() wrote', () => {
    const names = fc.array(fc.stringMatching(/^[-.\w: ]+$/), { minLength: 1, maxLength: 9 });
    const freezers = fc.array(fc.stringMatching(/^[\w:]+$/), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(names, freezers, fc.nat(), (names, freezers, pid) => {
        const line = writeSetup({ names, freezers, pid });
        assert.ok(isSetup(line));
        assert.deepEqual(readSetup(line), { names, freezers, pid });
      }),
    );
  });

  it('readSetup() takes parts in any order, repeatedly, and with keywords anywhere', () => {
    assert.deepEqual(read('FREEZER=S;KERNEL=k1;PID=9'), setup(['k1'], ['S'], 9));
    assert.deepEqual(read('KERNEL=k2;KERNEL=k3;FREEZER=N;FREEZER=S;PID=1'), setup(['k2', 'k3'], ['N', 'S'], 1));
    assert.deepEqual(read('xKERNEL=k7;yFREEZER=S;zPID=5x'), setup(['k7'], ['S'], 5));
    assert.deepEqual(read(' KERNEL=k9;FREEZER=S'), setup(['k9'], ['S']));
    assert.deepEqual(read('KERNEL=KERNEL=a'), setup(['KERNEL=a'], []));
    assert.deepEqual(read('KERNEL=k;PID=xPID=3'), setup(['k'], [], 3));
    assert.deepEqual(read('FREEZER=PID=3KERNEL=k'), setup(['k'], []), 'KERNEL counts before the others');
  });

  it('readSetup() passes over empty names and empty parts at the end', () => {
    assert.deepEqual(read('KERNEL=a,,b,;FREEZER=,S;;;'), setup(['a', 'b'], ['S']));
  });

  it('readSetup() has no process number that is none', () => {
    assert.equal(read('KERNEL=a;PID=99999999999999999999')?.pid, 0);
    assert.equal(read('KERNEL=a')?.pid, 0);
  });

  it('readSetup() refuses unknown and empty parts, and greetings without a name', () => {
    for (const bad of ['x', 'KERNEL=a;FOO=1', 'KERNEL=a;;FREEZER=S', ';KERNEL=a', 'KERNEL=a;PID=x', 'KERNEL=a;PID=']) {
      assert.equal(read(bad), undefined, bad);
    }
    for (const nameless of ['FREEZER=S', 'KERNEL=', 'KERNEL=;FREEZER=S', 'KERNEL=,', ';', 'PID=1']) {
      assert.equal(read(nameless), undefined, nameless);
    }
  });

  it('isSetup() wants something behind the blank', () => {
    assert.deepEqual(['SETUP x', 'SETUP ', 'SETUP', 'SETUPx', 'setup x', ''].map(isSetup), [
      true,
      ...Array(5).fill(false),
    ]);
  });
});
