/** A genuine ClientLite talks to our server. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { addressWords, runSteps, type ServerProgram, type Step, startOurServer, whyNoIkc } from '../helpers/interop.ts';

const skip = whyNoIkc() ?? false;

/** Label, kind, code, and what a genuine server answers. */
type Case = readonly [...Step, expected: unknown];

const CALLS: readonly Case[] = [
  ['echo', 'call', '$c->call("interop/echo", "hello")', 'hello'],
  ['echo empty', 'call', '$c->call("interop/echo", "")', ''],
  ['echo 0', 'call', '$c->call("interop/echo", 0)', 0],
  [
    'echo of a structure',
    'call',
    '$c->call("interop/echo", { a => [1, [2, { x => undef }]], b => {} })',
    { a: [1, [2, { x: null }]], b: {} },
  ],
  ['echo of bytes', 'call', 'unpack "H*", $c->call("interop/echo", pack "H*", "0001feff")', '0001feff'],
  ['full specifier', 'call', '$c->call("poe://Interop/interop/echo", "x")', 'x'],
  ['by alias', 'call', '$c->call("poe://InteropAlias/interop/echo", "x")', 'x'],
  ['any kernel', 'call', '$c->call("poe://Whatever/interop/echo", "x")', 'x'],
  ['all kernels', 'call', '$c->call("poe://*/interop/echo", "x")', 'x'],
  ['add', 'call', '$c->call("interop/add", [40, 2])', 42],
  ['add text', 'call', '$c->call("interop/add", ["1.5", "3000000000"])+0', 3_000_000_001.5],
  ['list, scalar', 'call', '$c->call("interop/list", 3)', 3],
  ['list, list', 'list', '$c->call("interop/list", 3)', [1, 2, 3]],
  ['list of one', 'list', '$c->call("interop/list", 1)', [1]],
  ['echo, list', 'list', '$c->call("interop/echo", "x")', ['x']],
  ['nothing, list', 'list', '$c->call("interop/nothing")', [null]],
  ['reset', 'call', '$c->call("interop/reset")', 1],
  ['post', 'call', '$c->post("interop/sink", $_) for 1 .. 100; $c->call("interop/count")', 100],
  ['relay to nobody', 'call', '$c->call("interop/relay", ["poe://Nobody/a/b", 1])', 0],
  ['relay to me', 'list', '$c->post("interop/relay", ["poe://Lite/IKCLite/x", 1]); $c->responded("x")', [1]],
  ['post_respond', 'call', '$c->post_respond("interop/slow", [30, "later"])', 'later'],
  ['reply_sender', 'list', '$c->post("interop/reply_sender", "to you"); $c->responded("answer")', ['to you']],
  ['multi', 'call', '$c->post("interop/multi?extra", "one"); $c->call("interop/last_multi")', ['one', 'extra']],
  ['blob', 'call', 'length $c->call("interop/blob", 1048576)', 1_048_576],
  ['private ok', 'call', '$c->call("private/ok")', 'fine'],
  ['error', 'call', '$c->call("private/secret")', { error: 'ARRAY(...)' }],
  ['after the error', 'call', '$c->call("interop/echo", "still here")', 'still here'],
];

