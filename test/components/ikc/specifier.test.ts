import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { isKernelName, parseSpecifier, specifierName, specifierPart } from '../../../components/ikc/specifier.ts';
import { blessed } from '../../../wheels/filters/index.ts';
import { fixture } from '../../helpers/fixture.ts';
import { processorMs } from '../../helpers/processor-time.ts';
import { fc } from '../../helpers/property.ts';

/** Where the genuine POE::Component::IKC lies, if it does. */
const library = process.env.IKC_LIB;
const genuine = library !== undefined && existsSync(join(library, 'POE/Component/IKC/Specifier.pm'));
const skipGenuine = genuine ? false : 'IKC_LIB names no directory with POE/Component/IKC/Specifier.pm';

const parts = (kernel: string, session: string, state: string) => ({ kernel, session, state });

/** Texts that are specifiers, or nearly. */
const letters = fc.stringMatching(/^[a-zA-Z0-9_ -]{0,3}$/);
const oddities = fc.constantFrom('.', '\u00e9', '\u0416', '\u{10400}', '!', '0');
const words = fc.oneof({ weight: 4, arbitrary: letters }, oddities);
const kernels = fc.oneof(words, fc.constantFrom('*', 'ab.cd:80', 'unix:', 'unix:_a', ':1-2', ':12', '\u0663'));
const punctuation = fc.constantFrom('poe:', '//', '/', '?', '\n', ':', '*');
const texts = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(
        fc.constantFrom('poe:', ''),
        fc.constantFrom('//', ''),
        fc.array(kernels, { maxLength: 2 }),
        fc.constantFrom('/', ''),
        fc.array(words, { maxLength: 2 }),
        fc.constantFrom('/', ''),
        fc.array(words, { maxLength: 2 }),
        fc.constantFrom('', '?', '?a', '?0', '\n'),
      )
      .map((each) => each.flat().join('')),
  },
  fc.array(fc.oneof(words, kernels, punctuation), { maxLength: 8 }).map((each) => each.join('')),
  // Up to U+07FF only: what later versions of Unicode have added is a letter for the one and not yet for the other.
  fc.array(fc.nat(0x7ff), { maxLength: 8 }).map((codes) => String.fromCharCode(...codes)),
);

describe('parseSpecifier', () => {
  it('parseSpecifier() reads the text form', () => {
    assert.deepEqual(parseSpecifier('poe://Pulse/timeserver/time'), parts('Pulse', 'timeserver', 'time'));
    assert.deepEqual(parseSpecifier('poe:/x/y'), parts('', 'x', 'y'));
    assert.deepEqual(parseSpecifier('poe:x'), parts('', '', 'x'));
    assert.deepEqual(parseSpecifier('poe:///s/t'), parts('', 's', 't'));
    assert.deepEqual(parseSpecifier('s/t'), parts('', 's', 't'));
    assert.deepEqual(parseSpecifier('//k/s/t?a'), { ...parts('k', 's', 't'), args: 'a' });
    for (const none of ['', '0', 'poe:x/y', '/s/t', 'a/b/c', 'a!']) assert.equal(parseSpecifier(none), undefined);
  });

  it('parseSpecifier() answers as the genuine specifier_parse did', () => {
    const cases = JSON.parse(readFileSync(fixture('ikc/specifiers.json'), 'utf8')) as [string, object | null][];
    assert.ok(cases.length > 600);
    for (const [text, answer] of cases) {
      assert.deepEqual(parseSpecifier(text) ?? null, answer, JSON.stringify(text));
    }
  });

  it('parseSpecifier() answers as the genuine specifier_parse does', { skip: skipGenuine }, () => {
    const asked = [...new Set(fc.sample(texts, 30_000))];
    const { stdout, stderr, status } = spawnSync('perl', ['-I', library as string, fixture('ikc/specifiers.pl'), '-'], {
      input: JSON.stringify(asked),
      maxBuffer: 64 * 1024 * 1024,
    });
    assert.equal(status, 0, String(stderr));
    const answers = JSON.parse(String(stdout)) as (object | null)[];
    assert.equal(answers.length, asked.length);
    assert.ok(answers.filter((answer) => answer !== null).length > 2000);
    asked.forEach((text, index) => {
      assert.deepEqual(parseSpecifier(text) ?? null, answers[index], JSON.stringify(text));
    });
  });

  it('parseSpecifier() reads hashes, in which missing parts are empty and nothing else is looked at', () => {
    assert.deepEqual(parseSpecifier({ session: 's', state: 'IKC:proxy (x)' }), parts('', 's', 'IKC:proxy (x)'));
    assert.deepEqual(parseSpecifier({ kernel: null, session: 17, state: 5n, other: [] }), parts('', '17', '5'));
    assert.deepEqual(parseSpecifier({ kernel: '0', session: 0 }), parts('', '', ''));
    assert.deepEqual(parseSpecifier({ args: [1] }), { ...parts('', '', ''), args: [1] });
    assert.deepEqual(parseSpecifier({ args: null }), { ...parts('', '', ''), args: null });
    assert.deepEqual(parseSpecifier(Object.assign(Object.create(null), { state: 'x' })), parts('', '', 'x'));
  });

  it('parseSpecifier() does not change the hash', () => {
    const hash = Object.freeze({ session: 17 });
    assert.notEqual(parseSpecifier(hash), hash);
    assert.deepEqual(hash, { session: 17 });
  });

  it('parseSpecifier() takes nothing but own keys with names in them', () => {
    assert.deepEqual(parseSpecifier(Object.create({ session: 'inherited' })), undefined);
    const hostile = JSON.parse('{"__proto__": {"session": "polluted"}, "state": "x"}') as object;
    assert.deepEqual(parseSpecifier(hostile), parts('', '', 'x'));
    for (const wrong of [[], {}, true, false, Symbol('x'), () => 'x', new Date(0)]) {
      assert.equal(parseSpecifier({ session: wrong }), undefined);
    }
  });

  it('parseSpecifier() takes no arrays, instances, blessed hashes or other values', () => {
    for (const wrong of [undefined, null, 0, 1, true, ['a', 'b'], new Map(), new Date(0), { [blessed]: 'Thing' }]) {
      assert.equal(parseSpecifier(wrong), undefined);
    }
  });

  it('parseSpecifier() takes linear time', () => {
    const started = processorMs();
    for (const piece of ['a', 'a ', '1:1', '/', 'unix:1', '-', '\u0416']) {
      for (const head of ['', 'poe:', 'poe://', '//', 'poe://unix:']) parseSpecifier(`${head}${piece.repeat(50_000)}!`);
    }
    assert.ok(processorMs() - started < 2000);
  });
});

