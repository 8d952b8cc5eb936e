/** A genuine POE client talks to our server. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { FREEZER_NAMES } from 'poe-kernel/wheels';
import {
  addressWords,
  MEETINGS,
  runSteps,
  type ServerProgram,
  type Step,
  startOurServer,
  whyNoIkc,
} from '../helpers/interop.ts';

const skip = whyNoIkc() ?? false;
const S = 'poe://Interop/interop';

/** Label, kind, code, and what a genuine server answers. `ID` stands for the client's kernel. */
type Case = readonly [...Step, expected: unknown];

const ask = (event: string, value = 'undef'): string => `ask("${S}/${event}", ${value})`;

/** A hash of names that Perl holds as characters. */
const asCharacters = (session: string, state: string, kernel = 'Interop'): string =>
  `do { my %s = (kernel => "${kernel}", session => "${session}", state => "${state}"); utf8::upgrade($_) for values %s; \\%s }`;

const CASES: readonly Case[] = [
  ['echo', 'answer', ask('echo', '"hello"'), 'hello'],
  ['echo empty', 'answer', ask('echo', '""'), ''],
  [
    'echo deep',
    'answer',
    ask('echo', '{ a => [1, [2, { x => undef }]], b => {} }'),
    { a: [1, [2, { x: null }]], b: {} },
  ],
  ['echo shared', 'answer', ask('echo', 'do { my $x = [1]; [$x, $x] }'), [[1], [1]]],
  ['nothing', 'answer', ask('nothing'), '(nothing)'],
  ['hash specifier', 'answer', 'ask({ kernel => "Interop", session => "interop", state => "echo" }, "x")', 'x'],
  ['names as characters', 'answer', `ask(${asCharacters('interop', 'echo')}, "x")`, 'x'],
  ['a specifier as characters', 'answer', `ask(do { my $s = "${S}/echo"; utf8::upgrade($s); $s }, "x")`, 'x'],
  [
    'names beyond ASCII',
    'error',
    `post(${asCharacters('caf\\xe9', 'gr\\xfc\\xdf')}, 1)`,
    [
      'remote-check',
      "Session 'caf\xe9' is not available for remote kernels.  Request poe://Interop/caf\xe9/gr\xfc\xdf sent by poe://ID/me/IKC:proxy",
      'Interop',
    ],
  ],
  ['relay to names as characters', 'got', ask('relay', `[${asCharacters('me', 'got', 'Tester')}, "x"]`), ['got', 'x']],
  ['relay to names as characters answers', 'answer', '1', 1],
  ['short specifier', 'answer', 'ask("InteropAlias/interop/echo", "x")', 'x'],
  ['default kernel', 'answer', 'ikc(default => "Interop"); ask("poe:/interop/echo", "x")', 'x'],
  ['result of post', 'now', `post("${S}/sink", 1)`, 1],
  ['order', 'answer', `post("${S}/multi", $_) for 1 .. 5; ${ask('last_multi')}`, [5]],
  ['reset', 'answer', ask('reset'), 1],
  ['count', 'answer', `post("${S}/sink", $_) for 1 .. 1000; ${ask('count')}`, 1000],
  ['args', 'answer', `post("${S}/multi?extra", "one"); ${ask('last_multi')}`, ['one', 'extra']],
  ['relay', 'got', ask('relay', '["poe://Tester/me/got", { some => "value" }]'), ['got', { some: 'value' }]],
  ['relay answers', 'answer', '1', 1],
  ['relay by alias', 'got', ask('relay', '["poe://TesterAlias/me/got", "x"]'), ['got', 'x']],
  ['relay by alias answers', 'answer', '1', 1],
  ['relay to nobody', 'answer', ask('relay', '["poe://Nobody/me/got", "x"]'), 0],
  ['sender', 'got', `post("${S}/reply_sender", "back")`, ['answer', 'back']],
  // A genuine server sends both to the sender of the second; here from two sessions of two clients, see below.
  ['sender twice', 'got', `post("${S}/reply_sender", $_) for qw(first second); 1`, ['answer', 'first']],
  ['sender twice, then', 'got', '1', ['answer', 'second']],
  [
    'slow',
    'got',
    `post("${S}/slow", [[50, "later"], { kernel => id(), session => "me", state => "got" }])`,
    ['got', 'later'],
  ],
  ['ask_client', 'answer', ask('ask_client', '["poe://Tester/me/double", 21]'), 1],
  ['ping', 'answer', 'ask("poe://Interop/IKC/ping", 1)', 'PONG'],
  ['asked', 'answer', ask('asked'), [42]],
  [
    'blob',
    'got',
    `post("${S}/slow", [[1, "x" x 1048576], { kernel => id(), session => "me", state => "got" }])`,
    ['got', 'x'.repeat(1_048_576)],
  ],

  [
    'unknown session',
    'error',
    'post("poe://Interop/nowhere/x", 1)',
    [
      'remote-check',
      "Session 'nowhere' is not available for remote kernels.  Request poe://Interop/nowhere/x sent by poe://ID/me/IKC:proxy",
      'Interop',
    ],
  ],
  [
    'not published',
    'error',
    'post("poe://Interop/private/secret", 1)',
    [
      'remote-check',
      "Session 'private' has not published state 'secret'.  Request poe://Interop/private/secret sent by poe://ID/me/IKC:proxy",
      'Interop',
    ],
  ],
  [
    'by the alias',
    'error',
    'post("poe://InteropAlias/private/secret", 1)',
    [
      'remote-check',
      "Session 'private' has not published state 'secret'.  Request poe://InteropAlias/private/secret sent by poe://ID/me/IKC:proxy",
      'InteropAlias',
    ],
  ],
  [
    'no such session',
    'error',
    'post("poe://Interop/ghost/boo", 1)',
    [
      'remote-resolve',
      "Unknown session 'ghost'.  Request poe://Interop/ghost/boo sent by poe://ID/me/IKC:proxy",
      'Interop',
    ],
  ],
  [
    'a handler fails',
    'error',
    `post("${S}/fail", "boom")`,
    ['remote-invocation', `boom.  Request ${S}/fail sent by poe://ID/me/IKC:proxy`, 'Interop'],
  ],
  [
    'called, it fails',
    'error',
    ask('fail', '"boom"'),
    ['remote-invocation', `boom.  Request ${S}/fail sent by poe://ID/me/IKC:proxy`, 'Interop'],
  ],
  [
    'no array for a proxy',
    'error',
    'raw({ event => { kernel => "Interop", session => "interop", state => "IKC:proxy" }, params => {} })',
    ['remote-request', `Not an ARRAY reference.  Request ${S}/IKC:proxy sent by poe://ID/me/IKC:proxy`, 'Interop'],
  ],
  [
    'no arguments for a proxy',
    'error',
    'raw({ event => { kernel => "Interop", session => "interop", state => "IKC:proxy" }, params => ["echo", 1] })',
    [
      'remote-invocation',
      `Can't use string ("1") as an ARRAY ref while "strict refs" in use.  Request ${S}/echo sent by poe://ID/me/IKC:proxy`,
      'Interop',
    ],
  ],

  [
    'subscribe',
    'granted',
    `subscribe("${S}", "poe://Interop/private/ok", "poe://Interop/private/secret", "poe://Interop/nowhere")`,
    [S, 'poe://Interop/private/ok'],
  ],
  [
    'aliases of proxies',
    'now',
    `[map { known($_) } "${S}", "interop", "poe://Interop/private", "private", "nowhere"]`,
    [1, 1, 1, 1, 0],
  ],
  ['post to a proxy', 'now', `to("${S}", "multi", 1, "two", [3]); to("interop", "sink"); 1`, 1],
  ['through a proxy', 'answer', ask('last_multi'), [1, 'two', [3]]],
  [
    'refused through a proxy',
    'error',
    'to("private", "secret", 1)',
    ['subscribe', 'Refused subscription poe://Interop/private/secret', '*'],
  ],
  ['unsubscribe', 'now', `ikc(unsubscribe => "${S}"); 1`, 1],
];

