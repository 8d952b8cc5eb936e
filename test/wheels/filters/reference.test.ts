import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deflateSync } from 'node:zlib';
import { filterContract } from 'poe-kernel/testing';
import type { Span } from '../../../wheels/filters/filter.ts';
import { FreezeThaw } from '../../../wheels/filters/freezers/freeze-thaw.ts';
import { PerlRef, PerlString } from '../../../wheels/filters/freezers/perl-values.ts';
import { nfreeze } from '../../../wheels/filters/freezers/storable/index.ts';
import { Reference, type ReferenceOptions } from '../../../wheels/filters/reference.ts';
import { processorMs } from '../../helpers/processor-time.ts';
import { fc } from '../../helpers/property.ts';
import { runContract } from '../../helpers/run-contract.ts';
import { TextFreezer } from '../../helpers/text-freezer.ts';

const freezer = new TextFreezer();
const make = (options: Partial<ReferenceOptions> = {}) => new Reference({ freezer, ...options });
const octets = (...texts: string[]) => texts.map((text) => Buffer.from(text, 'latin1'));
const frame = (payload: string) => Buffer.from(`${payload.length}\0${payload}`);

const records = [['a', 'b'], [], ['x'.repeat(300)], { k: 1 }, {}, ['\u20ac', '\0']];

for (const [kind, options, unfinished] of [
  ['Reference', {}, Buffer.from('12\0{"a"')],
  ['Reference, inside of a length', {}, Buffer.from('0012')],
  ['Reference with compression', { compression: true }, Buffer.from('12\0x')],
] as const) {
  runContract(`${kind}, as a filter`, filterContract<unknown>({ make: () => make(options), records, unfinished }));
}

/** Takes everything out of a filter; errors by their codes. */
function drain(filter: Reference): unknown[] {
  const out: unknown[] = [];
  for (;;) {
    try {
      const next = filter.getOne();
      if (next.length === 0) return out;
      out.push(...next);
    } catch (error) {
      const { code } = error as { code: string };
      if (out.at(-1) === code) return out;
      out.push(code);
    }
  }
}

