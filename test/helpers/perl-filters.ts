/** Takes the same steps with filters of POE, in one Perl process, and with ours. */
import { spawnSync } from 'node:child_process';
import { list } from 'poe-kernel';
import {
  Block,
  type BlockOptions,
  type Filter,
  Grep,
  type HeaderValue,
  HTTPD,
  HttpRequest,
  HttpResponse,
  Line,
  type LineOptions,
  Map as MapFilter,
  RecordBlock,
  type RecordBlockOptions,
  Stackable,
  Stream,
} from 'poe-kernel/wheels';
import { fixture } from './fixture.ts';

/** A filter: its name, and its options with functions by their names; a stack has its filters. */
export type FilterSpec =
  | readonly ['Stackable', readonly FilterSpec[]]
  | readonly [string, Readonly<Record<string, unknown>>];

/** A method and what it is given; octets are strings of code points 0 to 255. */
export type Step = readonly [name: string, ...args: unknown[]];

export interface FilterCase {
  readonly make: FilterSpec;
  readonly steps: readonly Step[];
}

/** What each step gave, or why it failed; `'refused'` if there is no such filter. */
export type Outcome = 'refused' | unknown[];

/** Why this machine cannot run {@link inPerl}; undefined if it can. The value suits the option `skip` of a test. */
export function whyNoPerlFilters(...modules: string[]): string | undefined {
  const wanted = ['JSON::PP', 'POE::Filter::Line', ...modules];
  const { status, error } = spawnSync('perl', [...wanted.map((module) => `-M${module}`), '-e', '1']);
  if (error !== undefined) return `no perl: ${error.message}`;
  return status === 0 ? undefined : `this perl has not all of ${wanted.join(', ')}`;
}

