/**
 * Thaws mutated images and watches what comes out: a value or a `PoeDataError`, within a time, and nothing changed.
 *
 *   node dist/test/fuzz/storable.js [COUNT] [SEED]
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PoeDataError, PoeUsageError } from '../../core/errors.ts';
import type { ClassCodec } from '../../wheels/filters/freezers/freezer.ts';
import { Storable, type StorableOptions } from '../../wheels/filters/freezers/storable/index.ts';
import { fixture } from '../helpers/fixture.ts';
import { processorMs } from '../helpers/processor-time.ts';
import { pick, type Random, seededRandom } from '../helpers/random.ts';
import type { VectorFile } from '../helpers/vector-cases.ts';

/** Longer than any image here takes, even while the machine is busy. */
const PATIENCE_MS = 2000;
/** Long images are slow to mutate and hide nothing that short ones do not show. */
const LONGEST = 4000;

class Thing {
  readonly data: unknown;
  constructor(data: unknown) {
    this.data = data;
  }
}

const THING: ClassCodec = {
  type: Thing,
  revive: (data) => new Thing(data),
  reduce: (instance) => (instance as Thing).data,
};

const CLASSES = new Map(['H', 'A', 'S', 'O', 'My::Class', 'Same::Class', 'Elem', 'C'].map((name) => [name, THING]));

const OPTIONS: readonly StorableOptions[] = [
  {},
  { strings: 'exact' },
  { strings: 'bytes', numericStrings: true },
  { strings: 'utf8', numericStrings: true },
  { opaque: 'refuse' },
  { classes: CLASSES },
  { limits: { maxNodes: 50, maxDepth: 5, maxHashDepth: 3, maxString: 20, maxClassName: 8 } },
  { limits: { maxNodes: 1e9, maxDepth: 1e9, maxHashDepth: 1e9, maxString: 1e9, maxClassName: 1e9 } },
];

/** Counts, numbers and opcodes that mean something. */
const PIECES: readonly Buffer[] = [
  ...Array.from({ length: 42 }, (_, opcode) => Buffer.of(opcode)),
  ...['00000000', '00000001', '00000002', '000000ff', '7fffffff', '80000000', 'ffffffff', '01000000', 'ffffff7f'].map(
    (hex) => Buffer.from(hex, 'hex'),
  ),
  ...['0400000000', '04000000000000', '0402', '0403', '041901', '110141', '1200', '1380', '13420402'].map((hex) =>
    Buffer.from(hex, 'hex'),
  ),
  Buffer.from('\x00\x00\x00\x09__proto__', 'latin1'),
];

/** All images that Perl made for the recorded vectors, in both byte orders. */
export function storableImages(): Buffer[] {
  return ['vectors', 'more']
    .map((name) => JSON.parse(readFileSync(fixture(`ikc/storable/${name}.json`), 'utf8')) as VectorFile)
    .flatMap((file) => file.vectors ?? [])
    .flatMap(({ freeze, nfreeze }) => [freeze, nfreeze])
    .filter((image) => image !== undefined)
    .map((image) => Buffer.from(image, 'base64'));
}

function mutate(image: Buffer, corpus: readonly Buffer[], random: Random): Buffer {
  const at = random(image.length + 1);
  const end = Math.min(image.length, at + random(8));
  const head = image.subarray(0, at);
  switch (random(7)) {
    case 0:
    case 1: {
      const copy = Buffer.from(image);
      if (at < copy.length) copy[at] = random(2) === 0 ? random(256) : random(42);
      return copy;
    }
    case 2:
      return Buffer.concat([head, image.subarray(end)]);
    case 3:
      return Buffer.concat([head, pick(PIECES, random), image.subarray(at)]);
    case 4:
      return Buffer.concat([head, pick(PIECES, random), image.subarray(end)]);
    case 5:
      return Buffer.concat([head, image.subarray(at, end), image.subarray(at)]);
    default: {
      const other = pick(corpus, random);
      return Buffer.concat([head, other.subarray(random(other.length))]);
    }
  }
}

const PATIENT = new Storable({
  code: 'source',
  freezeLimits: { maxDepth: 1e9, maxHashDepth: 1e9 },
  limits: { maxNodes: 1e9, maxDepth: 1e9, maxHashDepth: 1e9, maxString: 1e9, maxClassName: 1e9 },
  classes: CLASSES,
});

/** What was read can be frozen, unless it is a root or a name that Perl would not write, and the image is readable. */
function againAndAgain(value: unknown, image: Buffer): void {
  let frozen: Uint8Array;
  try {
    frozen = PATIENT.freeze(value);
  } catch (cause) {
    if (cause instanceof PoeUsageError) return;
    throw failure('something else than a PoeUsageError when it was frozen again', image, cause);
  }
  try {
    PATIENT.thaw(frozen);
  } catch (cause) {
    throw failure('an image of our own that cannot be read', image, cause);
  }
}

export interface FuzzResult {
  read: number;
  refused: number;
}

/**
 * @returns How many images were read and refused.
 * @throws Error that names the image, for any outcome that is not allowed.
 */
export function fuzzStorable(count: number, seed: number): FuzzResult {
  const random = seededRandom(seed);
  const corpus = storableImages().filter(({ length }) => length < LONGEST);
  const freezers = OPTIONS.map((options) => new Storable(options));
  const result = { read: 0, refused: 0 };
  for (let round = 0; round < count; round++) {
    let image = pick(corpus, random);
    for (let left = 1 + random(1 + random(6)); left > 0; left--) image = mutate(image, corpus, random);
    const freezer = pick(freezers, random);
    const started = processorMs();
    try {
      againAndAgain(freezer.thaw(image), image);
      result.read++;
    } catch (cause) {
      if (!(cause instanceof PoeDataError)) throw failure('something else than a PoeDataError', image, cause);
      result.refused++;
    }
    if (processorMs() - started > PATIENCE_MS) throw failure(`more than ${PATIENCE_MS} ms`, image);
    if ('polluted' in {} || Object.keys(Object.prototype).length > 0) throw failure('a changed prototype', image);
  }
  return result;
}

function failure(what: string, image: Buffer, cause?: unknown): Error {
  return new Error(`${what} for the image ${image.toString('base64')}`, { cause });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [count = '100000', seed = String(Date.now() % 2 ** 31)] = process.argv.slice(2);
  const { read, refused } = fuzzStorable(Number(count), Number(seed));
  console.log(`seed ${seed}: ${read} images read, ${refused} refused, nothing else happened`);
}
