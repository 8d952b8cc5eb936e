import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  ClientHandshake,
  type ClientHandshakeOptions,
  type HandshakeStep,
} from '../../../../components/ikc/handshake/index.ts';

const ID = 'vm-6b01fa5f-00006ea9-00000001';
const NAMES = [ID, 'Tester', 'Alias', '127.0.0.1:43268'];

function make(options: Partial<ClientHandshakeOptions> = {}): ClientHandshake {
  return new ClientHandshake({ names: NAMES, freezers: ['Storable', 'FreezeThaw'], pid: 42, ...options });
}

/** What ClientLite does. */
const LITE = { names: ['Lite'], freezers: ['Storable'], strict: true };
const PATIENT = { limits: { maxErrors: 1000, maxLines: 1000 } };

const TO_PHASE: { [phase: string]: string[] } = {
  '000': [],
  '001': ['IAM Server', 'DONE'],
  '002': ['IAM Server', 'DONE', 'OK', 'OK', 'OK', 'OK'],
  '003': ['IAM Server', 'DONE', 'OK', 'OK', 'OK', 'OK', 'OK'],
};

function say(handshake: ClientHandshake, lines: string[]): HandshakeStep {
  let step: HandshakeStep = { send: [] };
  for (const line of lines) step = handshake.line(line);
  return step;
}

function inPhase(phase: string, options: Partial<ClientHandshakeOptions> = {}): ClientHandshake {
  const handshake = make({ protocol: 'IKC', ...PATIENT, ...options });
  say(handshake, TO_PHASE[phase] as string[]);
  assert.equal(handshake.phase, `client_${phase}`);
  return handshake;
}

function followsTable(make: () => ClientHandshake, rows: [line: string, answer: string[], phase: string][]): void {
  for (const [line, answer, phase] of rows) {
    const handshake = make();
    assert.deepEqual(handshake.line(line), { send: answer }, JSON.stringify(line));
    assert.equal(handshake.phase, `client_${phase}`, JSON.stringify(line));
  }
}

