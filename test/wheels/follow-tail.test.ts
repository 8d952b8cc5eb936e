import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Kernel, Session } from 'poe-kernel';
import { SimulatedFiles, Simulation } from 'poe-kernel/testing';
import { FollowTail, Stream, SysRW } from 'poe-kernel/wheels';
import { LOG, TailedLog } from '../helpers/tail.ts';

/** A log with some lines in it, and the tail of it. */
function tailOf(text: string, options: object = {}): TailedLog {
  return new TailedLog(options, (files) => files.append(LOG, text));
}

describe('FollowTail', () => {
  it('skips what is there and brings what is appended, line by line, at the next look', async () => {
    const t = tailOf('old 1\nold 2\n');
    assert.deepEqual(await t.after(), []);
    t.files.append(LOG, 'first\nsecond\nhalf a ');
    assert.deepEqual(await t.after(), ['first', 'second']);
    t.files.append(LOG, 'line\n');
    assert.deepEqual(await t.after(0.5), []);
    assert.deepEqual(await t.after(0.5), ['half a line']);
    assert.equal(t.tail.tell(), t.files.text(LOG)?.length);
    await t.end();
  });

  it('completes a line that was begun before it looked', async () => {
    const t = tailOf('old\nbegun ');
    t.files.append(LOG, 'and ended\n');
    assert.deepEqual(await t.after(), ['begun and ended']);
    await t.end();
  });

  it('finds the first whole line in the last 4,096 octets of a long file', async () => {
    const t = tailOf(`${'x'.repeat(99)}\n`.repeat(1000));
    t.files.append(LOG, 'new\n');
    assert.deepEqual(await t.after(), ['new']);
    assert.equal(t.tail.tell(), 100_004);
    await t.end();
  });

  it('looks every pollInterval seconds, and at once again while there is more', async () => {
    const t = tailOf('', { pollInterval: 10, driver: new SysRW({ blockSize: 4 }) });
    await t.after(0);
    t.files.append(LOG, 'a\n'.repeat(20));
    assert.deepEqual(await t.after(9.9), []);
    assert.equal(t.idle, 1);
    assert.equal((await t.after(0.1)).length, 20);
    assert.equal(t.idle, 2);
    await t.after(100);
    assert.equal(t.idle, 12);
    await t.end();
  });

  it('begins at seek or seekBack, in the middle of a line too', async () => {
    for (const [options, first] of [
      [{ seek: 0 }, 'alpha'],
      [{ seek: 2 }, 'pha'],
      [{ seek: 6 }, 'beta'],
      [{ seek: 999 }, undefined],
      [{ seek: -5 }, 'beta'],
      [{ seek: -999 }, 'alpha'],
      [{ seekBack: 0 }, undefined],
      [{ seekBack: 5 }, 'beta'],
      [{ seekBack: 999 }, 'alpha'],
      [{ seekBack: -6 }, 'beta'],
    ] as const) {
      const t = tailOf('alpha\nbeta\n', options);
      assert.equal((await t.after())[0], first, JSON.stringify(options));
      t.files.append(LOG, 'gamma\n');
      assert.deepEqual(await t.after(), ['gamma']);
      await t.end();
    }
  });

  it('waits for a file that is not there yet, and reads it from the top', async () => {
    const t = new TailedLog({ seekBack: 0 });
    await t.after(3);
    assert.equal(t.idle, 4);
    assert.equal(t.tail.tell(), undefined);
    t.files.append(LOG, 'born late\n');
    assert.deepEqual(await t.after(), ['reset', 'born late']);
    await t.end();
  });

  it('waits for a file that it may not open yet', async () => {
    const t = new TailedLog({}, (files) => {
      files.append(LOG, 'secret\n');
      files.fail(LOG, 'EACCES');
    });
    assert.deepEqual(await t.after(3), []);
    t.files.fail(LOG);
    assert.deepEqual(await t.after(), ['reset', 'secret']);
    await t.end();
  });

  it('tells that the name cannot be looked up, and ends there', async () => {
    const t = tailOf('');
    await t.after();
    t.files.append(LOG, 'last\n');
    t.files.fail(LOG, 'EACCES');
    assert.deepEqual(await t.after(), ['last', 'failed stat 13 Permission denied', 'stop']);
    assert.equal(t.files.openDescriptors, 0);
  });

  it('reads a file that was cut off from the top', async () => {
    const t = tailOf('one\ntwo\n');
    await t.after();
    t.files.truncate(LOG);
    t.files.append(LOG, 'new\n');
    assert.deepEqual(await t.after(), ['reset', 'new']);
    t.files.truncate(LOG);
    assert.deepEqual(await t.after(), ['reset']);
    assert.deepEqual(await t.after(5), []);
    t.files.append(LOG, 'newer\n');
    assert.deepEqual(await t.after(), ['newer']);
    await t.end();
  });

  it('notices that a file was cut off although it is larger than it was by now', async () => {
    const t = tailOf('one\ntwo\n');
    await t.after();
    t.files.truncate(LOG);
    t.files.append(LOG, 'something longer\nand more\n');
    assert.deepEqual(await t.after(), ['reset', 'something longer', 'and more']);
    await t.end();
  });

  it('brings what follows the end of what it has read if only that was cut off', async () => {
    const t = tailOf('one\n', { driver: new SysRW({ blockSize: 4 }) });
    await t.after();
    t.files.append(LOG, 'two\nthree\n');
    t.files.truncate(LOG, 8);
    assert.deepEqual(await t.after(), ['two']);
    await t.end();
  });

  it('goes on unmoved by other names of the file', async () => {
    const t = tailOf('one\n');
    await t.after();
    t.files.rename(LOG, `${LOG}.1`);
    t.files.append(`${LOG}.1`, 'two\n');
    assert.deepEqual(await t.after(), ['two']);
    t.files.rename(`${LOG}.1`, LOG);
    t.files.append(LOG, 'three\n');
    assert.deepEqual(await t.after(), ['three']);
    await t.end();
  });

  it('ends with its session, and gives everything back', async () => {
    const t = tailOf('');
    await t.after();
    assert.equal(t.files.openDescriptors, 1);
    t.simulation.kernel.signal(t.simulation.kernel, 'TERM');
    assert.deepEqual(await t.after(), ['stop']);
    assert.equal(t.files.openDescriptors, 0);
    t.tail.destroy();
  });

  it('delivers the records of a chunk also when a handler destroys it, and nothing after that', async () => {
    const simulation = new Simulation();
    const files = new SimulatedFiles();
    files.append(LOG, 'a\nb\n');
    const log: unknown[] = [];
    const kernel = new Kernel({ host: simulation.host({ files }) });
    Session.create({
      kernel,
      inlineStates: {
        _start({ kernel, heap }) {
          heap.tail = new FollowTail({ kernel, filename: LOG, seek: 0, inputEvent: 'line' });
        },
        line({ heap }, line) {
          log.push(line);
          heap.tail.destroy();
          files.append(LOG, 'c\n');
        },
      },
    });
    await kernel.run();
    assert.deepEqual(log, ['a', 'b']);
    assert.equal(files.openDescriptors, 0);
  });

  for (const [name, cause] of Object.entries({
    idle: () => {},
    reset: (t: TailedLog) => t.files.truncate(LOG),
    failed: (t: TailedLog) => t.files.fail(LOG, 'EIO'),
    line: (t: TailedLog) => t.files.append(LOG, 'line\n'),
  })) {
    it(`may be destroyed by the handler of ${name}`, async () => {
      const t = tailOf('old\n');
      await t.after();
      t.onEvent = (event) => event === name && t.tail.destroy();
      cause(t);
      const came = await t.after();
      assert.equal(came.at(-1), 'stop');
      assert.equal(t.files.openDescriptors, 0);
    });
  }

  it('takes any filter and driver', async () => {
    const driver = new SysRW({ blockSize: 3 });
    let octets = 0;
    driver.on('read', (count) => {
      octets += count;
    });
    const t = tailOf('', { filter: new Stream(), driver });
    t.files.append(LOG, 'abcde');
    assert.deepEqual(await t.after(), ['abc', 'de']);
    assert.equal(octets, 5);
    await t.end();
  });
});

