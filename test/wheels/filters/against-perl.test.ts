import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SeededRandom } from 'poe-kernel/testing';
import {
  type FilterCase,
  type FilterSpec,
  inOurs,
  inPerl,
  isError,
  type Outcome,
  type Step,
  whyNoPerlFilters,
} from '../../helpers/perl-filters.ts';

const CASES = 400;

/** Makes random cases for one filter. */
type MakeCase = (random: SeededRandom) => FilterCase;

const several = <T>(random: SeededRandom, most: number, make: () => T): T[] =>
  Array.from({ length: random.below(most + 1) }, make);
const textOf = (random: SeededRandom, characters: readonly string[], most = 8): string =>
  several(random, most, () => random.pick(characters)).join('');

interface Parts {
  chunk: () => unknown;
  record: () => unknown;
  /** Steps of this filter alone. */
  others?: () => Step[];
  /** Left out where POE is not to be followed. */
  without?: readonly string[];
}

/** Steps of any filter: chunks that come in, records that are read and put, what is left, and now and then a clone. */
function steps(random: SeededRandom, { chunk, record, others = () => [], without = [] }: Parts): Step[] {
  const turn = (): Step[] => {
    switch (random.below(8)) {
      case 0:
        return [['put', several(random, 3, record)]];
      case 1:
        return [['clone']];
      case 2:
        return [['start', several(random, 3, chunk)], ['one'], ['pending']];
      case 3:
        return [['one'], ['one']];
      case 4:
        return others();
      default:
        return [['get', several(random, 3, chunk)]];
    }
  };
  const turns = Array.from({ length: 2 + random.below(7) }, turn).flat();
  return [...turns, ['get', []] as const, ['get', []] as const, ['pending'] as const].filter(
    ([name]) => !without.includes(name),
  );
}

const NEWLINES = ['\r', '\n', '\r\n', '\n\r'];
const LINE_ALPHABET = [...NEWLINES, 'a', 'b', 'aba', ';', ' ', '.*', '\xe9', 'x', '\0'];

const lineCase: MakeCase = (random) => {
  const limits = random.below(4) > 0 ? {} : { maxLength: 1 + random.below(5), maxBuffer: 4 + random.below(12) };
  const literal = textOf(random, LINE_ALPHABET, 2) || '\n';
  const end: Record<string, unknown> =
    random.pick([
      {},
      { literal },
      { inputLiteral: literal },
      { inputLiteral: null },
      { inputLiteral: '' },
      {
        inputRegexp: random.pick(['\\s*;\\s*', '(?:\\r|\\n)+', 'a.b', '(;|x)+', '[ab]', 'x(?=a)', '(a)(b)\\3?']),
      },
      { compiled: random.pick(['\\s*;\\s*', 'a|b', '(a|;)+', '\\n+', '[^a]a']) },
    ]) ?? {};
  const output = 'literal' in end || random.below(2) > 0 ? {} : { outputLiteral: textOf(random, LINE_ALPHABET, 2) };
  const chunk = () => textOf(random, LINE_ALPHABET);
  return {
    make: ['Line', { ...end, ...output, ...limits }],
    steps: steps(random, { chunk, record: () => textOf(random, ['a', '\xff', '\n']) }),
  };
};

const blockCase: MakeCase = (random) => {
  const options =
    random.pick([
      {},
      {},
      { maxLength: 1 + random.below(9), maxBuffer: 14 },
      { blockSize: 1 + random.below(5) },
      { blockSize: 3, maxBuffer: 10 },
      { lengthCodec: 'short' },
      { lengthCodec: 'text' },
      { lengthCodec: 'text', maxLength: 5 },
    ]) ?? {};
  const pieces = [
    '1\0',
    '2\0',
    '12\0',
    '0\0',
    '007\0',
    '\0\x01',
    '\0\x03',
    '\0',
    '<3>',
    '<0>',
    '<',
    'a',
    'bcd',
    '5',
    '\xe9',
  ];
  const good = 'lengthCodec' in options ? ['<2>ab', '\0\x02ab', '\0\0', '<0>'] : ['3\0abc', '0\0', '1\0\xe9'];
  const chunk = () => (random.below(3) > 0 ? textOf(random, good, 3) : textOf(random, pieces, 3));
  return {
    make: ['Block', options],
    steps: steps(random, {
      chunk,
      record: () => textOf(random, ['a', '\0', '\xe9', '1']),
      // A clone begins anew here, where POE's waits for the block the original was reading.
      without: ['clone'],
    }),
  };
};

const words = ['a', 'b', 'ab', '', 'x', 'banana', 'b;a', ';'];

