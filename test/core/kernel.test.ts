import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Kernel, kernel } from 'poe-kernel';

describe('Kernel', () => {
  it('has a textual ID of host name, time, process and a counter, or the one it is given', () => {
    assert.match(new Kernel().id, /^[-.\w]+-[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$/);
    assert.notEqual(new Kernel().id, new Kernel().id);
    assert.equal(new Kernel({ id: 'mine' }).id, 'mine');
  });

  it('traces callers as the environment says, unless told otherwise', () => {
    process.env.POE_TRACE_CALLERS = '1';
    assert.equal(new Kernel()._engine.traceCallers, true);
    assert.equal(new Kernel({ traceCallers: false })._engine.traceCallers, false);
    delete process.env.POE_TRACE_CALLERS;
    assert.equal(new Kernel()._engine.traceCallers, false);
  });

  it('catches exceptions unless the environment or an option says not to', () => {
    for (const [value, caught] of [
      ['0', false],
      ['', false],
      ['1', true],
    ] as const) {
      process.env.POE_CATCH_EXCEPTIONS = value;
      assert.equal(new Kernel()._engine.catchExceptions, caught);
      assert.equal(new Kernel({ catchExceptions: !caught })._engine.catchExceptions, !caught);
    }
    delete process.env.POE_CATCH_EXCEPTIONS;
    assert.equal(new Kernel()._engine.catchExceptions, true);
  });

  it('the exported one is a kernel like others', async () => {
    assert.ok(kernel instanceof Kernel);
    await kernel.run();
  });
});