describe('Reference', () => {
  it('put() writes the length in decimal, a NUL and what the freezer made', () => {
    assert.deepEqual(make().put([['a'], { b: 1 }]), octets('5\0["a"]', '7\0{"b":1}'));
  });

  it('put() lets the freezer write the length in front by itself, if it can', () => {
    const storable = new Reference();
    for (const value of [['a'], { k: 'x'.repeat(5000) }, ['x'.repeat(200_000)]]) {
      const image = Buffer.from(nfreeze(value));
      assert.deepEqual(storable.put([value]), [Buffer.concat([Buffer.from(`${image.length}\0`), image])]);
    }
    const plain = {
      name: 'plain',
      freeze: () => Uint8Array.of(1),
      freezeBehind: (front: (octets: number) => string) => new Uint8Array(Buffer.from(`${front(3)}abc`)),
      thaw: () => null,
    };
    const [chunk] = new Reference({ freezer: plain }).put([[]]);
    assert.ok(Buffer.isBuffer(chunk));
    assert.equal(chunk.toString(), '3\0abc');
  });

  it('putSpan() gives what put() gives, in octets that stay as they are, small ones right behind each other', () => {
    const storable = new Reference();
    const records = Array.from({ length: 300 }, (_, size) => ({ k: 'x'.repeat((size * 7) % 1200), n: size }));
    records.splice(100, 0, { k: 'y'.repeat(50_000), n: 0 }, { k: 'z'.repeat(3_000_000), n: 0 });
    const spans = records.map((record) => ({ ...(storable.putSpan(record) as Span) }));
    const chunks = spans.map(({ octets, start, end }) => octets.subarray(start, end));
    records.forEach((record, index) => {
      assert.deepEqual(chunks[index], storable.put([record])[0]);
    });
    const small = Array.from({ length: 50 }, (_, n) => ({ ...(storable.putSpan({ n }) as Span) }));
    const gaps = small.filter(
      ({ octets, start }, n) => n > 0 && !(octets === small[n - 1]?.octets && start === small[n - 1]?.end),
    );
    assert.ok(gaps.length < 3, `${gaps.length} gaps`);
  });

  it('putSpan() gives nothing where the freezer cannot, or octets are compressed', () => {
    assert.equal(new Reference({ compression: true }).putSpan([]), undefined);
    assert.equal(make().putSpan([]), undefined);
    for (const plain of ['text', 1, null, Buffer.from('octets')]) {
      assert.throws(() => new Reference().putSpan(plain), { code: 'POE_ERR_FILTER_RECORD' });
    }
  });

  it('put() refuses what is no reference in Perl', () => {
    for (const plain of ['text', 1, 1n, true, null, undefined, Buffer.from('octets'), new PerlString('x', true)]) {
      assert.throws(() => make().put([plain]), { name: 'PoeUsageError', code: 'POE_ERR_FILTER_RECORD' });
    }
    assert.equal(make().put([new PerlRef('text')]).length, 1);
  });

  it('put() refuses a payload whose length has nine digits', () => {
    const huge = (length: number) => ({ name: 'Huge', freeze: () => ({ length }) as Uint8Array, thaw: () => [] });
    assert.throws(() => make({ freezer: huge(100_000_000) }).put([[]]), {
      name: 'PoeLimitError',
      code: 'POE_ERR_FRAME_TOO_LONG',
    });
  });

  it('get() thaws in the received chunk, without a copy', () => {
    const own = new TextFreezer();
    const chunk = Buffer.concat([frame('[1]'), frame('[2]')]);
    assert.deepEqual(make({ freezer: own }).get([chunk]), [[1], [2]]);
    assert.deepEqual(
      own.thawed.map((payload) => [payload.buffer === chunk.buffer, payload.byteOffset - chunk.byteOffset]),
      [
        [true, 2],
        [true, 7],
      ],
    );
  });

  it('get() joins a frame that lies across chunks once, and then works in the chunk again', () => {
    const own = new TextFreezer();
    const [first, second] = octets('5\0["', 'x"]3\0[1]') as [Buffer, Buffer];
    assert.deepEqual(make({ freezer: own }).get([first, second]), [['x'], [1]]);
    assert.equal(own.thawed[1]?.buffer, second.buffer);
  });

  it('get() accepts leading zeros, up to eight digits in all', () => {
    assert.deepEqual(make().get(octets('00000003\0[1]', '03\0[2]', '2\0[]')), [[1], [2], []]);
  });

  it('get() knows at once, and from then on, when octets are no length', () => {
    const bad = ['\0', 'x', ' ', '+', '-', '3 ', '3.', '3x', '\n', '000000003', '999999999', '3\n'];
    for (const head of bad) {
      const filter = make();
      const wrong = { name: 'PoeDataError', code: 'POE_ERR_FRAME_HEADER' };
      filter.get(octets(head.slice(0, -1)));
      assert.throws(() => filter.get(octets(head.slice(-1))), wrong, JSON.stringify(head));
      assert.throws(() => filter.get(octets('3\0[1]')), wrong);
      assert.equal(filter.getPending(), null, 'nothing is kept');
    }
  });

  it('get() waits for a length that is not all there', () => {
    for (const head of ['', '0', '00000000', '12345678']) assert.deepEqual(make().get(octets(head)), []);
  });

  it('get() knows a bad length inside of a chunk after good frames, which are delivered first', () => {
    const filter = make();
    filter.getOneStart(octets('3\0[1]3\0[2]hello'));
    assert.deepEqual(drain(filter), [[1], [2], 'POE_ERR_FRAME_HEADER']);
  });

  it('getOne() goes on behind a frame whose payload is bad', () => {
    const filter = make();
    filter.getOneStart(octets('7\0garbage3\0[1]0\x003\0[2]'));
    assert.deepEqual(drain(filter), ['POE_ERR_TEST', [1], 'POE_ERR_TEST', [2]]);
  });

  it('maxFrame lets a frame through at the limit, and drops one beyond it as it comes', () => {
    const payload = (length: number) => `"${'x'.repeat(length - 2)}"`;
    for (const length of [9, 10]) assert.equal(make({ maxFrame: 10 }).get([frame(payload(length))]).length, 1);

    const filter = make({ maxFrame: 10, maxBuffer: 30 });
    assert.throws(() => filter.get([frame(payload(100)).subarray(0, 20)]), {
      name: 'PoeLimitError',
      code: 'POE_ERR_FRAME_TOO_LONG',
    });
    assert.equal(filter.getPending(), null);
    for (let rest = 20; rest < 104; rest += 7) {
      assert.deepEqual(filter.get([frame(payload(100)).subarray(rest, Math.min(rest + 7, 104))]), []);
    }
    assert.deepEqual(filter.get([frame('[1]')]), [[1]]);
  });

  it('maxFrame is 16 MiB by default', () => {
    const limit = 16 * 1024 * 1024;
    assert.deepEqual(make().get(octets(`${limit}\0`)), []);
    assert.throws(() => make().get(octets(`${limit + 1}\0`)), { code: 'POE_ERR_FRAME_TOO_LONG' });
  });

  it('an announced length allocates nothing by itself', () => {
    const before = process.memoryUsage().arrayBuffers;
    const filters = Array.from({ length: 100 }, () => make());
    for (const filter of filters) filter.get(octets('16000000\0a', 'b'));
    assert.ok(process.memoryUsage().arrayBuffers - before < 1024 * 1024);
  });

  it('maxBuffer lets that many octets wait, and keeps no more', () => {
    for (const length of [19, 20]) make({ maxBuffer: 20 }).getOneStart(octets('0'.repeat(length)));
    const filter = make({ maxBuffer: 20 });
    const limit = { name: 'PoeLimitError', code: 'POE_ERR_BUFFER_LIMIT' };
    assert.throws(() => filter.getOneStart([frame(`[${'1'.repeat(13)}]`), frame('[2]'), frame('[3]')]), limit);
    assert.throws(() => filter.getOneStart([frame('[4]')]), limit);
    assert.deepEqual(drain(filter).slice(1), [[2]]);
    assert.deepEqual(filter.get([frame('[5]')]), [[5]]);
  });

  it('noFatals gives errors as text and goes on', () => {
    const filter = make({ noFatals: true, maxFrame: 10 });
    const [garbage, first, long, second] = filter.get([
      frame('garbage'),
      frame('[1]'),
      frame('x'.repeat(11)),
      frame('[2]'),
    ]);
    assert.match(garbage as string, /^Cannot thaw: garbage$/);
    assert.deepEqual(first, [1]);
    assert.match(long as string, /^Cannot read a frame: it has 11 octets, 10 are allowed$/);
    assert.deepEqual(second, [2]);
  });

  it('noFatals tells of a bad length once and reads nothing behind it', () => {
    const filter = make({ noFatals: true });
    const [first, ...others] = filter.get(octets('3\0[1]hello'));
    assert.deepEqual(first, [1]);
    assert.equal(others.length, 1);
    assert.match(others[0] as string, /"hello" is not the length/);
    assert.deepEqual(filter.get([frame('[2]')]), []);
    assert.equal(filter.getPending(), null);
  });

  it('noFatals tells of a full buffer and goes on', () => {
    const filter = make({ noFatals: true, maxBuffer: 8 });
    const [error, ...records] = filter.get([frame('[1]'), frame('[2]')]);
    assert.match(error as string, /10 octets wait, 8 are allowed/);
    assert.deepEqual(records, [[1], [2]]);
  });

  it('afterLines drops one newline octet in front of the first frame, and only there', () => {
    for (const newline of ['\n', '\r']) {
      const filter = make({ afterLines: true });
      assert.deepEqual(filter.get([]), []);
      assert.deepEqual(filter.get(octets(newline)), []);
      assert.deepEqual(filter.get([frame('[1]'), frame('[2]')]), [[1], [2]]);
      assert.throws(() => filter.get(octets('\n')), { code: 'POE_ERR_FRAME_HEADER' });
      assert.throws(() => make().get(octets(newline)), { code: 'POE_ERR_FRAME_HEADER' });
    }
    assert.deepEqual(make({ afterLines: true }).get([frame('[1]')]), [[1]]);
    assert.throws(() => make({ afterLines: true }).get(octets('\n\n')), { code: 'POE_ERR_FRAME_HEADER' });
  });

  it('compression makes frames smaller, and reads what zlib wrote elsewhere', () => {
    const packed = make({ compression: true });
    const big = Array.from({ length: 500 }, () => 'repeat');
    const [plain, small] = [make().put([big])[0], packed.put([big])[0]] as [Buffer, Buffer];
    assert.ok(small.length < plain.length / 5);
    assert.deepEqual(packed.get([small]), [big]);
    const payload = deflateSync('["elsewhere"]', { level: 9 });
    assert.deepEqual(packed.get(octets(`${payload.length}\0`).concat(payload)), [['elsewhere']]);
  });

  it('compression refuses data that is none, or not whole, and goes on', () => {
    const filter = make({ compression: true });
    const half = deflateSync('["half"]').subarray(0, 10);
    filter.getOneStart([...octets('7\0garbage'), ...octets(`${half.length}\0`), half, ...filter.put([[1]])]);
    assert.throws(() => filter.getOne(), { name: 'PoeDataError', code: 'POE_ERR_COMPRESSED_DATA' });
    assert.throws(() => filter.getOne(), { name: 'PoeDataError', code: 'POE_ERR_COMPRESSED_DATA' });
    assert.deepEqual(filter.getOne(), [[1]]);
  });

  it('compression lets a payload grow to maxFrame, not further', () => {
    const noise = Array.from({ length: 100 }, (_, index) => String.fromCharCode(33 + ((index * 37) % 90)));
    const payload = JSON.stringify(noise);
    const packed = deflateSync(payload);
    for (const [maxFrame, fits] of [
      [payload.length - 1, false],
      [payload.length, true],
      [payload.length + 1, true],
    ] as const) {
      const read = () => make({ compression: true, maxFrame }).get(octets(`${packed.length}\0`).concat(packed));
      if (fits) assert.deepEqual(read(), [noise]);
      else assert.throws(read, { name: 'PoeLimitError', code: 'POE_ERR_COMPRESSION_LIMIT' });
    }
  });

  it('compression lets small payloads grow at any ratio, large ones a hundredfold', () => {
    const read = (letters: number) => {
      const packed = deflateSync(`"${'x'.repeat(letters)}"`);
      assert.ok(letters > 100 * packed.length);
      const filter = make({ compression: true });
      filter.getOneStart(octets(`${packed.length}\0`).concat(packed));
      return drain(filter);
    };
    assert.deepEqual(read(64 * 1024 - 2), ['x'.repeat(64 * 1024 - 2)]);
    assert.deepEqual(read(64 * 1024 - 1), ['POE_ERR_COMPRESSION_LIMIT']);
    assert.deepEqual(read(4 * 1024 * 1024), ['POE_ERR_COMPRESSION_LIMIT']);
  });

  it('new Reference() refuses options that are wrong', () => {
    for (const options of [{ maxFrame: 0 }, { maxBuffer: -1 }]) {
      assert.throws(() => make(options), { name: 'PoeUsageError', code: 'POE_ERR_FILTER_OPTION' });
    }
    for (const freezer of ['Storable', { freeze: () => [] }]) {
      assert.throws(() => make({ freezer } as object), {
        code: 'POE_ERR_FILTER_OPTION',
        message: 'Cannot make a Reference filter: freezer is no freezer',
      });
    }
    assert.throws(() => new Reference({ serializer: 'FreezeThaw' } as object), {
      message: 'Cannot make a Reference filter: serializer is no freezer',
    });
    const freezer = new FreezeThaw();
    assert.throws(() => new Reference({ freezer, serializer: freezer }), {
      message: 'Cannot make a Reference filter: freezer and serializer are two names of one option',
    });
  });

  it('new Reference() takes a freezer as serializer, too', () => {
    const frames = new Reference({ freezer: new FreezeThaw() }).put([{ a: 1 }]);
    assert.deepEqual(new Reference({ serializer: new FreezeThaw() }).put([{ a: 1 }]), frames);
    assert.notDeepEqual(new Reference().put([{ a: 1 }]), frames);
  });

  it('new Reference() takes Storable if no freezer is given', () => {
    for (const options of [undefined, {}, { freezer: undefined }]) {
      const filter = new Reference(options);
      assert.deepEqual(filter.get(filter.put([['a', 1]])), [['a', 1]]);
    }
  });

  it('get() reads a frame of 8 MiB in chunks of 64 octets in linear time', () => {
    const filter = make();
    const whole = frame(`"${'x'.repeat(8 * 1024 * 1024)}"`);
    const started = processorMs();
    const got: unknown[] = [];
    for (let at = 0; at < whole.length; at += 64) got.push(...filter.get([whole.subarray(at, at + 64)]));
    assert.equal((got[0] as string).length, 8 * 1024 * 1024);
    assert.ok(processorMs() - started < 5000);
  });

  it('get() gives records or errors with a code, whatever it is fed', () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 30 }),
      fc.constantFrom(...octets('3\0[1]', '7\0garbage', '12', '\0', '9', '99999999\0')),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), fc.boolean(), (pieces, noFatals) => {
        const filter = make({ noFatals, maxFrame: 50, maxBuffer: 200 });
        for (const octets of pieces) {
          try {
            filter.get([octets]);
          } catch (error) {
            assert.ok(!noFatals);
            assert.match((error as { code: string }).code, /^POE_ERR_/);
          }
          assert.ok((filter.getPending()?.[0]?.length ?? 0) <= 230);
        }
      }),
    );
  });
});