describe('specifierName', () => {
  it('specifierName() writes the parts that there are', () => {
    assert.equal(specifierName(parts('Pulse', 'timeserver', 'time')), 'poe://Pulse/timeserver/time');
    assert.equal(specifierName({ session: 's' }), 'poe:/s');
    assert.equal(specifierName({ kernel: 'k', state: 't', args: 'hidden' }), 'poe://k/t');
    assert.equal(specifierName({ kernel: '0' }), 'poe:');
    assert.equal(specifierName(['s', 't']), 'poe:/s/t');
    assert.equal(specifierName('anything as it is'), 'anything as it is');
  });

  it('specifierName() is read back, if session and state are both there', () => {
    const name = fc.stringMatching(/^[a-zA-Z_ -]{1,8}$/);
    fc.assert(
      fc.property(name, name, name, (kernel, session, state) => {
        assert.deepEqual(parseSpecifier(specifierName({ kernel, session, state })), { kernel, session, state });
      }),
    );
  });
});

describe('specifierPart', () => {
  it('specifierPart() puts poe:// in front of short text', () => {
    assert.equal(specifierPart('Interop/a/b', 'kernel'), 'Interop');
    assert.equal(specifierPart('Interop/a/b', 'state'), 'b');
    assert.equal(specifierPart('poe:/a/b', 'session'), 'a');
    assert.equal(specifierPart({ kernel: 'k' }, 'kernel'), 'k');
    assert.equal(specifierPart('a!', 'kernel'), undefined);
    assert.equal(specifierPart('', 'kernel'), undefined);
  });
});

describe('isKernelName', () => {
  it('isKernelName() accepts what genuine peers can register', () => {
    const names = ['Interop', 'my name', 'my-name.with_all.3', 'vm-6b01fa5f-00006ea9-00000001', '127.0.0.1:43268'];
    for (const name of [
      ...names,
      'unix:run_x.sock',
      'unix:run_x.relay:28250-9',
      'unix:0_x',
      '__proto__',
      'localhost:603',
    ]) {
      assert.ok(isKernelName(name), name);
    }
  });

  it('isKernelName() refuses what they die of, and what cannot be routed', () => {
    for (const name of [
      '',
      '0',
      '*',
      'a::b',
      'x@y',
      'a/b',
      'a/b/c',
      'a?b',
      'ab:12x',
      '::1:603',
      'name\n',
      'caf\u00e9',
    ]) {
      assert.ok(!isKernelName(name), name);
    }
  });
});
