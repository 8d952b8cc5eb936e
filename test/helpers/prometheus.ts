/** A strict reader of Prometheus's text format 0.0.4: what is not as the format says is an error. */

export interface ReadSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface ReadFamily {
  readonly help: string;
  readonly type: string;
  readonly samples: ReadSample[];
}

const TYPES = new Set(['counter', 'gauge', 'histogram', 'summary', 'untyped']);
const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(,|$)/y;
const VALUE = /^(?:[+-]?Inf|NaN|[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)$/;

/** Reads metrics by the name of their family. */
export function readExposition(text: string): Map<string, ReadFamily> {
  if (!text.endsWith('\n')) throw new Error('The last line has no end');
  const families = new Map<string, ReadFamily>();
  const seen = new Set<string>();
  let help: [name: string, text: string] | undefined;
  let open: [name: string, family: ReadFamily] | undefined;
  for (const line of text.slice(0, -1).split('\n')) {
    const comment = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line);
    if (comment !== null) {
      const [, kind, name = '', rest = ''] = comment;
      if (!NAME.test(name)) throw new Error(`Bad name: ${line}`);
      if (kind === 'HELP') {
        help = [name, rest];
        continue;
      }
      if (help?.[0] !== name) throw new Error(`TYPE without HELP before it: ${line}`);
      if (families.has(name)) throw new Error(`Second family of that name: ${line}`);
      if (!TYPES.has(rest)) throw new Error(`Unknown type: ${line}`);
      open = [name, { help: help[1], type: rest, samples: [] }];
      families.set(...open);
      continue;
    }
    const sample = readSample(line);
    const key = `${sample.name}${JSON.stringify(Object.entries(sample.labels).sort())}`;
    if (seen.has(key)) throw new Error(`The same metric twice: ${line}`);
    seen.add(key);
    if (open === undefined || !belongs(sample.name, ...open)) throw new Error(`Of no family that is open: ${line}`);
    open[1].samples.push(sample);
  }
  for (const [name, family] of families) check(name, family);
  return families;
}

function readSample(line: string): ReadSample {
  const [, name = '', braces, value = ''] = /^([^\s{]+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
  if (!NAME.test(name) || !VALUE.test(value)) throw new Error(`No metric: ${line}`);
  const labels: Record<string, string> = {};
  for (LABEL.lastIndex = 0; braces !== undefined && LABEL.lastIndex < braces.length; ) {
    const found = LABEL.exec(braces);
    if (found === null) throw new Error(`Bad labels: ${line}`);
    const [, label = '', text = ''] = found;
    if (label in labels) throw new Error(`The same label twice: ${line}`);
    labels[label] = text.replace(/\\(.)/g, (_, character) => (character === 'n' ? '\n' : character));
  }
  return { name, labels, value: Number(value.replace(/Inf$/, 'Infinity')) };
}

function belongs(name: string, family: string, { type }: ReadFamily): boolean {
  if (type !== 'histogram') return name === family;
  return ['_bucket', '_sum', '_count'].some((suffix) => name === family + suffix);
}

/** What the format asks of types, and the conventions of names. */
function check(name: string, { type, samples }: ReadFamily): void {
  if (samples.length === 0) throw new Error(`${name} has no metrics`);
  if ((type === 'counter') !== name.endsWith('_total'))
    throw new Error(`${name}: counters, and they alone, end in _total`);
  if (type === 'counter' && samples.some(({ value }) => !(value >= 0))) throw new Error(`${name} counts below 0`);
  if (type === 'histogram') checkHistogram(name, samples);
}

function checkHistogram(name: string, samples: readonly ReadSample[]): void {
  const series = new Map<string, { last: number; bound: number; count: number | undefined; sum: number | undefined }>();
  for (const { name: full, labels, value } of samples) {
    const { le, ...rest } = labels;
    const key = JSON.stringify(rest);
    const one = series.get(key) ?? { last: 0, bound: Number.NEGATIVE_INFINITY, count: undefined, sum: undefined };
    series.set(key, one);
    if (full.endsWith('_sum')) one.sum = value;
    else if (full.endsWith('_count')) one.count = value;
    else {
      const bound = le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le);
      if (!(bound > one.bound) || value < one.last) throw new Error(`${name}: buckets do not rise`);
      one.bound = bound;
      one.last = value;
    }
  }
  for (const { last, bound, count, sum } of series.values()) {
    if (bound !== Number.POSITIVE_INFINITY || count !== last || sum === undefined)
      throw new Error(`${name} is incomplete`);
  }
}
