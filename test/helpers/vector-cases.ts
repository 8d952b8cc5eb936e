/**
 * Files of recorded vectors, as cases that can be run: images that real Perl made, with the values they stand for, and
 * octets that are no image at all. The tests and the command `npm run vectors` share them.
 */
import { Buffer } from 'node:buffer';
import { PoeDataError, PoeLimitError } from '../../core/errors.ts';
import { DUMMY_SOURCE } from '../../wheels/filters/freezers/dumper/syntax.ts';
import { IkcFreezer } from '../../wheels/filters/freezers/dumper.ts';
import { FreezeThaw } from '../../wheels/filters/freezers/freeze-thaw.ts';
import type { Freezer, ThawLimits, ThawOptions } from '../../wheels/filters/freezers/freezer.ts';
import { Storable } from '../../wheels/filters/freezers/storable/index.ts';
import { differences, type NeutralNode } from './neutral.ts';

/** What was recorded about one value; a text format has one image, `frozen`, Storable one for each octet order. */
export interface Vector {
  name: string;
  frozen?: string;
  freeze?: string;
  nfreeze?: string;
  freeze_fails?: string;
  nfreeze_fails?: string;
  expect?: NeutralNode;
  expect_nfreeze?: NeutralNode;
  /** The serializer gave characters above 255: these are their UTF-8 octets, in which its lengths no longer hold. */
  wide?: boolean;
}

/** Octets from outside: one of `frozen`, `bytes`, `parts` (each repeated), or `base` with a rule that makes many of it. */
export interface Malformed {
  name: string;
  expect: 'error' | 'error-or-value' | 'value' | 'no-crash';
  frozen?: string;
  bytes?: string;
  parts?: [octets: string, times: number][];
  base?: string;
  rule?: string;
}

export interface VectorFile {
  vectors?: Vector[];
  malformed?: Malformed[];
}

/** One case; `run` throws if it fails, and may return a remark. */
export interface VectorCase {
  readonly name: string;
  run(): string | undefined;
}

interface Format {
  readonly name: string;
  /** Makes a freezer for images of the given kind (`frozen`, `freeze`, `nfreeze`). */
  create(options: ThawOptions, kind: ImageKind): Freezer;
}

type ImageKind = (typeof IMAGE_KINDS)[number];

const IMAGE_KINDS = ['frozen', 'freeze', 'nfreeze'] as const;

const FORMATS: Readonly<Record<'storable' | 'freezeThaw' | 'dumper', Format>> = {
  storable: {
    name: 'Storable',
    create: ({ limits = {}, ...options }, kind) =>
      new Storable({
        ...options,
        limits,
        freezeLimits: limits,
        byteOrder: kind === 'freeze' ? 'native' : 'network',
        // Some vectors were made with the settings that let code travel.
        code: 'source',
      }),
  },
  freezeThaw: { name: 'FreezeThaw', create: (options) => new FreezeThaw(options) },
  dumper: { name: 'POE::Component::IKC::Freezer', create: (options) => new IkcFreezer(options) },
};

/** Enough for anything that a real Perl process can make; for images that the default limits refuse. */
const RAISED: ThawLimits = {
  maxNodes: 1e9,
  maxDepth: 1e7,
  maxHashDepth: 1e7,
  maxString: 2 ** 31,
  maxClassName: 2 ** 31,
};

/**
 * All cases of a file, whose format is recognised by what is in it.
 *
 * @throws Error if it is no file of vectors.
 */
export function vectorCases(file: VectorFile): VectorCase[] {
  const format = recognise(file);
  return [
    ...(file.vectors ?? []).map((vector) => ({ name: vector.name, run: () => runVector(format, vector) })),
    ...(file.malformed ?? []).map((entry) => ({ name: entry.name, run: () => runMalformed(format, entry) })),
  ];
}

function recognise({ vectors = [], malformed = [] }: VectorFile): Format {
  const isStorable =
    vectors.some(({ freeze, nfreeze, nfreeze_fails }) => (freeze ?? nfreeze ?? nfreeze_fails) !== undefined) ||
    malformed.some(({ bytes, parts, base }) => (bytes ?? parts ?? base) !== undefined);
  const images = [...vectors, ...malformed].map(({ frozen }) => decode(frozen ?? '').toString('latin1'));
  if (isStorable) return FORMATS.storable;
  if (images.some((image) => image.startsWith('$POE::Component::IKC::Freezer::VAR'))) return FORMATS.dumper;
  if (images.some((image) => image.startsWith('FrT;'))) return FORMATS.freezeThaw;
  throw new Error('The file holds no vectors of a known format');
}

function decode(base64: string): Buffer {
  return Buffer.from(base64, 'base64');
}

function runVector(format: Format, vector: Vector): string | undefined {
  const remarks = new Set<string>();
  for (const kind of IMAGE_KINDS) {
    const image = vector[kind];
    if (image === undefined) continue;
    const expect = (kind === 'nfreeze' ? vector.expect_nfreeze : undefined) ?? vector.expect;
    if (expect === undefined) throw new Error(`${kind}: the vector does not say what to expect`);
    const remark = runImage(format, kind, decode(image), expect, vector.wide === true);
    if (remark !== undefined) remarks.add(remark);
  }
  if (vector.frozen === undefined && vector.freeze === undefined && vector.nfreeze === undefined) {
    remarks.add('Perl freezes no such value');
  }
  return remarks.size > 0 ? [...remarks].join(', ') : undefined;
}

