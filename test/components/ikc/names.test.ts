import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { addressName, announcedNames, kernelId, unixName } from '../../../components/ikc/names.ts';
import { isKernelName } from '../../../components/ikc/specifier.ts';
import { fc } from '../../helpers/property.ts';

describe('kernelId', () => {
  it('kernelId() is the host and three numbers of eight hexadecimal digits', () => {
    assert.equal(kernelId('vm', 0x6b01fa5f, 0x6ea5, 1), 'vm-6b01fa5f-00006ea5-00000001');
    assert.equal(kernelId('vm', 1.9, 2, 3), 'vm-00000001-00000002-00000003');
  });

  it('kernelId() can be registered, whatever the host is called', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(), fc.nat(), fc.nat(), (host, seconds, pid, counter) => {
        assert.ok(isKernelName(kernelId(host, seconds, pid, counter)));
      }),
    );
  });
});

describe('addressName', () => {
  it('addressName() is address and port', () => {
    assert.equal(addressName('127.0.0.1', 43268), '127.0.0.1:43268');
    assert.equal(addressName('localhost', 603), 'localhost:603');
  });

  it('addressName() writes IPv6 so that genuine peers survive it', () => {
    assert.equal(addressName('::ffff:10.0.0.1', 603), '10.0.0.1:603');
    assert.equal(addressName('2001:db8::1', 603), 'ip6-2001-db8--1:603');
    for (const address of ['::1', '::', 'fe80::1%eth0', '2001:db8::1'])
      assert.ok(isKernelName(addressName(address, 1)));
  });
});

describe('unixName', () => {
  it('unixName() is the path with underscores, on the connecting end with process and descriptor', () => {
    assert.equal(unixName('run/unix-IKC0.sock'), 'unix:run_unix-IKC0.sock');
    assert.equal(unixName('/var//run/x y.sock'), 'unix:_var_run_x_y.sock');
    assert.equal(unixName('run/unix-IKC0.relay', { pid: 28250, fileno: 9 }), 'unix:run_unix-IKC0.relay:28250-9');
  });

  it('unixName() can be registered, whatever the path', () => {
    fc.assert(
      fc.property(fc.string(), (path) => {
        assert.ok(isKernelName(unixName(path)));
        assert.ok(isKernelName(unixName(path, { pid: 1, fileno: 2 })));
      }),
    );
  });
});

describe('announcedNames', () => {
  it('announcedNames() has ID, name, aliases and address in this order', () => {
    const all = { id: 'id', name: 'Name', aliases: ['A', 'B'], address: '127.0.0.1:1' };
    assert.deepEqual(announcedNames(all), ['id', 'Name', 'A', 'B', '127.0.0.1:1']);
  });

  it('announcedNames() leaves out what is missing, empty or there already', () => {
    assert.deepEqual(announcedNames({ id: 'id', aliases: ['', 'A', 'id', 'A'], name: undefined }), ['id', 'A']);
    assert.deepEqual(announcedNames({ name: 'Lite' }), ['Lite']);
  });
});