/** The texts as they are for one client. */
function withId(value: unknown, id: string): unknown {
  if (typeof value === 'string') return value.replaceAll('poe://ID/', `poe://${id}/`);
  return Array.isArray(value) ? value.map((each) => withId(each, id)) : value;
}

for (const meeting of MEETINGS) {
  const { transport, protocol } = meeting;
  describe(`genuine client, our server, ${transport}, server configured for ${protocol}`, { skip }, () => {
    let server: ServerProgram;
    before(async () => {
      server = await startOurServer(meeting);
    });
    after(async () => {
      assert.equal(await server.stop(), 0);
    });

    for (const clientProtocol of ['IKC0', 'IKC'] as const) {
      const words = (): string[] => [
        ...addressWords(server.address),
        ...['--protocol', clientProtocol, '--name', 'Tester', '--aliases', 'TesterAlias'],
      ];

      test(`${clientProtocol}: requests, answers, errors, proxies`, async () => {
        const steps: Step[] = CASES.map(([label, kind, code]) => [label, kind, code]);
        const got = await runSteps('client', words(), [['id', 'now', 'id()'], ...steps]);
        const id = got.id as string;
        for (const [label, , , expected] of CASES) assert.deepEqual(got[label], withId(expected, id), label);
      });

      test(`${clientProtocol}: names come in their order, the real one first`, async () => {
        const { seen } = (await runSteps('client', words(), [['seen', 'seen', '1']])) as {
          seen: [string, string, 0 | 1][];
        };
        const registered = seen.filter(([event]) => event === 'register').map(([, name, real]) => [name, real]);
        const [[id, real] = [], ...others] = registered;
        assert.match(String(id), /^[-.\w]+-[\da-f]{8}-[\da-f]{8}-[\da-f]{8}$/);
        assert.equal(real, 1);
        const own =
          server.address.unix === undefined
            ? `127.0.0.1:${server.address.port}`
            : `unix:${server.address.unix.replace(/[^-.\w]+/g, '_')}`;
        const stepwise = protocol === 'IKC' || clientProtocol === 'IKC';
        const names = stepwise ? [own, 'InteropAlias', 'Interop'] : ['Interop', 'InteropAlias', own];
        // POE: a client over a unix socket adds this one.
        if (transport === 'unix') names.push('unix:n');
        assert.deepEqual(
          others,
          names.map((name) => [name, 0]),
        );
      });
    }
  });
}

