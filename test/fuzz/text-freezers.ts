/**
 * Feeds mutated images to the freezers that read text: `node dist/test/fuzz/text-freezers.js [COUNT] [SEED]`. Nothing but
 * a PoeDataError may come out, in good time, and no prototype may change. Prints how many images were read and refused.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PoeDataError } from '../../core/errors.ts';
import { IkcFreezer } from '../../wheels/filters/freezers/dumper.ts';
import { FreezeThaw } from '../../wheels/filters/freezers/freeze-thaw.ts';
import type { Freezer, ThawOptions } from '../../wheels/filters/freezers/freezer.ts';
import { HOSTILE_KEYS } from '../../wheels/testing/hostile-values.ts';
import { fixture } from '../helpers/fixture.ts';
import { processorMs } from '../helpers/processor-time.ts';
import { pick, type Random, seededRandom } from '../helpers/random.ts';
import type { VectorFile } from '../helpers/vector-cases.ts';

export interface FuzzOptions {
  readonly count: number;
  readonly seed: number;
  /** The name of the one freezer that is meant; both if nothing is said. */
  readonly only?: string;
}

export interface FuzzResult {
  readonly read: number;
  readonly refused: number;
}

interface Target {
  readonly name: string;
  readonly corpus: readonly Buffer[];
  /** Pieces of the grammar that mutations put in. */
  readonly tokens: readonly string[];
  create(options: ThawOptions): Freezer;
}

const CLASSES: ThawOptions['classes'] = new Map([
  ['My::Class', { type: Map, revive: (data) => new Map(Object.entries(data as object)), reduce: () => ({}) }],
]);

const OPTIONS: readonly ThawOptions[] = [
  {},
  { strings: 'exact', classes: CLASSES },
  { strings: 'bytes', numericStrings: true },
  { strings: 'utf8', limits: { maxNodes: 20, maxDepth: 4, maxHashDepth: 2, maxString: 10, maxClassName: 3 } },
];

/** No mutated image of a few hundred octets may take longer. */
const PATIENCE_MS = 1000;

const KEYS = HOSTILE_KEYS.filter((key) => key !== '');

const VAR = '$POE::Component::IKC::Freezer::VAR1';
const DUMPER_WORDS = `[ ] { } , ; ' " \\ => undef 0 -1 9999999999 do{my $o} do{\\(my $o = )} bless( , 'My::Class' ) qr/ /i
  sub { "DUMMY" } *::X *{' v1.2 v99999999 -> [0] {'a'} \${ \${\\ } ${VAR} ;${VAR}->[0] = \\${VAR} $ @ \\x{263a} \\x{110000}`;

const TARGETS: readonly Target[] = [
  {
    name: 'FreezeThaw',
    corpus: corpus('ikc/freezethaw/vectors.json', [
      'FrT;!2|{>0|$1|A@0|%0|\\_})0|@2|<1|<2|%4|$9|__proto__$4|then<0|<1|\\<0|@1|@3|<0|<1|<2|',
    ]),
    tokens: [...'$@%\\_/<>{}()|!?&*0129', '<0|', '>>0|$1|A', '>)0|', '@0|', '%0|', '\\_', '!1|', '9999999999|'].concat(
      KEYS.map((key) => `$${key.length}|${key}`),
    ),
    create: (options) => new FreezeThaw(options),
  },
  {
    name: 'POE::Component::IKC::Freezer',
    corpus: corpus('ikc/dumper/vectors.json', [
      `${VAR} = [{'__proto__' => {},'then' => \\\\'x'},[],do{my $o},bless( do{\\(my $o = ['y'])}, 'My::Class' )];` +
        `${VAR}->[1] = \${${VAR}->[3]};${VAR}->[2] = \\${VAR}->[0]{'then'};${VAR}->[0]{'__proto__'} = ${VAR};`,
    ]),
    tokens: [...DUMPER_WORDS.split(/\s+/), ' ', ' = ', ' => '].concat(KEYS.map((key) => `'${key}'`)),
    create: (options) => new IkcFreezer(options),
  },
];

function corpus(name: string, more: readonly string[]): Buffer[] {
  const file = JSON.parse(readFileSync(fixture(name), 'utf8')) as VectorFile;
  const recorded = [...(file.vectors ?? []), ...(file.malformed ?? [])].map(({ frozen = '' }) =>
    Buffer.from(frozen, 'base64'),
  );
  return [...recorded, ...more.map((text) => Buffer.from(text, 'latin1'))].filter(({ length }) => length < 1000);
}

function mutate(image: Buffer, target: Target, random: Random): Buffer {
  const at = random(image.length + 1);
  const end = Math.min(image.length, at + random(12));
  const [head, tail] = [image.subarray(0, at), image.subarray(at)];
  switch (random(6)) {
    case 0: {
      const copy = Buffer.from(image);
      if (at < copy.length) copy[at] = random(256);
      return copy;
    }
    case 1:
      return Buffer.concat([head, image.subarray(end)]);
    case 2:
      return Buffer.concat([head, pick(target.tokens, random), tail].map(toBuffer));
    case 3:
      return Buffer.concat([head, toBuffer(pick(target.tokens, random)), image.subarray(end)]);
    case 4:
      return Buffer.concat([head, image.subarray(at, end), tail]);
    default: {
      const other = pick(target.corpus, random);
      return Buffer.concat([head, other.subarray(random(other.length))]);
    }
  }
}

function toBuffer(part: Buffer | string): Buffer {
  return typeof part === 'string' ? Buffer.from(part, 'latin1') : part;
}

/**
 * @returns How many images were read and refused.
 * @throws Error that names the target, the options and the image, for any outcome that is not allowed.
 */
export function fuzzTextFreezers({ count, seed, only }: FuzzOptions): FuzzResult {
  const random = seededRandom(seed);
  const targets = TARGETS.filter(({ name }) => only === undefined || name === only);
  const result = { read: 0, refused: 0 };
  for (let round = 0; round < count; round++) {
    const target = pick(targets, random);
    let image = pick(target.corpus, random);
    for (let left = 1 + random(1 + random(4)); left > 0; left--) image = mutate(image, target, random);
    const options = pick(OPTIONS, random);
    const started = processorMs();
    try {
      target.create(options).thaw(image);
      result.read++;
    } catch (cause) {
      if (!(cause instanceof PoeDataError)) throw failure('something else than a PoeDataError', target, image, cause);
      result.refused++;
    }
    if (processorMs() - started > PATIENCE_MS) throw failure(`more than ${PATIENCE_MS} ms`, target, image);
    if ('polluted' in {} || Object.keys(Object.prototype).length > 0)
      throw failure('a changed prototype', target, image);
  }
  return result;
}

function failure(what: string, { name }: Target, image: Buffer, cause?: unknown): Error {
  return new Error(`${name}: ${what} for the image ${image.toString('base64')}`, { cause });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [count = '100000', seed = String(Date.now() % 2 ** 31)] = process.argv.slice(2);
  const { read, refused } = fuzzTextFreezers({ count: Number(count), seed: Number(seed) });
  console.log(`seed ${seed}: ${read} images read, ${refused} refused, nothing else happened`);
}
