import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { type FileHost, type FileResult, kernel } from 'poe-kernel';

const files: FileHost = kernel.host.files;
const folder = fs.mkdtempSync(join(tmpdir(), 'poe-files-'));
after(() => fs.rmSync(folder, { recursive: true }));

function ok<T>(result: FileResult<T>): T {
  assert.ok('ok' in result, JSON.stringify(result));
  return result.ok;
}

describe('files of the host', () => {
  it('are opened, read at a position, written and closed', () => {
    const path = join(folder, 'file');
    fs.writeFileSync(path, 'abcdef');
    const descriptor = ok(files.open(path));
    assert.equal(String(ok(files.read(descriptor, 2, 1))), 'bc');
    assert.equal(String(ok(files.read(descriptor, 200_000, null))), 'abcdef');
    assert.equal(ok(files.read(descriptor, 10, null)).length, 0);
    const octets = ok(files.read(descriptor, 2, 0));
    ok(files.read(descriptor, 2, 4));
    // What was read belongs to the reader.
    assert.equal(String(octets), 'ab');
    assert.deepEqual(files.write(descriptor, octets), {
      failed: { operation: 'write', errno: 9, message: 'Bad file descriptor' },
    });
    files.close(descriptor);
    files.close(descriptor);
    assert.deepEqual(files.read(descriptor, 1, 0), {
      failed: { operation: 'read', errno: 9, message: 'Bad file descriptor' },
    });
  });

  it('have an identity that stays with them, and a kind', () => {
    const path = join(folder, 'known');
    fs.writeFileSync(path, 'four');
    const descriptor = ok(files.open(path));
    const { identity, size, kind } = ok(files.status(path));
    assert.deepEqual([kind, size], ['file', 4]);
    fs.renameSync(path, `${path}.1`);
    fs.writeFileSync(path, '');
    assert.equal(ok(files.statusOf(descriptor)).identity, identity);
    assert.equal(ok(files.status(`${path}.1`)).identity, identity);
    assert.notEqual(ok(files.status(path)).identity, identity);
    files.close(descriptor);
    assert.deepEqual([ok(files.status(folder)).kind, ok(files.status('/dev/null')).kind], ['directory', 'character']);
    assert.deepEqual(files.status(join(folder, 'none')), {
      failed: { operation: 'stat', errno: 2, message: 'No such file or directory' },
    });
  });

  it('never wait for the other end of a FIFO to open', () => {
    const path = join(folder, 'fifo');
    execFileSync('mkfifo', [path]);
    const descriptor = ok(files.open(path));
    assert.equal(ok(files.statusOf(descriptor)).kind, 'fifo');
    // It is its own writer, so that it does not end.
    assert.deepEqual(files.read(descriptor, 1, null), {
      failed: { operation: 'read', errno: 11, message: 'Resource temporarily unavailable' },
    });
    files.close(descriptor);
  });
});
