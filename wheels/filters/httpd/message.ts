import { encodeText, type TextRecord } from '../text.ts';
import { type HeadersInit, type HeaderValue, HttpHeaders } from './headers.ts';

/**
 * What requests and responses have in common. What can be set in Perl by the method that reads it (`$m->content(...)`)
 * is a property here, `message.content = ...`.
 *
 * @remarks Mirrors HTTP::Message.
 */
export abstract class HttpMessage {
  /** `HTTP/1.1` and the like; undefined while nobody has said. */
  protocol: string | undefined;
  readonly headers: HttpHeaders;
  #content: Buffer = Buffer.alloc(0);

  /** @throws PoeUsageError `POE_ERR_HTTP_HEADER`, `POE_ERR_FILTER_RECORD` for what cannot be sent. */
  constructor(headers?: HeadersInit, content: TextRecord = '') {
    this.headers = new HttpHeaders(headers);
    this.content = content;
  }

  /** The octets of the body. Octets, or a string of code points 0 to 255, can be assigned. */
  get content(): Buffer {
    return this.#content;
  }

  /** @throws PoeUsageError `POE_ERR_FILTER_RECORD` for a string with a character above U+00FF: assign its octets. */
  set content(content: TextRecord) {
    this.#content = encodeText(content, 'latin1');
  }

  /** Adds to the end of the content. @remarks Mirrors HTTP::Message, "add_content". */
  addContent(content: TextRecord): void {
    this.#content = Buffer.concat([this.#content, encodeText(content, 'latin1')]);
  }

  /** The type of the content in small letters, without its parameters; `''` if nobody has said. */
  get contentType(): string {
    return (this.header('Content-Type') ?? '').split(';', 1).join('').trim().toLowerCase();
  }

  set contentType(type: string | undefined) {
    this.header('Content-Type', type);
  }

  /** What the header says of the length, in octets; undefined if nothing that is a number. */
  get contentLength(): number | undefined {
    const length = this.header('Content-Length')?.trim() ?? '';
    return /^\d+$/.test(length) ? Number(length) : undefined;
  }

  set contentLength(octets: number | undefined) {
    this.header('Content-Length', octets);
  }

  /**
   * All of it as text, octets as code points: the first line, the headers, an empty line, the content. Without `eol` content
   * that does not end in a newline gets one, to be printed.
   *
   * @param eol - What ends the lines. Default `\n`.
   * @remarks Mirrors HTTP::Message, "as_string".
   */
  asString(eol?: string): string {
    const end = eol ?? '\n';
    const content = this.#content.toString('latin1');
    const closing = eol === undefined && content !== '' && !content.endsWith('\n') ? '\n' : '';
    return `${this.firstLine()}${end}${this.headers.asString(end)}${end}${content}${closing}`;
  }

  /** The line in front of the headers. */
  protected abstract firstLine(): string;

  /** See {@link HttpHeaders.header}. */
  header(name: string, ...value: [] | [value: HeaderValue | undefined]): string | undefined {
    return this.headers.header(name, ...value);
  }

  /** See {@link HttpHeaders.headerValues}. */
  headerValues(name: string): string[] {
    return this.headers.headerValues(name);
  }

  /** See {@link HttpHeaders.pushHeader}. */
  pushHeader(name: string, value: HeaderValue): void {
    this.headers.pushHeader(name, value);
  }

  /** See {@link HttpHeaders.initHeader}. */
  initHeader(name: string, value: HeaderValue): void {
    this.headers.initHeader(name, value);
  }

  /** See {@link HttpHeaders.removeHeader}. */
  removeHeader(...names: string[]): string[] {
    return this.headers.removeHeader(...names);
  }

  /** See {@link HttpHeaders.headerFieldNames}. */
  headerFieldNames(): string[] {
    return this.headers.headerFieldNames();
  }

  /** See {@link HttpHeaders.scan}. */
  scan(code: (name: string, value: string) => void): void {
    this.headers.scan(code);
  }
}
