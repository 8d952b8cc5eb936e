import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  ClientHandshake,
  DEFAULT_HANDSHAKE_LIMITS,
  type HandshakeLimits,
  type HandshakeOptions,
  type HandshakeStep,
  ServerHandshake,
} from '../../../../components/ikc/handshake/index.ts';

const options: HandshakeOptions = { names: ['id', 'Name'], freezers: ['Storable'], pid: 42 };
const server = (more: Partial<HandshakeOptions> = {}) => new ServerHandshake({ ...options, ...more });
const client = (more: Partial<HandshakeOptions> = {}) => new ClientHandshake({ ...options, ...more });
const stepwise = (limits: Partial<HandshakeLimits> = {}) => server({ protocol: 'IKC', limits });
const LIMIT = 'POE_ERR_IKC_HANDSHAKE_LIMIT';

/** Says lines until it fails; how many were taken, and the last step. */
function sayAll(handshake: ServerHandshake | ClientHandshake, lines: Iterable<string>): [number, HandshakeStep] {
  let taken = 0;
  let step: HandshakeStep = { send: [] };
  for (const line of lines) {
    step = handshake.line(line);
    if (step.failed) break;
    taken++;
  }
  return [taken, step];
}

const repeat = (line: string, times: number) => Array.from({ length: times }, () => line);

