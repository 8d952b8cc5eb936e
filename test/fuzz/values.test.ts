import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { blessed, PerlRef, PerlString } from '../../wheels/filters/freezers/perl-values.ts';
import { startOurServer, startPerlServer, whyNoIkc } from '../helpers/interop.ts';
import { difference } from './values/carries.ts';
import { randomQuestion, randomValue } from './values/generate.ts';
import { throughServer } from './values/live.ts';
import { throughStorable, whyNoStorable } from './values/perl.ts';

const SEED = 1;
/** `npm run fuzz:values` takes as many as one likes. */
const VALUES = 50_000;

describe('random values', () => {
  it(`come through real Perl's Storable: ${VALUES} of them`, { skip: whyNoStorable() ?? false }, () =>
    throughStorable(VALUES, SEED),
  );

  for (const [who, start, flags, skip] of [
    ['a server of ours', startOurServer, false, false],
    ['a genuine server', startPerlServer, true, whyNoIkc() ?? false],
  ] as const) {
    it(`come through ${who} in messages at random, with their rsvp unchanged: ${VALUES / 5} of them`, {
      skip,
    }, async () => {
      const server = await start({ transport: 'TCP', protocol: 'IKC0' });
      try {
        await throughServer(VALUES / 5, SEED, server.address, flags);
      } finally {
        await server.stop();
      }
    });
  }
});

describe('randomValue() and randomQuestion()', () => {
  it('make the same of the same seed', () => {
    assert.deepEqual(randomValue(7), randomValue(7));
    assert.deepEqual(randomQuestion(7, 'K'), randomQuestion(7, 'K'));
    assert.notDeepEqual(randomValue(7), randomValue(8));
  });
});

describe('difference()', () => {
  it('finds what did not come through', () => {
    const shared = [1];
    const text = (value: string, flagged = false) => new PerlString(value, flagged);
    for (const [sent, came] of [
      [1, 2],
      [0.5, text('0.51')],
      [2n ** 60n, text(String(2n ** 60n - 1n))],
      [null, text('')],
      ['a', text('b')],
      [text('a', true), text('a')],
      [[1, 2], [1]],
      [{ a: 1 }, { b: 1 }],
      [{ a: null }, {}],
      [
        [shared, shared],
        [[1], [1]],
      ],
      [
        [[1], [1]],
        [shared, shared],
      ],
      [Object.assign([], { [blessed]: 'K' }), []],
      [new PerlRef(1), new PerlRef(2)],
      [new Array(1), [null]],
    ] as const) {
      assert.notEqual(difference(sent, came), undefined);
    }
  });

  it('lets numbers travel as text, and things hold themselves', () => {
    const loop: unknown[] = [0.1 + 0.2];
    loop.push(loop);
    const came: unknown[] = [new PerlString('0.3', false)];
    came.push(came);
    assert.equal(difference(loop, came), undefined);
  });
});
