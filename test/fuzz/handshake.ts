/**
 * Hostile peers against the handshakes: random lines, and random octets, in random pieces.
 *
 * Run by itself it takes a count and a seed: `node dist/test/fuzz/handshake.js 100000 1`.
 */
import assert from 'node:assert/strict';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import {
  ClientHandshake,
  DEFAULT_HANDSHAKE_LIMITS,
  type Handshake,
  type HandshakeOptions,
  HandshakeStream,
  type Protocol,
  ServerHandshake,
} from '../../components/ikc/handshake/index.ts';
import { isKernelName } from '../../components/ikc/specifier.ts';
import { PoeDataError } from '../../core/errors.ts';
import { cut } from '../../wheels/testing/contract.ts';
import { fc } from '../helpers/property.ts';

const FREEZERS = ['Storable', 'FreezeThaw'];
const OWN_NAMES = ['id-1', 'Own', '127.0.0.1:603'];

const hostile = fc.constantFrom(
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  '*',
  '0',
  'a::b',
  'x@y',
  '../x',
  '',
);
const name = fc.oneof(
  hostile,
  fc.stringMatching(/^[-:.\w ]{1,9}$/),
  fc.constant('n'.repeat(255)),
  fc.constant('n'.repeat(256)),
);
const list = fc.array(name, { maxLength: 70 }).map((names) => names.join(','));
const freezers = fc
  .array(fc.oneof(fc.constantFrom(...FREEZERS, 'Nope'), hostile), { maxLength: 3 })
  .map((names) => names.join(','));
const part = fc.oneof(
  list.map((names) => `KERNEL=${names}`),
  freezers.map((names) => `FREEZER=${names}`),
  fc.nat().map((pid) => `PID=${pid}`),
  fc.constantFrom('', 'x', 'KERNEL=', 'PID=x', `PID=${'9'.repeat(40)}`),
);
const setup = fc.array(part, { maxLength: 5 }).map((parts) => `SETUP ${parts.join(';')}`);
const word = fc.constantFrom(
  'HELLO',
  'OK',
  'DONE',
  'WORLD',
  'UP',
  'NOT',
  'HELLO IKC1',
  'FREEZER Storable',
  'SETUP',
  '',
);
const line = fc.oneof(
  { weight: 6, arbitrary: word },
  { weight: 3, arbitrary: name.map((each) => `IAM ${each}`) },
  { weight: 2, arbitrary: setup },
  { weight: 1, arbitrary: name.map((each) => `FREEZER ${each}`) },
  { weight: 1, arbitrary: fc.string({ maxLength: 20 }) },
);
const goodNames = fc.array(fc.constantFrom('a', 'B-1', '10.0.0.1:5', '__proto__', 'n'.repeat(255)), {
  minLength: 1,
  maxLength: 9,
});
const goodFreezer = fc.constantFrom('FREEZER Storable', 'FREEZER Nope', 'OK', 'NOT');

/** Conversations that come to good ends, with a server and with a client. */
const conversation = fc.tuple(goodNames, goodFreezer, fc.boolean()).map(([names, freezer, short]) => {
  if (short) return [`SETUP KERNEL=${names.join(',')};FREEZER=Nope,Storable;PID=1`, 'SETUP KERNEL=a;FREEZER=Storable'];
  const told = names.map((each) => `IAM ${each}`);
  const taken = OWN_NAMES.map(() => 'OK');
  return freezer.startsWith('FREEZER')
    ? ['HELLO', ...taken, ...told, 'DONE', freezer, 'WORLD']
    : ['NOT', ...told, 'DONE', ...taken, freezer, 'OK', 'UP'];
});
/** The same with a little noise in it. */
const nearly = fc
  .tuple(conversation, fc.array(fc.tuple(fc.nat(), fc.nat(1), line), { maxLength: 3 }))
  .map(([script, noise]) => {
    for (const [place, instead, text] of noise) script.splice(place % script.length, instead, text);
    return script;
  });
