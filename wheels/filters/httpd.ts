import { PoeUsageError } from '../../core/errors.ts';
import { BaseFilter } from './base-filter.ts';
import { fill } from './fill.ts';
import type { Chunk } from './filter.ts';
import { type Head, parseHead } from './httpd/head.ts';
import { HttpRequest } from './httpd/request.ts';
import { errorResponse, HttpResponse, responseHead } from './httpd/response.ts';
import { OctetBuffer } from './octet-buffer.ts';
import { limitOption, optionError, warnUnknownOptions } from './options.ts';

export interface HttpdOptions<Streaming extends boolean = boolean> {
  /** Largest body that is read, in octets; with `streaming` there is no limit. Default 1 MiB. */
  maxContent?: number | null | undefined;
  /** Most that is buffered, in octets; more than `maxContent` and its digits. Default 512 MiB. */
  maxBuffer?: number | null | undefined;
  /** Largest request line with all headers, in octets. Default 16 KiB. */
  maxHeader?: number | null | undefined;
  /** Most header fields of one request. Default 100. */
  maxHeaders?: number | null | undefined;
  /** Whether the body comes apart from its request, piece by piece. Default false. */
  streaming?: Streaming | undefined;
}

/**
 * What is read: a request, a response to one that was bad, and with `streaming: true` a piece of a body. As a tuple, so that the class by
 * itself, as in `clientFilter: HTTPD`, is one that does not stream.
 */
export type HttpdRecord<Streaming extends boolean = false> =
  | HttpRequest
  | HttpResponse
  | ([Streaming] extends [true] ? Buffer : never);

const OPTION_NAMES = [
  'maxContent',
  'maxBuffer',
  'maxHeader',
  'maxHeaders',
  'streaming',
] as const satisfies readonly (keyof HttpdOptions)[];

const MIB = 1024 * 1024;
const CR = 0x0d;
const LF = 0x0a;
const BLANKS: readonly number[] = [0x09, LF, 0x0b, 0x0c, CR, 0x20];

/**
 * Requests in, responses out. A bad request becomes an {@link HttpResponse} that says what is wrong with it, for the
 * program to put back; its `request` is what could be read of it.
 *
 * A body is read if a `Content-Length` announces it. A request with a `Transfer-Encoding` is answered with 411, since its
 * end is not looked for, and nothing that follows is read; the same holds after headers beyond their limits (431).
 *
 * What is put is written as it is: nothing is added but `HTTP/1.0`, if the response names no protocol, and the usual text
 * of its code.
 *
 * @example
 * const filter = new HTTPD();
 * const [request] = filter.get([Buffer.from('GET /x HTTP/1.1\r\nHost: h\r\n\r\n')]);
 * if (request instanceof HttpRequest) request.uri; // '/x'
 * filter.put([new HttpResponse(200, 'OK', { 'Content-Type': 'text/plain' }, 'hello')]);
 * @remarks Mirrors POE::Filter::HTTPD. An unknown option is a warning. Differs from POE: an empty body and a refused one
 * do not take what follows with them; the LF of the last line end may come late; what a response quotes of a request is
 * escaped; names of headers may have all characters that HTTP gives them; and limits are set on headers.
 */
export class HTTPD<Streaming extends boolean = false> extends BaseFilter<HttpdRecord<Streaming>, HttpResponse> {
  readonly frameTimeout = 30;
  readonly #options: HttpdOptions<Streaming>;
  readonly #maxContent: number;
  readonly #maxBuffer: number;
  readonly #maxHeader: number;
  readonly #maxHeaders: number;
  readonly #streaming: boolean;
  readonly #buffer = new OctetBuffer();
  /** Octets at the front that were searched for the end of the headers. */
  #searched = 0;
  /** The request whose body is being read. */
  #request: HttpRequest | undefined;
  /** Octets of its body that are still to come. */
  #needed = 0;
  /** Octets in front of the buffer that were taken for part of its body already. */
  #absorbed = 0;
  /** Octets of a refused body that are still to come. */
  #refused = 0;
  /** The headers ended in CR with nothing behind it; its LF may still come. */
  #lateNewline = false;
  /** Nobody can tell where the next request begins. */
  #ended = false;

