import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type HandshakeStep,
  ServerHandshake,
  type ServerHandshakeOptions,
} from '../../../../components/ikc/handshake/index.ts';

const ID = 'vm-6b01fa5f-00006ea5-00000001';
const NAMES = [ID, 'Interop', 'Alias', '127.0.0.1:603'];

function make(options: Partial<ServerHandshakeOptions> = {}): ServerHandshake {
  return new ServerHandshake({ names: NAMES, freezers: ['Storable', 'FreezeThaw'], pid: 42, ...options });
}

const PATIENT = { limits: { maxErrors: 1000, maxLines: 1000 } };
const OWN_SETUP = `SETUP KERNEL=${NAMES.join(',')};FREEZER=Storable;PID=42`;

/** The lines that bring a server of the step-by-step protocol to a phase. */
const TO_PHASE: { [phase: string]: string[] } = {
  '000': [],
  '001': ['HELLO'],
  '002': ['HELLO', 'OK', 'OK', 'OK', 'OK'],
  '003': ['HELLO', 'OK', 'OK', 'OK', 'OK', 'IAM Peer', 'DONE'],
};

function say(handshake: ServerHandshake, lines: string[]): HandshakeStep {
  let step = handshake.start();
  for (const line of lines) step = handshake.line(line);
  return step;
}

function inPhase(phase: string, options: Partial<ServerHandshakeOptions> = {}): ServerHandshake {
  const handshake = make({ protocol: 'IKC', ...PATIENT, ...options });
  say(handshake, TO_PHASE[phase] as string[]);
  assert.equal(handshake.phase, `server_${phase}`);
  return handshake;
}

/** Each row: a line, what is answered, and the phase behind it. */
function followsTable(make: () => ServerHandshake, rows: [line: string, answer: string | null, phase: string][]): void {
  for (const [line, answer, phase] of rows) {
    const handshake = make();
    const step = handshake.line(line);
    assert.deepEqual(step, { send: answer === null ? [] : [answer] }, JSON.stringify(line));
    assert.equal(handshake.phase, `server_${phase}`, JSON.stringify(line));
  }
}