function pairSpec(random: SeededRandom, kind: 'Grep' | 'Map'): FilterSpec {
  const names = kind === 'Grep' ? ['hasA', 'long', 'all', 'none'] : ['same', 'upper', 'words', 'drop', 'twice'];
  const name = () => random.pick(names);
  return [kind, random.below(2) > 0 ? { code: name() } : { get: name(), put: name() }];
}

const pairCase =
  (kind: 'Grep' | 'Map'): MakeCase =>
  (random) => {
    const word = () => random.pick(words);
    const spec = pairSpec(random, kind);
    const modify = (): Step[] => {
      const { code, get = code } = pairSpec(random, kind)[1] as Record<string, unknown>;
      return [['modify', random.pick(['get', 'put', 'code']), get]];
    };
    return { make: spec, steps: steps(random, { chunk: word, record: word, others: modify }) };
  };

const recordBlockCase: MakeCase = (random) => {
  const options = { blockSize: random.below(5), ...(random.below(2) > 0 && { checkPut: random.below(2) > 0 }) };
  const word = () => random.pick(words);
  const others = (): Step[] =>
    random.pick<Step[]>([
      [['putPending']],
      [['blocksize', random.below(4)]],
      [['checkput', random.below(2) > 0]],
      [['blocksize'], ['checkput']],
    ]) ?? [];
  return {
    make: ['RecordBlock', options],
    steps: steps(random, { chunk: word, record: () => several(random, 4, word), others }),
  };
};

const stackCase: MakeCase = (random) => {
  const wire: FilterSpec = random.pick<FilterSpec>([
    ['Line', { literal: '\n' }],
    ['Line', {}],
    ['Block', { blockSize: 2 }],
    ['Block', {}],
    ['Stream', {}],
  ]) ?? ['Stream', {}];
  const middle = (): FilterSpec => pairSpec(random, random.pick(['Grep', 'Map'] as const) ?? 'Map');
  const inner = several(random, 3, middle);
  // A filter of octets may stand above others, too.
  if (random.below(4) === 0) inner.push(['Line', { literal: ';' }]);
  const last = random.below(3) === 0 ? [['RecordBlock', { blockSize: 1 + random.below(3) }] as const] : [];
  const word = () => random.pick(words);
  const others = (): Step[] =>
    random.pick<Step[]>([
      [['types']],
      [['push', middle()], ['types'], ['pop']],
      [['unshift', ['Stream', {}]], ['types'], ['get', ['ab\nc']], ['shift'], ['types']],
    ]) ?? [];
  const chunk = () => textOf(random, ['a', 'b', ';', '\n', '\r\n', '2\0', '3\0', 'ab\n', 'banana\n'], 6);
  const record = last.length > 0 ? () => several(random, 3, word) : word;
  return {
    make: ['Stackable', [wire, ...inner, ...last]],
    steps: steps(random, {
      chunk,
      record,
      others: last.length > 0 ? () => [['types']] : others,
      // POE puts what other filters hold into the next one, to be sent.
      without: ['clone', ...(last.length > 0 ? ['pending'] : [])],
    }),
  };
};

/**
 * Where the two part on purpose, the rest of a case tells nothing: a full buffer takes no more here, a block that is too
 * long never comes, and digits that are no length are an error.
 */
function comparable(ours: Outcome, perl: Outcome): [Outcome, Outcome] {
  if (ours === 'refused' || perl === 'refused') return [ours, perl];
  const at = ours.findIndex((result) => isError(result) && ['buffer', 'block', 'no length'].includes(result.error));
  if (at < 0) return [ours, perl];
  const end = (ours[at] as { error: string }).error === 'no length' ? at : at + 1;
  return [ours.slice(0, end), perl.slice(0, end)];
}

describe('filters do what POE does with random streams, cuts and options', {
  skip: whyNoPerlFilters() ?? false,
}, () => {
  for (const [name, makeCase] of Object.entries<MakeCase>({
    Line: lineCase,
    Block: blockCase,
    Grep: pairCase('Grep'),
    Map: pairCase('Map'),
    RecordBlock: recordBlockCase,
    Stackable: stackCase,
  })) {
    it(name, () => {
      const random = new SeededRandom(20261122);
      const cases = Array.from({ length: CASES }, () => makeCase(random.split()));
      const perl = inPerl(cases);
      assert.equal(perl.length, cases.length);
      for (const [index, each] of cases.entries()) {
        const [ours, theirs] = comparable(inOurs(each), perl[index] as Outcome);
        assert.deepEqual(ours, theirs, JSON.stringify(each));
      }
    });
  }
});
