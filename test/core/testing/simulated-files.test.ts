import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Kernel, MODE_READ, Session } from 'poe-kernel';
import { SimulatedFiles, Simulation } from 'poe-kernel/testing';
import { ReadWrite } from 'poe-kernel/wheels';

function opened(files: SimulatedFiles, path: string): number {
  const result = files.open(path);
  assert.ok('ok' in result);
  return result.ok;
}

const textOf = (result: ReturnType<SimulatedFiles['read']>): string =>
  'ok' in result ? Buffer.from(result.ok).toString() : result.failed.message;

describe('SimulatedFiles', () => {
  it('appends, reads at a position or where the descriptor stands, and truncates', () => {
    const files = new SimulatedFiles();
    files.append('/log', 'abc');
    files.append('/log', Buffer.from('déf'));
    const descriptor = opened(files, '/log');
    assert.equal(textOf(files.read(descriptor, 2, null)), 'ab');
    assert.equal(textOf(files.read(descriptor, 99, null)), 'cdéf');
    assert.equal(textOf(files.read(descriptor, 99, null)), '');
    assert.equal(textOf(files.read(descriptor, 3, 1)), 'bcd');
    files.truncate('/log', 2);
    assert.equal(files.text('/log'), 'ab');
    files.truncate('/log', 4);
    assert.equal(files.text('/log'), 'ab\0\0');
    files.append('/log', 'x'.repeat(1000));
    assert.equal(files.text('/log')?.length, 1004);
  });

  it('keeps a file that is open, whatever becomes of its name', () => {
    const files = new SimulatedFiles();
    const writer = files.writer('/log');
    writer.append('one');
    const descriptor = opened(files, '/log');
    files.rename('/log', '/log.1');
    files.append('/log', 'two');
    writer.append(' more');
    assert.equal(textOf(files.read(descriptor, 99, 0)), 'one more');
    assert.equal(files.text('/log'), 'two');
    files.rename('/log', '/log.1');
    assert.equal(files.text('/log.1'), 'two');
    files.unlink('/log.1');
    assert.equal(files.text('/log.1'), undefined);
    assert.deepEqual(
      [files.status('/log.1'), files.statusOf(descriptor)],
      [
        { failed: { operation: 'stat', errno: 2, message: 'No such file or directory' } },
        { ok: { kind: 'file', identity: '0:1', size: 8 } },
      ],
    );
  });

  it('fails as the test says, and for descriptors that are not open', () => {
    const files = new SimulatedFiles();
    files.append('/log', 'x');
    files.fail('/log', 'EACCES');
    const refused = (operation: string) => ({ failed: { operation, errno: 13, message: 'Permission denied' } });
    assert.deepEqual([files.open('/log'), files.status('/log')], [refused('open'), refused('stat')]);
    files.fail('/log');
    const descriptor = opened(files, '/log');
    assert.equal(files.openDescriptors, 1);
    files.close(descriptor);
    files.close(descriptor);
    assert.equal(files.openDescriptors, 0);
    assert.equal(textOf(files.read(descriptor, 1, 0)), 'Bad file descriptor');
    assert.ok('failed' in files.write(descriptor, Buffer.from('x')));
    for (const change of [
      () => files.truncate('/none'),
      () => files.rename('/none', '/log'),
      () => files.unlink('/none'),
    ]) {
      assert.throws(change, { code: 'POE_ERR_SIMULATION_FILE' });
    }
  });

  it('are what descriptors stand for on a simulated host', async () => {
    const files = new SimulatedFiles();
    files.append('/from', 'one\n');
    files.append('/to');
    const [input, output] = [opened(files, '/from'), opened(files, '/to')];
    const kernel = new Kernel({ host: new Simulation().host({ files }) });
    assert.equal(kernel.host.handles.portOf(input).ready(MODE_READ), true);
    Session.create({
      kernel,
      inlineStates: {
        _start({ kernel, heap }) {
          const events = { inputEvent: 'line', errorEvent: 'ended', flushedEvent: 'flushed' };
          heap.wheel = new ReadWrite({ kernel, inputHandle: input, outputHandle: output, ...events });
        },
        line: ({ heap }, line) => void heap.wheel.put(`<${line}>`),
        flushed: ({ heap }) => heap.wheel.destroy(),
        ended() {},
      },
    });
    await kernel.run();
    assert.equal(files.text('/to'), '<one>\r\n');
    // The real ones are out of reach.
    assert.throws(() => kernel.host.handles.portOf(54_321), { code: 'POE_ERR_HANDLE' });
  });
});
