import type { TextRecord } from '../text.ts';
import type { HeadersInit } from './headers.ts';
import { HttpMessage } from './message.ts';

/** `http://host` and the like, in front of a path. */
const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i;

/**
 * A request, as {@link HTTPD} reads it.
 *
 * @example
 * const request = new HttpRequest('GET', '/index.html?a=1', { Host: 'example.test' });
 * request.method; // 'GET'
 * request.path; // '/index.html'
 * request.header('host'); // 'example.test'
 * @remarks Mirrors HTTP::Request. `uri` is text; parts of it are `path` and `query`, and
 * `new URL(request.uri, 'http://host')` knows the rest.
 */
export class HttpRequest extends HttpMessage {
  method: string;
  uri: string;

  /** @throws PoeUsageError `POE_ERR_HTTP_HEADER`, `POE_ERR_FILTER_RECORD` for headers or content that cannot be sent. */
  constructor(method: string, uri: string, headers?: HeadersInit, content?: TextRecord) {
    super(headers, content);
    this.method = method;
    this.uri = uri;
  }

  protected firstLine(): string {
    return [this.method, this.uri, this.protocol].filter((part) => part !== undefined).join(' ');
  }

  /** The path of the URI, escaped as it came: `$request->uri->path`. */
  get path(): string {
    return this.uri.replace(ORIGIN, '').replace(/[?#].*$/s, '');
  }

  /** What is behind the `?`, escaped as it came; undefined if there is none: `$request->uri->query`. */
  get query(): string | undefined {
    return /^[^?#]*\?([^#]*)/.exec(this.uri)?.[1];
  }
}