describe('ServerHandshake', () => {
  it('start() says nothing', () => {
    assert.deepEqual(make().start(), { send: [] });
    assert.deepEqual(make({ protocol: 'IKC' }).start(), { send: [] });
  });

  it('line() in phase 010, waiting for a greeting of any kind', () => {
    followsTable(
      () => make(PATIENT),
      [
        ['SETUP KERNEL=a;FREEZER=Nope', 'NOT', '010'],
        ['SETUP KERNEL=a', 'NOT', '010'],
        ['SETUP FREEZER=Storable', 'NOT', '010'],
        ['SETUP KERNEL=a;FREEZER=Storable;FOO=1', 'NOT', '010'],
        ['SETUP ;KERNEL=a;FREEZER=Storable', 'NOT', '010'],
        ['SETUP x', 'NOT', '010'],
        ['HELLO', `IAM ${ID}`, '001'],
        ['HELLO IKC1', 'NOT', '010'],
        ['HELLO IKC12', null, '010'],
        ['SETUP', null, '010'],
        ['SETUP ', null, '010'],
        ['setup KERNEL=a;FREEZER=Storable', null, '010'],
        ['hello', null, '010'],
        ['HELLO ', null, '010'],
        ['NOT', null, '010'],
        ['OK', null, '010'],
        ['', null, '010'],
      ],
    );
    assert.deepEqual(make().line('SETUP KERNEL=Pulse,Second;FREEZER=Nope,Storable;PID=7'), {
      send: [OWN_SETUP],
      done: { peerNames: ['Pulse', 'Second'], freezer: 'Storable', pid: 7, protocol: 'IKC0' },
    });
  });

  it('line() in phase 000, waiting for HELLO', () => {
    followsTable(
      () => inPhase('000'),
      [
        ['HELLO', `IAM ${ID}`, '001'],
        ['HELLO IKC0', 'NOT', '000'],
        ['HELLO IKC9', 'NOT', '000'],
        ['SETUP KERNEL=a;FREEZER=Storable;PID=1', 'NOT', '000'],
        ['SETUP', 'NOT', '000'],
        ['SETUPx', 'NOT', '000'],
        ['HELLO IKC12', null, '000'],
        ['HELLO IKC', null, '000'],
        ['NOT', null, '000'],
        ['OK', null, '000'],
        ['', null, '000'],
      ],
    );
  });

  it('line() in phase 001, telling its names: the ID first, the others from the end', () => {
    followsTable(
      () => inPhase('001'),
      [
        ['OK', 'IAM 127.0.0.1:603', '001'],
        ['OK ', 'NOT', '001'],
        ['ok', 'NOT', '001'],
        ['', 'NOT', '001'],
        ['HELLO', 'NOT', '001'],
        ['IAM a', 'NOT', '001'],
        ['NOT', null, '001'],
      ],
    );
    const handshake = inPhase('001');
    const said = ['OK', 'OK', 'foo', 'OK', 'OK'].flatMap((line) => handshake.line(line).send);
    assert.deepEqual(said, ['IAM 127.0.0.1:603', 'IAM Alias', 'NOT', 'IAM Interop', 'DONE']);
    assert.equal(handshake.phase, 'server_002');
  });

  it('line() in phase 001 goes on at once with nothing but an ID', () => {
    const handshake = make({ protocol: 'IKC', names: [ID] });
    assert.deepEqual(handshake.line('HELLO').send, [`IAM ${ID}`]);
    assert.deepEqual(handshake.line('OK').send, ['DONE']);
  });

  it('line() in phase 002, hearing names', () => {
    followsTable(
      () => inPhase('002', { peerAddress: '10.0.0.1:5' }),
      [
        ['IAM a', 'OK', '002'],
        ['IAM  \ta', 'OK', '002'],
        ['IAM vm-6b01fa5f-00006ea9-00000001', 'OK', '002'],
        ['IAM 127.0.0.1:43268', 'OK', '002'],
        ['IAM unix:run_x:28250-9', 'OK', '002'],
        ['DONE', null, '003'],
        ['IAM', 'NOT', '002'],
        ['IAM ', 'NOT', '002'],
        ['IAM\u00a0a', 'NOT', '002'],
        ['IAM a b', 'NOT', '002'],
        ['IAM a ', 'NOT', '002'],
        ['IAM a/b', 'NOT', '002'],
        ['IAM x@y', 'NOT', '002'],
        ['IAM a,b', 'NOT', '002'],
        ['IAM caf\u00e9', 'NOT', '002'],
        ['iam x', 'NOT', '002'],
        ['OK', 'NOT', '002'],
        ['FREEZER Storable', 'NOT', '002'],
        ['WORLD', 'NOT', '002'],
        ['', 'NOT', '002'],
        ['NOT', null, '002'],
      ],
    );
  });

  it('line() in phase 002 refuses names of which a genuine server dies', () => {
    const names = ['a::b', '::1:603', 'ab:12x', '0', ':'];
    followsTable(
      () => inPhase('002'),
      names.map((name) => [`IAM ${name}`, 'NOT', '002']),
    );
  });

  it('line() in phase 003, agreeing on a serializer', () => {
    followsTable(
      () => inPhase('003'),
      [
        ['FREEZER Storable', 'OK', '003'],
        ['FREEZER  FreezeThaw', 'OK', '003'],
        ['FREEZER Nope::Such', 'NOT', '003'],
        ['FREEZER ../../evil', 'NOT', '003'],
        ['FREEZER bad/name', 'NOT', '003'],
        ['FREEZER', 'NOT', '003'],
        ['FREEZER ', 'NOT', '003'],
        ['FREEZER storable', 'NOT', '003'],
        ['FREEZER __proto__', 'NOT', '003'],
        ['FREEZER constructor', 'NOT', '003'],
        ['WORLDX', 'NOT', '003'],
        ['IAM late', 'NOT', '003'],
        ['DONE', 'NOT', '003'],
        ['', 'NOT', '003'],
        ['NOT', null, '003'],
      ],
    );
    assert.deepEqual(say(inPhase('003'), ['FREEZER FreezeThaw', 'WORLD']), {
      send: ['UP'],
      done: { peerNames: ['Peer'], freezer: 'FreezeThaw', pid: undefined, protocol: 'IKC' },
    });
  });

  it('line() takes the last FREEZER that it accepted', () => {
    const freezer = (lines: string[]) => say(inPhase('003'), lines).done?.freezer;
    assert.equal(freezer(['FREEZER Storable', 'FREEZER FreezeThaw', 'WORLD']), 'FreezeThaw');
    assert.equal(freezer(['FREEZER FreezeThaw', 'FREEZER Nope', 'WORLD']), 'FreezeThaw');
    assert.equal(freezer(['FREEZER Nope', 'WORLD']), 'Storable');
  });

  it('line() takes the default serializer for a client that names none, unless that is not allowed', () => {
    assert.equal(inPhase('003').line('WORLD').done?.freezer, 'Storable');
    assert.equal(inPhase('003', { defaultFreezer: 'FreezeThaw' }).line('WORLD').done?.freezer, 'FreezeThaw');
    assert.deepEqual(inPhase('003', { defaultFreezer: null }).line('WORLD'), { send: ['NOT'] });
    assert.deepEqual(inPhase('003', { freezers: ['FreezeThaw'] }).line('WORLD'), { send: ['NOT'] });
  });

  it('line() chooses the first serializer of the client that it has, or one it prefers', () => {
    const chosen = (options: Partial<ServerHandshakeOptions>, offered: string) =>
      make(options).line(`SETUP KERNEL=a;FREEZER=${offered}`).done?.freezer;
    assert.equal(chosen({}, 'Nope,FreezeThaw,Storable'), 'FreezeThaw');
    assert.equal(chosen({ preferred: ['Storable'] }, 'FreezeThaw,Storable'), 'Storable');
    assert.equal(chosen({ preferred: ['Storable'] }, 'FreezeThaw'), 'FreezeThaw');
    assert.equal(chosen({ preferred: ['Unknown'] }, 'Unknown,FreezeThaw'), 'FreezeThaw');
  });

  it('line() falls back to the step-by-step handshake, and has the same end', () => {
    const handshake = make({ peerAddress: '10.0.0.1:5' });
    say(handshake, TO_PHASE['003'] as string[]);
    assert.deepEqual(say(handshake, ['FREEZER Storable', 'WORLD']).done, {
      peerNames: ['Peer', '10.0.0.1:5'],
      freezer: 'Storable',
      pid: undefined,
      protocol: 'IKC',
    });
  });

  it('line() still hears a good greeting behind bad ones', () => {
    const step = say(make(), ['SETUP x', 'noise', 'SETUP KERNEL=a;FREEZER=Storable']);
    assert.deepEqual(step.done?.peerNames, ['a']);
  });

  it('names of the peer stay in order, each once, its address last', () => {
    const peer = (options: Partial<ServerHandshakeOptions>, names: string) =>
      make(options).line(`SETUP KERNEL=${names};FREEZER=Storable`).done?.peerNames;
    assert.deepEqual(peer({ peerAddress: '10.0.0.1:5' }, 'b,a,,b'), ['b', 'a', '10.0.0.1:5']);
    assert.deepEqual(peer({ peerAddress: 'a' }, 'b,a'), ['b', 'a']);
    assert.deepEqual(peer({ peerAddress: '::1:5' }, 'my name'), ['my name'], 'no kernel could be called so');
    assert.deepEqual(peer({}, '__proto__,constructor'), ['__proto__', 'constructor']);
    assert.equal(({} as { polluted?: unknown }).polluted, undefined);
  });

  it('a peer that tells no name goes by its address, if there is one', () => {
    const lines = [...(TO_PHASE['002'] as string[]), 'DONE', 'WORLD'];
    const step = say(make({ protocol: 'IKC', peerAddress: '10.0.0.1:5' }), lines);
    assert.deepEqual(step.done?.peerNames, ['10.0.0.1:5']);
    const handshake = inPhase('002');
    assert.deepEqual(handshake.line('DONE'), { send: ['NOT'] });
  });

  it('a greeting with a name of which a genuine server dies is refused', () => {
    for (const name of ['a::b', 'x@y', 'a/b', '*', '0', '::1:603', 'ok,x@y']) {
      assert.deepEqual(make().line(`SETUP KERNEL=${name};FREEZER=Storable;PID=1`), { send: ['NOT'] }, name);
    }
  });

  it('a client that can only do IKC is given up when our name has blanks', () => {
    const { send, failed } = make({ names: [ID, 'my name'] }).line('HELLO');
    assert.deepEqual(send, []);
    assert.equal(failed?.code, 'POE_ERR_IKC_HANDSHAKE');
  });
});
