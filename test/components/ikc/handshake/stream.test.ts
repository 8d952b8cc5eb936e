import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ClientHandshake, HandshakeStream, ServerHandshake } from '../../../../components/ikc/handshake/index.ts';
import { Reference } from '../../../../wheels/filters/index.ts';
import { TextFreezer } from '../../../helpers/text-freezer.ts';

const options = { names: ['id', 'Name'], freezers: ['Storable'], pid: 42 };
const octets = (text: string) => Buffer.from(text, 'latin1');

describe('HandshakeStream', () => {
  it('start() has something to write on a client only', () => {
    const client = new HandshakeStream(new ClientHandshake({ ...options, protocol: 'IKC' }));
    assert.deepEqual(client.start(), { write: octets('HELLO\r\n') });
    assert.deepEqual(new HandshakeStream(new ServerHandshake(options)).start(), {});
  });

  it('receive() answers several lines in one write', () => {
    const stream = new HandshakeStream(new ServerHandshake({ ...options, protocol: 'IKC' }));
    assert.deepEqual(stream.receive(octets('HELLO\r\nOK\r\nOK')), { write: octets('IAM id\r\nIAM Name\r\n') });
    assert.deepEqual(stream.receive(octets('')), {});
    assert.deepEqual(stream.receive(octets('\r\n')), { write: octets('DONE\r\n') });
  });

  it('receive() gives what comes behind the handshake, also in the same segment', () => {
    const stream = new HandshakeStream(new ServerHandshake(options));
    const output = stream.receive(octets('SETUP KERNEL=a;FREEZER=Storable\r\n3\0[1]3\0'));
    assert.deepEqual(output.rest, octets('3\0[1]3\0'));
    assert.deepEqual(output.done?.peerNames, ['a']);
    assert.deepEqual(output.write, octets('SETUP KERNEL=id,Name;FREEZER=Storable;PID=42\r\n'));
  });

  it('receive() and Reference shift no frame when half of the last line end comes late', () => {
    const stream = new HandshakeStream(new ServerHandshake(options));
    const { rest } = stream.receive(octets('SETUP KERNEL=a;FREEZER=Storable\r'));
    const frames = new Reference({ freezer: new TextFreezer(), afterLines: true });
    assert.deepEqual(frames.get([rest as Buffer]), []);
    assert.deepEqual(frames.get([octets('\n')]), []);
    assert.deepEqual(frames.get([octets('3\0[1]')]), [[1]]);
  });

  it('receive() tells of a failure, and writes nothing then', () => {
    const stream = new HandshakeStream(new ServerHandshake({ ...options, protocol: 'IKC' }));
    const { failed, ...others } = stream.receive(octets('HELLO\r\nno\r\nno\r\nno\r\n'));
    assert.equal(failed?.code, 'POE_ERR_IKC_HANDSHAKE_LIMIT');
    assert.deepEqual(others, {});
  });

  it('receive() tells of a line that is too long', () => {
    const stream = new HandshakeStream(new ServerHandshake(options), { maxLine: 8 });
    assert.equal(stream.receive(octets('123456789')).failed?.code, 'POE_ERR_IKC_HANDSHAKE_LIMIT');
  });
});
