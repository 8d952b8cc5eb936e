import assert from 'node:assert/strict';
import { PoeError } from '../../core/index.ts';
import type { SeededRandom } from '../../core/testing/index.ts';
import type { Chunk, Filter } from '../filters/index.ts';
import { type ContractCase, type ContractRounds, cut, randomCase, some } from './contract.ts';

/** What the contract needs to know about a filter. */
export interface FilterSubject<In, Out = In, Raw = Chunk> extends ContractRounds {
  /** Makes a filter with an empty buffer. */
  make(): Filter<In, Out, Raw>;
  /** Records that survive `put` and `get`: some to choose from, or a function that makes one. */
  records: readonly Out[] | ((random: SeededRandom) => Out);
  /** What a stream of put records should read as. Default: the records themselves. */
  expected?(records: readonly Out[]): unknown;
  /** What was read, in the same form. Default: the records themselves. */
  seen?(records: readonly In[]): unknown;
  /** Something that is no whole record yet: octets, or for a filter of records one of those. */
  unfinished: Raw;
  /**
   * Whether a record may be cut anywhere and waits until it is whole. False for a filter that gives out whatever it has.
   * Default true.
   */
  frames?: boolean;
  /** Whether `put` gives one chunk for each record, and `getOne` one record at a time. Default true. */
  oneByOne?: boolean;
  /** Whether `getPending` gives all that waits; a stack asks its last filter only. Default true. */
  givesPending?: boolean;
  /** Why a filter of the same kind cannot go on wherever this one is left, if that is so. */
  noHandOver?: string;
}

/**
 * The suite that every filter passes: any split of a stream gives the same records, `getOneStart` and `getOne` give what
 * `get` gives, `getPending` what is left, a clone begins anew, and octets of any kind make no other trouble than a
 * `PoeError`.
 *
 * @returns Cases with a title, to be run by any test runner.
 * @example
 * const cases = filterContract({
 *   make: () => new Line({ literal: '\n' }),
 *   records: ['one', '', 'two words'],
 *   unfinished: Buffer.from('no end'),
 * });
 * for (const { title, run } of cases) test(title, run);
 */