  /** @throws PoeUsageError `POE_ERR_FILTER_OPTION` for options that are wrong. */
  constructor(options: HttpdOptions<Streaming> = {}) {
    super();
    warnUnknownOptions('HTTPD', options, OPTION_NAMES);
    this.#maxContent = limitOption('HTTPD', 'maxContent', options.maxContent, MIB);
    this.#maxBuffer = limitOption('HTTPD', 'maxBuffer', options.maxBuffer, 512 * MIB);
    this.#maxHeader = limitOption('HTTPD', 'maxHeader', options.maxHeader, 16 * 1024);
    this.#maxHeaders = limitOption('HTTPD', 'maxHeaders', options.maxHeaders, 100, 'fields');
    this.#streaming = options.streaming ?? false;
    if (this.#maxBuffer < this.#maxContent + String(this.#maxContent).length + 1) {
      throw optionError('HTTPD', `maxBuffer ${this.#maxBuffer} holds no body of maxContent ${this.#maxContent}`);
    }
    this.#options = { ...options };
  }

  /** @throws PoeLimitError `POE_ERR_BUFFER_LIMIT` when more than `maxBuffer` octets wait. */
  getOneStart(chunks: readonly Chunk[]): void {
    if (!this.#ended) fill(this.#buffer, chunks, this.#maxBuffer, 'requests');
  }

  getOne(): HttpdRecord<Streaming>[] {
    const record = (this.#request === undefined ? this.#readHead() : undefined) ?? this.#readBody();
    return (record === undefined ? [] : [record]) as HttpdRecord<Streaming>[];
  }

  /** @throws PoeUsageError `POE_ERR_FILTER_RECORD` for what is no {@link HttpResponse}. */
  put(responses: readonly HttpResponse[]): Buffer[] {
    return responses.map((response) => {
      if (!(response instanceof HttpResponse)) {
        throw new PoeUsageError('POE_ERR_FILTER_RECORD', 'Cannot put a response: it is no HttpResponse', {
          hint: "Put new HttpResponse(200, 'OK', headers, content)",
        });
      }
      return Buffer.concat([Buffer.from(responseHead(response), 'latin1'), response.content]);
    });
  }

  /** Octets of a body that is being read are no longer part of it. */
  getPending(): Buffer[] | null {
    const pending = this.#buffer.peek()?.subarray(this.#absorbed);
    return pending?.length ? [pending] : null;
  }

  /** Whether a request has begun and is not whole. */
  get unfinished(): boolean {
    return this.#request !== undefined || this.#refused > 0 || this.#buffer.length > 0;
  }

  clone(): HTTPD<Streaming> {
    return new HTTPD<Streaming>(this.#options);
  }

  /**
   * Reads a request line and headers, if they have come.
   *
   * @returns Undefined if they have not, or if a body follows that belongs to them.
   */
  #readHead(): HttpRequest | HttpResponse | undefined {
    const buffer = this.#buffer;
    if (this.#refused > 0) this.#refused -= buffer.drop(this.#refused);
    if (this.#searched === 0) this.#dropBlanks();
    const length = this.#findHeadEnd();
    // The last LF counts, also when it is still to come.
    const late = length > 0 && length === buffer.length && buffer.window[buffer.start + length - 1] === CR;
    if (length + Number(late) > this.#maxHeader || (length === 0 && this.#searched >= this.#maxHeader)) {
      return this.#end(431, `Headers of more than ${this.#maxHeader} octets not accepted.`);
    }
    if (length === 0) return undefined;

    this.#searched = 0;
    this.#lateNewline = late;
    const text = buffer.shift(length).toString('latin1');
    const head = parseHead(text);
    if (head === undefined) return errorResponse(400, `Request line parse failure. (${text})`);
    if (head.fields > this.#maxHeaders) {
      return this.#end(431, `More than ${this.#maxHeaders} header fields not accepted.`);
    }
    const request = new HttpRequest(head.method, head.uri, head.headers);
    request.protocol = head.protocol;
    return this.#beginBody(request, head);
  }

  /** Sees whether a body follows. @returns Undefined if it does, and is to be part of the request. */
  #beginBody(request: HttpRequest, { protocol, isDoubtful }: Head): HttpRequest | HttpResponse | undefined {
    const given = request.header('Content-Length');
    if (isDoubtful) return this.#end(400, 'Header parse failure.', request);
    if (request.header('Transfer-Encoding') !== undefined) {
      return given === undefined
        ? this.#end(411, 'No content length found.', request)
        : this.#end(400, 'Content-Length and Transfer-Encoding are both given.', request);
    }
    if (given === undefined) {
      if (request.header('Content-Encoding') === undefined || !isSince11(protocol)) return request;
      this.#buffer.clear();
      return errorResponse(411, 'No content length found.', request);
    }
    const [, digits] = /^\s*(\d+)\s*$/.exec(given) ?? [];
    if (digits === undefined) {
      // POE: what has come behind it is lost, what comes later is read.
      this.#buffer.clear();
      return errorResponse(400, 'Content-Length is not a number.', request);
    }
    const length = Number(digits);
    if (length === 0) return request;
    if (length > (this.#streaming ? Number.MAX_SAFE_INTEGER : this.#maxContent)) {
      this.#refused = length;
      return errorResponse(413, `Content of ${digits} octets not accepted.`, request);
    }
    this.#request = request;
    this.#needed = length;
    return this.#streaming ? request : undefined;
  }

  /** Reads the body of the current request, or with `streaming` a piece of it. */
  #readBody(): HttpRequest | Buffer | undefined {
    const request = this.#request;
    if (request === undefined || !this.#dropLateNewline()) return undefined;
    const buffer = this.#buffer;
    const held = Math.min(buffer.gather(this.#needed), this.#needed);
    if (this.#streaming) {
      if (held === 0) return undefined;
    } else if (held < this.#needed) {
      this.#absorbed = held;
      return undefined;
    }
    const octets = buffer.shift(held);
    this.#needed -= held;
    if (this.#needed === 0) {
      this.#request = undefined;
      this.#absorbed = 0;
      this.#dropBlanks();
    }
    if (this.#streaming) return octets;
    request.content = octets;
    return request;
  }

  /** Drops the LF that came after its CR; false as long as nothing has come. */
  #dropLateNewline(): boolean {
    const buffer = this.#buffer;
    if (buffer.gather(1) === 0) return false;
    if (this.#lateNewline && buffer.window[buffer.start] === LF) buffer.skip(1);
    this.#lateNewline = false;
    return buffer.length > 0;
  }

  /** Blanks and empty lines in front of a request mean nothing; some clients send one behind a body. */
  #dropBlanks(): void {
    const buffer = this.#buffer;
    while (buffer.gather(1) > 0) {
      const { window, start, end } = buffer;
      let at = start;
      while (at < end && BLANKS.includes(window[at] as number)) at++;
      buffer.skip(at - start);
      if (at < end) return;
    }
  }

  /** Looks for the empty line. @returns How many octets there are up to it, with it; 0 if it has not come. */
  #findHeadEnd(): number {
    const buffer = this.#buffer;
    const held = Math.min(buffer.gather(this.#maxHeader + 1), this.#maxHeader + 1);
    const { window, start } = buffer;
    const end = start + held;
    // A line end may begin in what was searched, with all of its four octets but the last.
    for (let at = start + Math.max(1, this.#searched - 3); at < end; at++) {
      const length = emptyLine(window, at, end);
      if (length > 0) return at + length - start;
    }
    this.#searched = held;
    return 0;
  }

  #end(code: number, details: string, request?: HttpRequest): HttpResponse {
    this.#ended = true;
    this.#buffer.clear();
    this.#searched = 0;
    return errorResponse(code, details, request);
  }
}

/**
 * Two line ends in a row, each CR, LF or CR LF, but not LF and CR alone: how many octets they have; 0 if they are not
 * there.
 */
function emptyLine(octets: Buffer, from: number, end: number): number {
  let at = from;
  const first = octets[at++];
  if (first === CR) {
    if (at < end && octets[at] === LF) at++;
    if (at >= end || octets[at] !== CR) return 0;
    at++;
    if (at < end && octets[at] === LF) at++;
    return at - from;
  }
  if (first !== LF) return 0;
  if (at < end && octets[at] === CR) at++;
  return at < end && octets[at] === LF ? at + 1 - from : 0;
}

function isSince11(protocol: string): boolean {
  const [major = 0, minor = 0] = protocol.slice('HTTP/'.length).split('.').map(Number);
  return major * 1000 + minor >= 1001;
}
