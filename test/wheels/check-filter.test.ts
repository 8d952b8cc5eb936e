import assert from 'node:assert/strict';
import { test } from 'node:test';
import { oneWay, twoWay } from 'poe-kernel';
import { FollowTail, Line, ReadWrite, Run } from 'poe-kernel/wheels';
import { runSession } from '../helpers/sessions.ts';

const loose = (value: unknown): never => value as never;
const getAndPut = { get: () => [], put: () => [] };

const refused = (message: RegExp) => ({ code: 'POE_ERR_WHEEL_PARAMETER', message, hint: /extends BaseFilter/ });

test('wheels refuse what is no filter when they are given it', async () => {
  await runSession({
    _start() {
      const [handle] = twoWay();
      const makes: [() => unknown, RegExp][] = [
        [() => new ReadWrite({ handle, filter: loose(Line) }), /filter of a ReadWrite: it is the class Line/],
        [() => new ReadWrite({ handle, filter: loose('Line') }), /has no getOneStart, getOne, getPending, put$/],
        [() => new ReadWrite({ handle, inputFilter: loose(getAndPut) }), /has no getOneStart, getOne, getPending$/],
        [
          () => new ReadWrite({ handle, outputFilter: loose(getAndPut.get) }),
          /outputFilter of a ReadWrite: it is the class get/,
        ],
        [() => new Run({ program: 'true', stdioFilter: loose(Line) }), /stdioFilter of a Run: it is the class Line/],
        [() => new Run({ program: 'true', stderrFilter: loose({}) }), /stderrFilter of a Run/],
        [() => new FollowTail({ filename: 'x', inputEvent: 'x', filter: loose(Line) }), /filter of a FollowTail/],
      ];
      for (const [make, message] of makes) assert.throws(make, refused(message));
    },
  });
});

test('set...Filter() refuses it too, and the wheel keeps the filter that it has', async () => {
  await runSession({
    _start() {
      const [reader, writer] = oneWay();
      using wheel = new ReadWrite({ inputHandle: reader, outputHandle: writer });
      const filter = wheel.getInputFilter();
      assert.throws(() => wheel.setFilter(loose(Line)), refused(/it is the class Line/));
      assert.throws(() => wheel.setInputFilter(loose(getAndPut)), refused(/inputFilter of a ReadWrite/));
      assert.throws(() => wheel.setOutputFilter(loose({})), refused(/it has no put$/));
      assert.equal(wheel.getInputFilter(), filter);
      assert.equal(wheel.getOutputFilter(), filter);
      using child = new Run({ program: 'true' });
      const stdin = child.getStdinFilter();
      assert.throws(() => child.setStdioFilter(loose(Line)), refused(/stdioFilter of a Run/));
      assert.throws(() => child.setStdinFilter(loose({})), refused(/stdinFilter of a Run/));
      assert.throws(() => child.setStderrFilter(loose({})), refused(/stderrFilter of a Run/));
      assert.equal(child.getStdinFilter(), stdin);
    },
  });
});