/** The words that INTEROP promises for kinds of values, by serializer. */
const TYPES: Record<string, readonly (readonly [code: string, word: string])[]> = {
  Storable: [
    ['1', 'int'],
    ['-300', 'int'],
    ['2147483647', 'int'],
    ['2147483648', 'bytes'],
    ['3000000000', 'bytes'],
    ['12345678901', 'bytes'],
    ['1.5', 'bytes'],
    ['1e3', 'int'],
    ['"a"', 'bytes'],
    ['"5"', 'bytes'],
    ['"\\x{20ac}"', 'text'],
    ['undef', 'undef'],
    ['[]', 'array'],
    ['{}', 'hash'],
    ['\\"x"', 'ref'],
    ['bless([], "K::L")', 'blessed:K::L:array'],
    [`do { my $x = "\\xe9"; utf8::upgrade($x); $x }`, 'text'],
    [`do { my $x = "abc"; utf8::upgrade($x); $x }`, 'text'],
    ['"\\xe9"', 'bytes'],
    ['qr/a/', 'blessed:Regexp:regexp'],
    ['v1.2.3', 'vstring'],
  ],
  FreezeThaw: [
    ['1', 'bytes'],
    ['-300', 'bytes'],
    ['2147483648', 'bytes'],
    ['12345678901', 'bytes'],
    ['1.5', 'bytes'],
    ['1e3', 'bytes'],
    ['"a"', 'bytes'],
    ['"5"', 'bytes'],
    ['undef', 'undef'],
    ['[]', 'array'],
    ['{}', 'hash'],
    ['\\"x"', 'ref'],
    ['bless({}, "K")', 'blessed:K:hash'],
  ],
  'POE::Component::IKC::Freezer': [
    ['1', 'int'],
    ['-300', 'int'],
    ['2147483647', 'int'],
    ['2147483648', 'int'],
    ['3000000000', 'int'],
    ['12345678901', 'bytes'],
    ['1.5', 'bytes'],
    ['1e3', 'bytes'],
    ['"a"', 'bytes'],
    ['"5"', 'bytes'],
    ['"\\x{20ac}"', 'text'],
    ['undef', 'undef'],
    ['[]', 'array'],
    ['{}', 'hash'],
    ['bless({}, "K")', 'blessed:K:hash'],
  ],
};

for (const protocol of ['IKC0', 'IKC'] as const) {
  describe(`genuine ClientLite, our server configured for ${protocol}`, { skip }, () => {
    let server: ServerProgram;
    before(async () => {
      server = await startOurServer({ transport: 'TCP', protocol });
    });
    after(async () => {
      assert.equal(await server.stop(), 0);
    });

    for (const clientProtocol of ['IKC0', 'IKC'] as const) {
      for (const [serialiser, types] of Object.entries(TYPES)) {
        test(`${clientProtocol}, ${serialiser}: every event, and the words of type`, async () => {
          const words = [...addressWords(server.address), '--protocol', clientProtocol, '--serialiser', serialiser];
          const typeSteps = types.map(
            ([code, word]) => [`type ${code}`, 'call', `$c->call("interop/type", ${code})`, word] as const,
          );
          // Numbers come back as text with this one.
          const text = serialiser === 'FreezeThaw';
          const cases = [...CALLS, ...typeSteps];
          const got = await runSteps(
            'lite',
            words,
            cases.map(([label, kind, code]) => [label, kind, code]),
          );
          const expected = Object.fromEntries([
            ['connected', 1],
            ...cases.map(([label, , , value]) => [label, text ? asText(value) : value] as const),
          ]);
          assert.deepEqual(
            text
              ? Object.fromEntries(Object.entries(got).map(([k, v]) => [k, k === 'connected' ? v : asText(v)]))
              : got,
            expected,
          );
        });
      }
    }

    test('ping answers after the step-by-step handshake', async () => {
      const words = [...addressWords(server.address), '--protocol', 'IKC'];
      assert.deepEqual(await runSteps('lite', words, [['ping', 'call', '$c->ping ? 1 : 0']]), {
        connected: 1,
        ping: 1,
      });
    });

    test('undef is not answered in scalar context', async () => {
      const words = [...addressWords(server.address), '--timeout', '1'];
      const { nothing, then } = await runSteps('lite', words, [
        ['nothing', 'call', '$c->call("interop/nothing")'],
        ['then', 'call', '$c->call("interop/echo", "reconnected")'],
      ]);
      assert.match((nothing as { error: string }).error, /^Timed out/);
      assert.equal(then, 'reconnected');
    });

    test('an unknown serializer is refused', async () => {
      // The client would not offer what it cannot load, so it is told that it can.
      const words = [...addressWords(server.address), '--serialiser', 'Data::Dumper'];
      const { connected } = await runSteps('lite', words, []);
      assert.notEqual(connected, 1);
    });
  });
}

/** Numbers as the text that FreezeThaw makes of them. */
function asText(value: unknown): unknown {
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return value.map(asText);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, asText(each)]));
}