const lines = fc.oneof(nearly, fc.array(line, { maxLength: 100 }), fc.array(word, { maxLength: 100 }));

const made = fc.record({
  client: fc.boolean(),
  strict: fc.boolean(),
  protocol: fc.constantFrom<Protocol>('IKC', 'IKC0'),
  peerAddress: fc.option(name, { nil: undefined }),
});

type Made = typeof made extends fc.Arbitrary<infer Value> ? Value : never;

function make({ client, strict, protocol, peerAddress }: Made): Handshake {
  const options: HandshakeOptions = { protocol, names: OWN_NAMES, freezers: FREEZERS, pid: 1, peerAddress };
  return client ? new ClientHandshake({ ...options, strict }) : new ServerHandshake(options);
}

/** Lines never crash it, end it within its limits, and get no answer behind the end. */
function checkLines(settings: Made, given: readonly string[]): void {
  const handshake = make(settings);
  const { maxLines, maxNames, maxNameLength } = DEFAULT_HANDSHAKE_LIMITS;
  handshake.start();
  let heard = 0;
  let ended = false;
  for (const text of given) {
    const { send, done, failed } = handshake.line(text);
    if (ended) {
      assert.deepEqual([send, done, failed], [[], undefined, undefined]);
      continue;
    }
    heard++;
    assert.ok(heard <= maxLines + OWN_NAMES.length + 1);
    for (const answer of send) assert.match(answer, /^(?:NOT|OK|DONE|UP|WORLD|HELLO|(?:IAM|FREEZER|SETUP) [ -~]+)$/);
    assert.ok(send.length <= 2);
    if (failed) {
      assert.ok(failed instanceof PoeDataError);
      assert.deepEqual(send, []);
    }
    if (done) {
      assert.ok(FREEZERS.includes(done.freezer));
      assert.ok(done.peerNames.length >= 1 && done.peerNames.length <= maxNames + 1);
      for (const each of done.peerNames) assert.ok(isKernelName(each) && each.length <= maxNameLength);
      assert.equal(new Set(done.peerNames).size, done.peerNames.length);
    }
    ended = done !== undefined || failed !== undefined;
  }
  assert.equal(({} as { polluted?: unknown }).polluted, undefined);
}

/** The same octets have the same effect, however they are cut. */
function checkOctets(settings: Made, octets: Buffer, places: readonly number[]): void {
  const play = (pieces: readonly Uint8Array[]) => {
    const stream = new HandshakeStream(make(settings));
    const written = [stream.start().write ?? Buffer.alloc(0)];
    for (const piece of pieces) {
      const { write, done, failed } = stream.receive(piece);
      if (write) written.push(write);
      if (failed) return { failed: failed.code };
      if (done) return { done, written: Buffer.concat(written).toString() };
    }
    return { written: Buffer.concat(written).toString() };
  };
  assert.deepEqual(play(cut(octets, places)), play([octets]));
}

const newline = fc.constantFrom('\r\n', '\n', '\r', '\n\r');
const octets = fc.oneof(
  fc
    .tuple(lines, fc.array(newline, { minLength: 1, maxLength: 5 }))
    .map(([all, ends]) => all.map((text, index) => `${text}${ends[index % ends.length]}`).join(''))
    .map((text) => Buffer.from(text, 'latin1')),
  fc.uint8Array({ maxLength: 200 }).map((all) => Buffer.from(all)),
);

/** Plays `count` hostile peers of each kind; throws with a counterexample if one of them gets through. */
export function fuzzHandshakes({ count, seed }: { count: number; seed: number }): void {
  fc.assert(fc.property(made, lines, checkLines), { numRuns: count, seed });
  fc.assert(fc.property(made, octets, fc.array(fc.nat(), { maxLength: 20 }), checkOctets), { numRuns: count, seed });
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const [count = 10_000, seed = Date.now() % 1_000_000] = argv.slice(2).map(Number);
  console.log(`${count} hostile peers of each kind, seed ${seed}`);
  fuzzHandshakes({ count, seed });
  console.log('none of them got through');
}