export function filterContract<In, Out = In, Raw = Chunk>(subject: FilterSubject<In, Out, Raw>): ContractCase[] {
  const { make, unfinished, records, frames = true, oneByOne = true, givesPending = true } = subject;
  const expected = subject.expected ?? ((sent: readonly Out[]): unknown => sent);
  const seen = subject.seen ?? ((got: readonly In[]): unknown => got);
  const ofOctets = unfinished instanceof Uint8Array;

  const record = typeof records === 'function' ? records : (random: SeededRandom) => random.pick(records) as Out;
  const several = (random: SeededRandom): Out[] => some(random, 12, () => record(random));
  const same = (got: readonly In[], sent: readonly Out[]): void => assert.deepEqual(seen(got), expected(sent));
  /** All that is put, in pieces: octets cut anywhere, records in groups. */
  const split = (random: SeededRandom, raw: Raw[], most = 20): Raw[] =>
    ofOctets ? (cutAnywhere(random, raw as Chunk[], most) as Raw[]) : raw;
  const groups = (random: SeededRandom, pieces: Raw[]): Raw[][] => {
    const all: Raw[][] = [];
    for (let at = 0; at < pieces.length; at += all.at(-1)?.length ?? 0)
      all.push(pieces.slice(at, at + 1 + random.below(3)));
    return all;
  };
  const pendingOf = (filter: Filter<In, Out, Raw>): Raw[] => filter.getPending() ?? [];
  const drain = (filter: Filter<In, Out, Raw>): In[] => {
    const got: In[] = [];
    for (;;) {
      const next = filter.getOne();
      if (next.length === 0) return got;
      if (oneByOne) assert.equal(next.length, 1, 'getOne() gives one record');
      got.push(...next);
    }
  };

  const cases: (ContractCase | false)[] = [
    randomCase('put() makes what get() reads back', subject, (random) => {
      const sent = several(random);
      const raw = make().put(sent);
      if (oneByOne) assert.equal(raw.length, sent.length, 'put() gives one chunk a record');
      same(make().get(raw), sent);
    }),

    randomCase('get() reads the same records from any split of the stream', subject, (random) => {
      const sent = several(random);
      const filter = make();
      const pieces = groups(random, split(random, make().put(sent)));
      same(
        pieces.flatMap((some) => filter.get(some)),
        sent,
      );
    }),

    ofOctets &&
      randomCase('get() reads the same records one octet at a time', subject, (random) => {
        const sent = several(random);
        const filter = make();
        const octets = [...Buffer.concat(make().put(sent) as Chunk[])];
        same(
          octets.flatMap((octet) => filter.get([Buffer.of(octet) as Raw])),
          sent,
        );
        assert.deepEqual(pendingOf(filter), []);
      }),

    ofOctets &&
      randomCase('get() takes plain Uint8Arrays that are views into other memory', subject, (random) => {
        const sent = several(random);
        const stream = Buffer.concat(make().put(sent) as Chunk[]);
        const memory = new Uint8Array(stream.length + 7).fill(0xff);
        memory.set(stream, 3);
        same(make().get([memory.subarray(3, 3 + stream.length) as Raw]), sent);
      }),

    randomCase('getOneStart() and getOne() give what get() gives, then nothing', subject, (random) => {
      const sent = several(random);
      const raw = make().put(sent);
      const filter = make();
      filter.getOneStart(raw);
      const got = drain(filter);
      assert.deepEqual(filter.getOne(), []);
      same(got, sent);
      assert.deepEqual(seen(got), seen(make().get(raw)));
    }),

    subject.noHandOver === undefined &&
      randomCase('getPending() hands over to another filter what was not read, anywhere', subject, (random) => {
        const sent = several(random);
        const pieces = split(random, make().put(sent), 1);
        const old = make();
        const got: In[] = [];
        const first = ofOctets ? 1 : random.below(pieces.length + 1);
        old.getOneStart(pieces.slice(0, first));
        for (let reads = random.below(13); reads > 0; reads--) got.push(...old.getOne());
        const pending = old.getPending();
        assert.deepEqual(old.getPending(), pending, 'asking does not take it away');
        const next = make();
        if (pending) got.push(...next.get(pending));
        got.push(...next.get(pieces.slice(first)));
        same(got, sent);
      }),

    {
      title: 'getPending() is empty while nothing waits, and gives back what is no whole record',
      run() {
        const filter = make();
        assert.deepEqual(pendingOf(filter), []);
        filter.getOneStart([]);
        if (ofOctets) filter.getOneStart([Buffer.alloc(0) as Raw]);
        assert.deepEqual(filter.getOne(), []);
        assert.deepEqual(pendingOf(filter), []);
        filter.getOneStart([unfinished]);
        if (frames) assert.deepEqual(filter.getOne(), []);
        if (givesPending) assert.deepEqual(joined(pendingOf(filter)), joined([unfinished]));
      },
    },

    randomCase('clone() has the same settings and an empty buffer', subject, (random) => {
      const sent = several(random);
      const filter = make();
      filter.getOneStart([unfinished]);
      const twin = filter.clone();
      assert.deepEqual(pendingOf(twin), []);
      if (givesPending) {
        assert.deepEqual(joined(pendingOf(filter)), joined([unfinished]), 'the original keeps what it has');
      }
      const raw = twin.put(sent);
      assert.deepEqual(joined(raw), joined(make().put(sent)));
      same(twin.get(raw), sent);
    }),

    ofOctets &&
      randomCase('get() stands octets of any kind', subject, (random) => {
        const stream = Buffer.concat(make().put(several(random)) as Chunk[]);
        const filter = make();
        for (const piece of cutAnywhere(random, [damaged(random, stream)], 20)) {
          try {
            filter.get([piece as Raw]);
            filter.getPending();
          } catch (error) {
            if (!(error instanceof PoeError)) throw error;
          }
        }
      }),
  ];
  return cases.filter((each) => each !== false);
}

/** Chunks in one piece, so that it does not matter how they are cut; records stay as they are. */
function joined<Raw>(chunks: readonly Raw[]): unknown {
  return chunks.every((chunk) => chunk instanceof Uint8Array) ? Buffer.concat(chunks) : chunks;
}

function cutAnywhere(random: SeededRandom, chunks: readonly Chunk[], most: number): Chunk[] {
  const octets = Buffer.concat(chunks);
  return cut(
    octets,
    some(random, most, () => random.below(octets.length + 1)),
  );
}

/** The octets with some changed, some left out and some others between them. */
function damaged(random: SeededRandom, octets: Uint8Array): Buffer {
  const pieces = cutAnywhere(random, [octets], 6);
  return Buffer.concat(
    pieces.flatMap((piece) => {
      if (random.below(4) === 0) return [];
      const copy = Buffer.from(piece);
      if (copy.length > 0 && random.below(3) === 0) copy[random.below(copy.length)] = random.below(256);
      return random.below(3) === 0 ? [copy, random.octets(random.below(9))] : [copy];
    }),
  );
}
