import type { TextRecord } from '../text.ts';
import type { HeadersInit } from './headers.ts';
import { HttpMessage } from './message.ts';
import type { HttpRequest } from './request.ts';
import { statusMessage } from './status.ts';

/**
 * A response, as {@link HTTPD} writes it, and as it answers bad requests.
 *
 * @example
 * const response = new HttpResponse(200, 'OK', { 'Content-Type': 'text/plain' }, 'hello\n');
 * response.contentLength = response.content.length;
 * heap.client.put(response);
 * @remarks Mirrors HTTP::Response.
 */
export class HttpResponse extends HttpMessage {
  code: number;
  /** The text behind the code; undefined for the usual one. */
  message: string | undefined;
  /** The request it answers, if that is known. */
  request: HttpRequest | undefined;

  /** @throws PoeUsageError `POE_ERR_HTTP_HEADER`, `POE_ERR_FILTER_RECORD` for headers or content that cannot be sent. */
  constructor(code: number, message?: string, headers?: HeadersInit, content?: TextRecord) {
    super(headers, content);
    this.code = code;
    this.message = message;
  }

  /** Code and text: `404 Not Found`. @remarks Mirrors HTTP::Response, "status_line". */
  statusLine(): string {
    return `${this.code} ${this.message || statusMessage(this.code) || 'Unknown code'}`;
  }

  /** Whether the code is 1xx. @remarks Mirrors HTTP::Response, "is_info". */
  isInfo(): boolean {
    return this.#isOf(1);
  }

  /** Whether the code is 2xx. @remarks Mirrors HTTP::Response, "is_success". */
  isSuccess(): boolean {
    return this.#isOf(2);
  }

  /** Whether the code is 3xx. @remarks Mirrors HTTP::Response, "is_redirect". */
  isRedirect(): boolean {
    return this.#isOf(3);
  }

  /** Whether the code is 4xx or 5xx. @remarks Mirrors HTTP::Response, "is_error". */
  isError(): boolean {
    return this.#isOf(4) || this.#isOf(5);
  }

  protected firstLine(): string {
    return this.protocol === undefined ? this.statusLine() : `${this.protocol} ${this.statusLine()}`;
  }

  #isOf(hundred: number): boolean {
    return Math.floor(this.code / 100) === hundred;
  }
}

/** The answer to a bad request, a short page. */
export function errorResponse(code: number, details: string, request?: HttpRequest): HttpResponse {
  const title = `Error ${code}: ${statusMessage(code)}`;
  const page =
    `<html><head><title>${title}</title></head>` + `<body><h1>${title}</h1><p>${escapeHtml(details)}</p></body></html>`;
  const response = new HttpResponse(code, statusMessage(code), { 'Content-Type': 'text/html' }, page);
  response.contentLength = response.content.length;
  response.request = request;
  return response;
}

/** Details may quote what a stranger has sent. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Status line, headers and the empty line, as they go over the wire; octets as code points. */
export function responseHead(response: HttpResponse): string {
  const { code, message = '', protocol = 'HTTP/1.0' } = response;
  const usual = statusMessage(code) ?? 'Unknown Error';
  // POE: Filter::HTTPD puts the usual text in front of another one.
  const texts = [...(usual === message ? [] : [`(${usual})`]), ...(message === '' ? [] : [oneLine(message)])];
  return `${protocol} ${code} ${texts.join(' ')}\r\n${response.headers.asString('\r\n')}\r\n`;
}

function oneLine(text: string): string {
  return text.replace(/[\r\n]+/g, ' ');
}