describe('Handshake', () => {
  it('maxErrors: the third wrong line ends it, without an answer', () => {
    const handshake = stepwise();
    handshake.line('HELLO');
    assert.deepEqual(handshake.line('wrong').send, ['NOT']);
    assert.deepEqual(handshake.line('wrong').send, ['NOT']);
    const { send, failed } = handshake.line('wrong');
    assert.deepEqual(send, []);
    assert.equal(failed?.name, 'PoeLimitError');
    assert.equal(failed?.code, LIMIT);
    assert.match(failed?.message ?? '', /3 wrong lines, 3 are the limit/);
  });

  it('maxErrors counts lines that are ignored, and NOTs', () => {
    for (const line of ['noise', '', 'NOT']) {
      for (const handshake of [server(), stepwise()]) assert.equal(sayAll(handshake, repeat(line, 9))[0], 2);
    }
    const waiting = client({ protocol: 'IKC' });
    assert.equal(sayAll(waiting, repeat('NOT', 9))[0], 2);
  });

  it('maxErrors does not count what belongs to falling back, or to a list of serializers', () => {
    const lines = ['SETUP KERNEL=a;FREEZER=Storable', 'HELLO IKC1', 'HELLO IKC2', 'SETUP', 'HELLO', 'OK', 'OK'];
    const refused = repeat('FREEZER Nope', 9);
    const [, step] = sayAll(stepwise(), [...lines, 'IAM a', 'DONE', ...refused, 'FREEZER Storable', 'WORLD']);
    assert.equal(step.done?.freezer, 'Storable');
  });

  it('maxLines: after 64 lines there is one too many', () => {
    assert.equal(sayAll(stepwise(), repeat('SETUP', 99))[0], DEFAULT_HANDSHAKE_LIMITS.maxLines);
    assert.equal(sayAll(stepwise(), repeat('SETUP', 99))[1].failed?.code, LIMIT);
    const lines = ['HELLO', 'OK', 'OK', 'IAM a', 'DONE', 'FREEZER Storable', 'WORLD'];
    for (const [maxLines, done] of [
      [4, false],
      [5, true],
      [6, true],
    ] as const) {
      const [, step] = sayAll(stepwise({ maxLines }), lines);
      assert.equal(step.done !== undefined, done, `${maxLines} lines besides the two answers to our names`);
    }
  });

  it('maxLines leaves room for the answers to many names of our own', () => {
    const names = Array.from({ length: 200 }, (_, index) => `name${index}`);
    const [, step] = sayAll(server({ names }), ['HELLO', ...repeat('OK', 200), 'IAM a', 'DONE', 'WORLD']);
    assert.deepEqual(step.done?.peerNames, ['a']);
    const [taken] = sayAll(server({ names }), ['HELLO', ...repeat('OK', 200), ...repeat('IAM a', 99)]);
    assert.equal(taken, 200 + 64);
  });

  it('maxNames: with one name too many it ends, in both protocols', () => {
    const names = (count: number) => Array.from({ length: count }, (_, index) => `n${index}`);
    for (const [count, done] of [
      [63, true],
      [64, true],
      [65, false],
    ] as const) {
      const step = server().line(`SETUP KERNEL=${names(count).join(',')};FREEZER=Storable`);
      assert.equal(step.done?.peerNames.length, done ? count : undefined);
      assert.equal(step.failed?.code, done ? undefined : LIMIT);
      assert.equal(step.send.length, done ? 1 : 0);
    }
    const lines = ['HELLO', 'OK', 'OK', ...names(4).map((name) => `IAM ${name}`)];
    assert.equal(sayAll(stepwise({ maxNames: 4 }), lines)[0], 7);
    assert.equal(sayAll(stepwise({ maxNames: 3 }), lines)[0], 6);
    assert.equal(sayAll(stepwise({ maxNames: 3 }), [...lines.slice(0, 6), ...lines.slice(3)])[0], 9, 'the same again');
  });

  it('maxNameLength: a longer name is a wrong one', () => {
    for (const [length, taken] of [
      [254, true],
      [255, true],
      [256, false],
    ] as const) {
      const name = 'x'.repeat(length);
      const [, step] = sayAll(stepwise(), ['HELLO', 'OK', 'OK', `IAM ${name}`]);
      assert.deepEqual(step.send, [taken ? 'OK' : 'NOT']);
      const setup = server().line(`SETUP KERNEL=${name};FREEZER=Storable`);
      assert.equal(setup.done?.peerNames[0], taken ? name : undefined);
    }
  });

  it('line() has nothing to say after the end', () => {
    const done = server();
    done.line('SETUP KERNEL=a;FREEZER=Storable');
    const failed = server();
    sayAll(failed, repeat('noise', 3));
    for (const handshake of [done, failed]) {
      for (const line of ['HELLO', 'SETUP KERNEL=b;FREEZER=Storable', 'noise']) {
        assert.deepEqual(handshake.line(line), { send: [] });
      }
    }
  });

  it('status says what it is waiting for', () => {
    const handshake = client({ protocol: 'IKC' });
    assert.equal(handshake.status, 'phase client_000, sent nothing, received nothing');
    handshake.start();
    for (const line of ['IAM a', 'DONE', 'NOT']) handshake.line(line);
    assert.equal(handshake.status, "phase client_001, sent 'IAM id', received 'NOT'");
  });

  it('new Handshake() refuses names of its own that would hurt others, and serializers that are no packages', () => {
    for (const names of [
      [],
      [''],
      ['a::b'],
      ['x@y'],
      ['*'],
      ['0'],
      ['ok', 'a,b'],
      ['::1:603'],
      ['\u0417\u0430\u043b'],
    ]) {
      assert.throws(() => server({ names }), { name: 'PoeUsageError', code: 'POE_ERR_IKC_NAME' });
    }
    for (const freezers of [[], [''], ['a b'], ['../x'], ['Storable', 'a;b']]) {
      assert.throws(() => client({ freezers }), { name: 'PoeUsageError', code: 'POE_ERR_IKC_FREEZER' });
    }
  });

  it('a server and a client of ours come to terms, whatever protocols they begin with', () => {
    const protocols = ['IKC', 'IKC0', undefined] as const;
    for (const theirs of protocols) {
      for (const ours of protocols) {
        const [near, far] = [
          client({ protocol: ours, names: ['c', 'C1', 'C2'] }),
          server({ protocol: theirs, names: ['s', 'S1'] }),
        ];
        const steps: HandshakeStep[] = [];
        let turn: HandshakeStep = near.start();
        for (let sender = 0; turn.send.length > 0; sender++) {
          const replies = turn.send.map((line) => (sender % 2 ? near : far).line(line));
          steps.push(...replies);
          turn = { send: replies.flatMap((step) => step.send) };
        }
        const [first, second] = steps.filter((step) => step.done).map((step) => step.done);
        const protocol = ours === 'IKC' || theirs === 'IKC' ? 'IKC' : 'IKC0';
        const pid = protocol === 'IKC' ? undefined : 42;
        const names = (list: string[]) => (protocol === 'IKC' ? [list[0], ...list.slice(1).reverse()] : list);
        assert.deepEqual(first, { peerNames: names(['c', 'C1', 'C2']), freezer: 'Storable', pid, protocol });
        assert.deepEqual(second, { peerNames: names(['s', 'S1']), freezer: 'Storable', pid, protocol });
      }
    }
  });
});