export function inPerl(cases: readonly FilterCase[]): Outcome[] {
  const input = cases.map((each) => `${ascii(each)}\n`).join('');
  const perl = spawnSync('perl', [fixture('filters/drive.pl')], { input, encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (perl.status !== 0) throw new Error(`perl ended with status ${perl.status}: ${perl.stderr}`);
  return perl.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

function ascii(value: unknown): string {
  return JSON.stringify(value).replace(/[\u0080-\uffff]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

type AnyFilter = Filter<any, any, any> & Record<string, any>;

const text = (value: unknown): string => (Buffer.isBuffer(value) ? value.toString('latin1') : String(value));

/** The functions that cases name; drive.pl has the same. */
const tests: Record<string, (record: unknown) => unknown> = {
  hasA: (record) => /a/.test(text(record)),
  long: (record) => text(record).length > 1,
  all: () => true,
  none: () => false,
};
const codes: Record<string, (record: unknown) => unknown> = {
  same: (record) => record,
  upper: (record) => text(record).replace(/[a-z]/g, (letter) => letter.toUpperCase()),
  words: (record) => (text(record) === '' ? list() : list(...text(record).split(';'))),
  drop: (record) => (/b/.test(text(record)) ? undefined : record),
  twice: (record) => list(record, record),
};
const codecs: Record<string, BlockOptions['lengthCodec']> = {
  short: [
    (block) => {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(block.value.length);
      block.value = Buffer.concat([length, block.value]);
    },
    (buffer) => {
      if (buffer.value.length < 2) return;
      const length = buffer.value.readUInt16BE();
      buffer.value = buffer.value.subarray(2);
      return length;
    },
  ],
  text: [
    (block) => {
      block.value = `<${block.value.length}>${text(block.value)}`;
    },
    (buffer) => {
      const [mark, length] = /^<(\d+)>/.exec(text(buffer.value)) ?? [];
      if (mark === undefined) return undefined;
      // As text, to see that a buffer can be replaced.
      buffer.value = text(buffer.value).slice(mark.length);
      return length;
    },
  ],
};

function make([kind, given]: FilterSpec): AnyFilter {
  if (kind === 'Stackable') return new Stackable({ filters: (given as FilterSpec[]).map(make) });
  const options: Record<string, unknown> = { ...given };
  const named = kind === 'Grep' ? tests : codes;
  for (const name of ['code', 'get', 'put']) if (name in options) options[name] = named[options[name] as string];
  if ('compiled' in options) options.inputRegexp = new RegExp(options.compiled as string);
  delete options.compiled;
  if ('lengthCodec' in options) options.lengthCodec = codecs[options.lengthCodec as string];
  switch (kind) {
    case 'Block':
      return new Block(options);
    case 'Grep':
      return new Grep(options as never);
    case 'HTTPD':
      return new HTTPD(options);
    case 'Line':
      return new Line(options as LineOptions);
    case 'Map':
      return new MapFilter(options as never);
    case 'RecordBlock':
      return new RecordBlock(options as unknown as RecordBlockOptions);
    default:
      return new Stream(options);
  }
}

const ofOctets = ['Block', 'HTTPD', 'Line', 'Stream'];

/** Chunks for the wire's end of a filter: octets, or records as they are. */
function chunksFor([kind, given]: FilterSpec, chunks: unknown): unknown[] {
  const [first] = kind === 'Stackable' ? (given as FilterSpec[]) : [];
  if (first !== undefined) return chunksFor(first, chunks);
  return ofOctets.includes(kind)
    ? (chunks as string[]).map((chunk) => Buffer.from(chunk, 'latin1'))
    : (chunks as unknown[]);
}

interface ResponseSpec {
  code: number;
  message?: string;
  protocol?: string;
  fields: [string, HeaderValue][];
  content: string;
}

/** A record that is put: a response is made of its parts. */
function recordOf(record: unknown): unknown {
  if (typeof record !== 'object' || record === null || Array.isArray(record)) return record;
  const { code, message, protocol, fields, content } = record as ResponseSpec;
  const response = new HttpResponse(code, message, fields, content);
  response.protocol = protocol;
  return response;
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof HttpRequest || value instanceof HttpResponse) {
    const fields: [string, string][] = [];
    value.scan((name, each) => fields.push([name, each]));
    const content = text(value.content);
    return value instanceof HttpRequest
      ? { request: [value.method, value.uri, value.protocol], fields, content }
      : { response: [value.code, value.message], fields, content, answers: value.request ? 1 : 0 };
  }
  return typeof value === 'object' || typeof value === 'string' ? text(value) : value;
}

const ERRORS: Record<string, string> = {
  POE_ERR_BUFFER_LIMIT: 'buffer',
  POE_ERR_LINE_TOO_LONG: 'line',
  POE_ERR_BLOCK_TOO_LONG: 'block',
  POE_ERR_FRAME_HEADER: 'no length',
};

/** Whether a step has failed. */
export function isError(result: unknown): result is { error: string } {
  return typeof result === 'object' && result !== null && 'error' in result;
}

/** The same with our filters. */
export function inOurs({ make: spec, steps }: FilterCase): Outcome {
  let filter: AnyFilter;
  try {
    filter = make(spec);
  } catch {
    return 'refused';
  }
  // What lies at the wire's end may change with the stack.
  const wire: FilterSpec[] = spec[0] === 'Stackable' ? [...(spec[1] as FilterSpec[])] : [spec];
  const chunks = (given: unknown): unknown[] => (wire[0] ? chunksFor(wire[0], given) : (given as unknown[]));
  const step = (name: string, [first, second]: unknown[]): unknown => {
    switch (name) {
      case 'start':
        filter.getOneStart(chunks(first));
        return [];
      case 'one':
        return filter.getOne();
      case 'get':
        return filter.get(chunks(first));
      case 'put':
        return filter.put((first as unknown[]).map(recordOf));
      case 'pending':
        return filter.getPending() ?? [];
      case 'clone':
        filter = filter.clone() as AnyFilter;
        return [];
      case 'putPending':
        return filter.putPending() ?? [];
      case 'blocksize':
        return [filter.blocksize(first)];
      case 'checkput':
        return [Number(filter.checkput(first))];
      case 'modify':
        filter.modify({ [first as string]: (filter instanceof Grep ? tests : codes)[second as string] });
        return [];
      case 'push':
        wire.push(first as FilterSpec);
        filter.push(make(first as FilterSpec));
        return [];
      case 'unshift':
        wire.unshift(first as FilterSpec);
        filter.unshift(make(first as FilterSpec));
        return [];
      case 'pop':
        wire.pop();
        return [filter.pop().constructor.name];
      case 'shift':
        wire.shift();
        return [filter.shift().constructor.name];
      default:
        return filter.filterTypes();
    }
  };
  return steps.map(([name, ...args]) => {
    try {
      return plain(step(name, args));
    } catch (error) {
      return { error: ERRORS[(error as { code?: string }).code ?? ''] ?? 'died' };
    }
  });
}