function runImage(
  format: Format,
  kind: ImageKind,
  image: Uint8Array,
  recorded: NeutralNode,
  wide: boolean,
): string | undefined {
  const expect = format === FORMATS.dumper ? withDummyCode(recorded) : recorded;
  const outcome = thaw(format, kind, image);
  if (outcome.error !== undefined) {
    if (expect.t === 'error') return undefined;
    if (wide) return 'refused, since its lengths do not count octets';
    if (isBeyondUnicode(expect)) return 'refused, since no JavaScript string holds characters beyond 10FFFF';
    throw new Error(`${kind}: refused, ${outcome.error.message}`);
  }
  if (expect.t === 'error') throw new Error(`${kind}: thawed, although Perl refuses it`);
  compare(kind, expect, outcome.value);
  const again = outcome.freezer.thaw(outcome.freezer.freeze(outcome.value));
  compare(`${kind}, frozen and thawed again`, withoutBooleans(expect), again);
  return outcome.remark;
}

function compare(what: string, expect: NeutralNode, value: unknown): void {
  const [first, ...others] = differences(expect, value);
  if (first === undefined) return;
  throw new Error(`${what}: ${first}${others.length > 0 ? ` (and ${others.length} more differences)` : ''}`);
}

interface Outcome {
  readonly freezer: Freezer;
  readonly value?: unknown;
  readonly error?: PoeDataError;
  readonly remark?: string;
}

/** Thaws under the default limits, then, if they are what stands in the way, under raised ones. */
function thaw(format: Format, kind: ImageKind, image: Uint8Array, mayRaise = true): Outcome {
  const freezer = format.create({ strings: 'exact' }, kind);
  try {
    return { freezer, value: freezer.thaw(image) };
  } catch (error) {
    if (!(error instanceof PoeDataError)) throw error;
    if (!(error instanceof PoeLimitError && mayRaise)) return { freezer, error };
  }
  const patient = format.create({ strings: 'exact', limits: RAISED }, kind);
  try {
    return { freezer: patient, value: patient.thaw(image), remark: 'read with raised limits' };
  } catch (error) {
    if (error instanceof PoeDataError) return { freezer: patient, error };
    throw error;
  }
}

function runMalformed(format: Format, entry: Malformed): string | undefined {
  if (entry.rule !== undefined) {
    if (!entry.rule.startsWith('every proper prefix')) throw new Error(`the rule '${entry.rule}' is unknown`);
    const whole = decode(entry.base ?? entry.bytes ?? entry.frozen ?? '');
    for (let length = 0; length < whole.length; length++)
      reject(format, whole.subarray(0, length), `prefix of ${length}`);
    return `${whole.length} prefixes`;
  }
  const image = octetsOf(entry);
  switch (entry.expect) {
    case 'error':
      reject(format, image, 'octets');
      return undefined;
    case 'value': {
      const { error, remark } = thaw(format, 'frozen', image);
      if (error !== undefined) throw new Error(`refused, ${error.message}`);
      return remark;
    }
    case 'error-or-value':
    case 'no-crash':
      // Any other error than a PoeDataError comes through and fails the case.
      thaw(format, 'frozen', image, false);
      return undefined;
    default:
      throw new Error(`the expectation '${entry.expect}' is unknown`);
  }
}

function octetsOf({ frozen, bytes, parts }: Malformed): Buffer {
  if (parts === undefined) return decode(frozen ?? bytes ?? '');
  return Buffer.concat(parts.map(([octets, times]) => Buffer.concat(Array<Buffer>(times).fill(decode(octets)))));
}

function reject(format: Format, image: Uint8Array, what: string): void {
  if (thaw(format, 'frozen', image, false).error === undefined) throw new Error(`${what}: accepted`);
}

/**
 * Data::Dumper sends no code but a dummy, which the vectors describe as Perl's deparser spells it; to us its source is
 * what was sent.
 */
function withDummyCode(node: NeutralNode): NeutralNode {
  return mapNodes(node, (inner) => (inner.t === 'code' ? { ...inner, v: DUMMY_SOURCE } : inner));
}

/** Perl freezes true and false as the strings `1` and empty, and so do we; only its two constants thaw to booleans. */
function withoutBooleans(node: NeutralNode): NeutralNode {
  return mapNodes(node, (inner) => (inner.t === 'bool' ? { t: 'bytes', v: inner.v ? '1' : '' } : inner));
}

function isBeyondUnicode(node: NeutralNode): boolean {
  let found = false;
  mapNodes(node, (inner) => {
    if ('cps' in inner && inner.cps?.some((cp) => Number.parseInt(cp, 16) > 0x10ffff)) found = true;
    return inner;
  });
  return found;
}

/** A copy of a tree of nodes in which each node, inner ones first, is replaced. */
function mapNodes(node: NeutralNode, replace: (node: NeutralNode) => NeutralNode): NeutralNode {
  return JSON.parse(JSON.stringify(node), (_key, value) => (typeof value?.t === 'string' ? replace(value) : value));
}
