import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Chunk, Filter } from '../../wheels/filters/filter.ts';

/** What the contract needs to know about a filter. */
export interface FilterSubject<In, Out> {
  /** Makes a filter with an empty buffer. */
  make(): Filter<In, Out>;
  /** Records of this filter, which survive `put` and `get`. */
  record: fc.Arbitrary<Out>;
  /** What a stream of `put` records should read as. */
  expected(records: Out[]): unknown;
  /** What was read, in the same form. Default: the records themselves. */
  seen?(records: In[]): unknown;
  /** Octets that are no whole record yet. */
  unfinished: Chunk;
  /**
   * Whether a record may be cut anywhere and waits until it is whole. False for a filter that gives out whatever it has.
   */
  frames?: boolean;
  /** Why a filter of the same kind cannot go on wherever this one is left, if that is so. */
  noHandOver?: string;
}

/** Cuts octets at the given places. */
export function cut(octets: Uint8Array, places: readonly number[]): Uint8Array[] {
  const inside = [...new Set(places.map((place) => place % (octets.length + 1)))].sort((a, b) => a - b);
  return [0, ...inside].map((from, index) => octets.subarray(from, inside[index] ?? octets.length));
}

/** The suite that every filter passes. */
export function filterContract<In, Out>(name: string, subject: FilterSubject<In, Out>): void {
  const { make, record, expected, unfinished } = subject;
  const seen = subject.seen ?? ((records: In[]) => records);
  const frames = subject.frames ?? true;
  const records = fc.array(record, { maxLength: 12 });
  const join = (chunks: Chunk[]) => Buffer.concat(chunks);

  describe(`${name}, as a filter`, () => {
    it('put() gives one chunk a record, which get() reads back', () => {
      fc.assert(
        fc.property(records, (sent) => {
          const chunks = make().put(sent);
          assert.equal(chunks.length, sent.length);
          assert.deepEqual(seen(make().get(chunks)), expected(sent));
        }),
      );
    });

    it('get() reads the same records from any split of the stream', () => {
      fc.assert(
        fc.property(records, fc.array(fc.nat(), { maxLength: 20 }), fc.nat(3), (sent, places, together) => {
          const pieces = cut(join(make().put(sent)), places);
          const filter = make();
          const got: In[] = [];
          while (pieces.length > 0) got.push(...filter.get(pieces.splice(0, together + 1)));
          assert.deepEqual(seen(got), expected(sent));
        }),
      );
    });

    it('get() reads the same records one octet at a time', () => {
      fc.assert(
        fc.property(records, (sent) => {
          const filter = make();
          const got = [...join(make().put(sent))].flatMap((octet) => filter.get([Buffer.of(octet)]));
          assert.deepEqual(seen(got), expected(sent));
          assert.equal(filter.getPending(), null);
        }),
      );
    });

    it('get() takes plain Uint8Arrays that are views into other memory', () => {
      fc.assert(
        fc.property(records, (sent) => {
          const stream = join(make().put(sent));
          const memory = new Uint8Array(stream.length + 7).fill(0xff);
          memory.set(stream, 3);
          assert.deepEqual(seen(make().get([memory.subarray(3, 3 + stream.length)])), expected(sent));
        }),
      );
    });

    it('getOne() gives one record at a time, then nothing', () => {
      fc.assert(
        fc.property(records, (sent) => {
          const filter = make();
          filter.getOneStart(make().put(sent));
          const got: In[] = [];
          for (;;) {
            const next = filter.getOne();
            assert.ok(next.length <= 1);
            if (next.length === 0) break;
            got.push(...next);
          }
          assert.deepEqual(filter.getOne(), []);
          assert.deepEqual(seen(got), expected(sent));
        }),
      );
    });

    it('getPending() hands over to another filter what was not read, anywhere', {
      skip: subject.noHandOver ?? false,
    }, () => {
      fc.assert(
        fc.property(records, fc.nat(), fc.nat(12), (sent, place, reads) => {
          const [first, second] = cut(join(make().put(sent)), [place]) as [Uint8Array, Uint8Array?];
          const old = make();
          const got: In[] = [];
          old.getOneStart([first]);
          for (let read = 0; read < reads; read++) got.push(...old.getOne());
          const pending = old.getPending();
          assert.deepEqual(old.getPending(), pending, 'asking does not take it away');
          const next = make();
          if (pending) got.push(...next.get(pending));
          if (second) got.push(...next.get([second]));
          assert.deepEqual(seen(got), expected(sent));
        }),
      );
    });

    it('getPending() is null while nothing waits', () => {
      const filter = make();
      assert.equal(filter.getPending(), null);
      filter.getOneStart([]);
      filter.getOneStart([Buffer.alloc(0)]);
      assert.deepEqual(filter.getOne(), []);
      assert.equal(filter.getPending(), null);
      filter.getOneStart([unfinished]);
      if (frames) assert.deepEqual(filter.getOne(), []);
      assert.deepEqual(join(filter.getPending() ?? []), Buffer.from(unfinished));
    });

    it('clone() has the same settings and an empty buffer', () => {
      fc.assert(
        fc.property(records, (sent) => {
          const filter = make();
          filter.getOneStart([unfinished]);
          const twin = filter.clone();
          assert.equal(twin.getPending(), null);
          assert.notEqual(filter.getPending(), null);
          const chunks = twin.put(sent);
          assert.deepEqual(join(chunks), join(make().put(sent)));
          assert.deepEqual(seen(twin.get(chunks)), expected(sent));
        }),
      );
    });
  });
}