describe('genuine clients, our server', { skip }, () => {
  test('each serializer', async () => {
    const server = await startOurServer({ transport: 'TCP', protocol: 'IKC0' });
    try {
      for (const serializer of FREEZER_NAMES) {
        const words = [...addressWords(server.address), '--serializers', serializer];
        const got = await runSteps('client', words, [['echo', 'answer', ask('echo', '{ a => ["b", undef] }')]]);
        assert.deepEqual(got.echo, { a: ['b', null] }, serializer);
      }
    } finally {
      await server.stop();
    }
  });

  test('the server tells its monitors of a client from beginning to end', async () => {
    const server = await startOurServer({ transport: 'TCP', protocol: 'IKC0' });
    try {
      const words = [...addressWords(server.address), '--name', 'N', '--aliases', 'A'];
      await runSteps('client', words, [['ping', 'answer', 'ask("poe://Interop/IKC/ping", 1)']]);
      const { seen } = await runSteps('lite', addressWords(server.address), [
        ['seen', 'call', '$c->call("interop/seen")'],
      ]);
      const ofN = (seen as [string, string, ...unknown[]][]).filter(([, name]) => name === 'N');
      assert.deepEqual(ofN, [
        ['register', 'N', 0],
        ['channel', 'N', 0, 'ready'],
        ['error', 'N', 0, 'channel-read', '[0] '],
        ['channel', 'N', 0, 'close'],
        ['unregister', 'N', 0],
      ]);
    } finally {
      await server.stop();
    }
  });

  test('two clients of one name get their own answers, at the same time', async () => {
    const server = await startOurServer({ transport: 'TCP', protocol: 'IKC0' });
    try {
      const words = [...addressWords(server.address), '--name', 'Twin'];
      const steps = (who: string): Step[] =>
        Array.from({ length: 20 }, (_, n) => [`${n}`, 'answer', ask('echo', `"${who} ${n}"`)]);
      const runs = await Promise.all(['one', 'other'].map((who) => runSteps('client', words, steps(who))));
      for (const [index, who] of ['one', 'other'].entries()) {
        for (let n = 0; n < 20; n++) assert.equal(runs[index]?.[n], `${who} ${n}`);
      }
    } finally {
      await server.stop();
    }
  });
});