describe('event()', () => {
  it('renames events and turns them off, but for inputEvent', async () => {
    const t = tailOf('');
    await t.after(0);
    const names = { idleEvent: undefined, resetEvent: undefined, inputEvent: undefined, oddEvent: 'odd' };
    t.tail.event(names as never);
    assert.deepEqual(
      t.simulation.warnings.map(([, message]) => message),
      ['inputEvent requires an event name; it stays as it was', "Ignoring unknown FollowTail parameter 'oddEvent'"],
    );
    t.idle = 0;
    t.files.append(LOG, 'line\n');
    assert.deepEqual(await t.after(3), ['line']);
    t.files.truncate(LOG);
    assert.deepEqual(await t.after(3), []);
    assert.equal(t.idle, 0);
    t.tail.event({ inputEvent: 'reset' });
    t.files.append(LOG, 'by another name\n');
    assert.deepEqual(await t.after(), ['reset by another name']);
    await t.end();
  });
});

describe('new FollowTail()', () => {
  it('refuses what it cannot follow', async () => {
    const simulation = new Simulation();
    const kernel = new Kernel({ host: simulation.host() });
    const tried: unknown[] = [];
    Session.create({
      kernel,
      inlineStates: {
        _start({ kernel }) {
          for (const options of [
            { inputEvent: 'x' },
            { filename: LOG, handle: 3, inputEvent: 'x' },
            { filename: LOG },
            { filename: LOG, inputEvent: 'x', seek: 0, seekBack: 0 },
            { filename: LOG, inputEvent: 'x', seek: 0.5 },
            { filename: LOG, inputEvent: 'x', seekBack: '12' as never },
            { handle: { fd: null }, inputEvent: 'x' },
          ]) {
            assert.throws(() => new FollowTail({ kernel, ...options }), { code: 'POE_ERR_WHEEL_PARAMETER' });
            tried.push(options);
          }
          for (const handle of [77, {}]) {
            assert.throws(() => new FollowTail({ kernel, handle, inputEvent: 'x' }), { code: 'POE_ERR_HANDLE' });
          }
        },
      },
    });
    await kernel.run();
    assert.equal(tried.length, 7);
  });
});