describe('ClientHandshake', () => {
  it('start() sends HELLO, or everything in one line', () => {
    assert.deepEqual(make({ protocol: 'IKC' }).start(), { send: ['HELLO'] });
    const setup = `SETUP KERNEL=${NAMES.join(',')};FREEZER=Storable,FreezeThaw;PID=42`;
    assert.deepEqual(make().start(), { send: [setup] });
    assert.deepEqual(make({ protocol: 'IKC0' }).start(), { send: [setup] });
  });

  it('line() in phase 010, waiting for the greeting of the server', () => {
    followsTable(
      () => make(PATIENT),
      [
        ['NOT', ['HELLO'], '000'],
        ['SETUP KERNEL=a;FREEZER=Storable,FreezeThaw', ['NOT'], '010'],
        ['SETUP KERNEL=a', ['NOT'], '010'],
        ['SETUP FREEZER=Storable', ['NOT'], '010'],
        ['SETUP KERNEL=a;FREEZER=Storable;x', ['NOT'], '010'],
        ['SETUP KERNEL=x@y;FREEZER=Storable', ['NOT'], '010'],
        ['SETUP', ['NOT'], '010'],
        ['HELLO', ['NOT'], '010'],
        ['', ['NOT'], '010'],
        ['not', ['NOT'], '010'],
      ],
    );
    assert.deepEqual(make({ peerAddress: 'localhost:603' }).line('SETUP KERNEL=id,S;FREEZER=FreezeThaw;PID=7'), {
      send: [],
      done: { peerNames: ['id', 'S', 'localhost:603'], freezer: 'FreezeThaw', pid: 7, protocol: 'IKC0' },
    });
    assert.equal(make().line('SETUP KERNEL=S;FREEZER=Storable').done?.pid, 0);
  });

  it('line() in phase 000, hearing names', () => {
    followsTable(
      () => inPhase('000'),
      [
        ['IAM a', ['OK'], '000'],
        ['IAM   127.0.0.1:603', ['OK'], '000'],
        ['IAM', ['NOT'], '000'],
        ['IAM a b', ['NOT'], '000'],
        ['IAM a::b', ['NOT'], '000'],
        ['DONE', ['NOT'], '000'],
        ['OK', ['NOT'], '000'],
        ['UP', ['NOT'], '000'],
        ['', ['NOT'], '000'],
        ['NOT', [], '000'],
      ],
    );
    assert.deepEqual(say(make({ protocol: 'IKC' }), ['IAM a', 'IAM b', 'DONE']), { send: [`IAM ${ID}`] });
    assert.deepEqual(make({ protocol: 'IKC', peerAddress: 'localhost:603' }).line('DONE'), { send: [`IAM ${ID}`] });
  });

  it('line() in phase 001, telling its names: the ID first, the others from the end', () => {
    followsTable(
      () => inPhase('001'),
      [
        ['OK', ['IAM 127.0.0.1:43268'], '001'],
        ['ok', ['NOT'], '001'],
        ['IAM a', ['NOT'], '001'],
        ['', ['NOT'], '001'],
        ['NOT', [], '001'],
      ],
    );
    const handshake = inPhase('001');
    const said = ['OK', 'OK', 'OK', 'OK'].map((line) => handshake.line(line).send);
    assert.deepEqual(said, [['IAM 127.0.0.1:43268'], ['IAM Alias'], ['IAM Tester'], ['DONE', 'FREEZER Storable']]);
  });

  it('line() in phase 002, agreeing on a serializer', () => {
    followsTable(
      () => inPhase('002'),
      [
        ['OK', ['WORLD'], '003'],
        ['NOT', ['FREEZER FreezeThaw'], '002'],
        ['UP', ['NOT'], '002'],
        ['', ['NOT'], '002'],
      ],
    );
    assert.equal(say(inPhase('002'), ['NOT', 'OK', 'UP']).done?.freezer, 'FreezeThaw');
  });

  it('line() in phase 002 goes on with the default serializer when all were refused, unless that is not allowed', () => {
    const handshake = inPhase('002');
    assert.deepEqual(say(handshake, ['NOT', 'NOT']), { send: ['WORLD'] });
    assert.equal(handshake.line('UP').done?.freezer, 'Storable');
    const { failed } = say(inPhase('002', { defaultFreezer: null }), ['NOT', 'NOT']);
    assert.equal(failed?.message, 'Cannot shake hands: the server refuses Storable, FreezeThaw');
    assert.equal(inPhase('002', { freezers: ['X'] }).line('NOT').failed?.code, 'POE_ERR_IKC_HANDSHAKE');
    assert.equal(inPhase('002', { freezers: ['X'], defaultFreezer: 'Storable' }).line('NOT').send[0], 'WORLD');
  });

  it('line() in phase 003, waiting for the end', () => {
    followsTable(
      () => inPhase('003'),
      [
        ['OK', ['NOT'], '003'],
        ['up', ['NOT'], '003'],
        ['', ['NOT'], '003'],
        ['NOT', [], '003'],
      ],
    );
    assert.deepEqual(inPhase('003', { peerAddress: 'localhost:603' }).line('UP'), {
      send: [],
      done: { peerNames: ['Server', 'localhost:603'], freezer: 'Storable', pid: undefined, protocol: 'IKC' },
    });
  });

  it('line() falls back to the step-by-step handshake, once', () => {
    const handshake = make();
    handshake.start();
    assert.deepEqual(handshake.line('NOT').send, ['HELLO']);
    assert.deepEqual(handshake.line('NOT'), { send: [] });
    assert.equal(say(handshake, TO_PHASE['003'] as string[]).send[0], 'WORLD');
    assert.equal(handshake.line('UP').done?.protocol, 'IKC');
  });

  it('line() refuses a serializer that was not offered', () => {
    const { send, done, failed } = make().line('SETUP KERNEL=S;FREEZER=POE::Component::IKC::Freezer;PID=1');
    assert.deepEqual([send, done], [[], undefined]);
    assert.equal(failed?.code, 'POE_ERR_IKC_HANDSHAKE');
    assert.match(failed?.message ?? '', /'POE::Component::IKC::Freezer', which was not offered$/);
  });

  it('a server that can only do IKC is given up when our name has blanks', () => {
    const { send, failed } = make({ names: [ID, 'my name'] }).line('NOT');
    assert.deepEqual(send, []);
    assert.equal(failed?.code, 'POE_ERR_IKC_HANDSHAKE');
    assert.throws(() => make({ names: [ID, 'my name'], protocol: 'IKC' }), { code: 'POE_ERR_IKC_NAME' });
  });

  it('strict, as ClientLite, announces its one name and one serializer', () => {
    const handshake = make(LITE);
    assert.deepEqual(handshake.start().send, ['SETUP KERNEL=Lite;FREEZER=Storable;PID=42']);
    const lines = ['NOT', 'IAM id', 'IAM S', 'DONE', 'OK', 'OK', 'UP'];
    const said = lines.flatMap((line) => handshake.line(line).send);
    assert.deepEqual(said, ['HELLO', 'OK', 'OK', 'IAM Lite', 'DONE', 'FREEZER Storable', 'WORLD']);
  });

  it('strict, as ClientLite, gives up on what it did not expect', () => {
    const fruitless = [['foo'], [''], ['NOT', 'NOT'], ['NOT', 'IAM a b'], ['NOT', 'IAM a', 'DONE', 'NOT']];
    fruitless.push(['NOT', 'IAM a', 'DONE', 'OK', 'NOT'], ['NOT', 'IAM a', 'DONE', 'OK', 'OK', 'NOT']);
    fruitless.push(['SETUP KERNEL=a;FREEZER=FreezeThaw']);
    for (const lines of fruitless) {
      const { send, failed } = say(make(LITE), lines);
      assert.deepEqual(send, []);
      assert.equal(failed?.code, 'POE_ERR_IKC_HANDSHAKE', lines.join());
    }
    assert.deepEqual(say(make(LITE), ['SETUP x']), { send: ['NOT'] }, 'a bad greeting is not the end');
  });
});
