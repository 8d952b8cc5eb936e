import { PoeUsageError } from '../../../core/errors.ts';

/** The values of one header field; numbers are written in decimal. */
export type HeaderValue = string | number | readonly (string | number)[];

/** Header fields to begin with: names and values. */
export type HeadersInit =
  | HttpHeaders
  | Iterable<readonly [name: string, value: HeaderValue]>
  | { readonly [name: string]: HeaderValue };

/** What a name consists of: RFC 9110, "token". */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** Anything that no octet can stand for. */
const WIDE = /[^\0-\xff]/;

/** Names in the order in which good manners send them: about the message, the request, the response, the content. */
const ORDER: readonly string[] = [
  'Cache-Control Connection Date Pragma Trailer Transfer-Encoding Upgrade Via Warning',
  'Accept Accept-Charset Accept-Encoding Accept-Language Authorization Expect From Host',
  'If-Match If-Modified-Since If-None-Match If-Range If-Unmodified-Since',
  'Max-Forwards Proxy-Authorization Range Referer TE User-Agent',
  'Accept-Ranges Age ETag Location Proxy-Authenticate Retry-After Server Vary WWW-Authenticate',
  'Allow Content-Encoding Content-Language Content-Length Content-Location',
  'Content-MD5 Content-Range Content-Type Expires Last-Modified',
].flatMap((names) => names.split(' '));

/** The usual way to write a name, and its place in the order, by the name in small letters. */
const USUAL: ReadonlyMap<string, { name: string; place: number }> = new Map(
  ORDER.map((name, place) => [name.toLowerCase(), { name, place }]),
);

interface Field {
  readonly name: string;
  readonly place: number;
  values: string[];
}

/**
 * Header fields of a message. Case makes no difference in names; a name may have several values. They are listed and
 * sent in the order of good manners, fields that HTTP/1.1 does not know last and by name.
 *
 * @example
 * const headers = new HttpHeaders({ 'Content-Type': 'text/plain' });
 * headers.pushHeader('X-Many', 'one');
 * headers.pushHeader('x-many', 'two');
 * headers.header('X-MANY'); // 'one, two'
 * @remarks Mirrors HTTP::Headers. Differs from it: an underscore in a name is none of the ways to write `-`, so that
 * nobody can send a `Content_Length` that counts as the other.
 */
export class HttpHeaders {
  readonly #fields = new Map<string, Field>();

  /** @throws PoeUsageError `POE_ERR_HTTP_HEADER` for a name or value that cannot be sent. */
  constructor(fields: HeadersInit = []) {
    const pairs =
      fields instanceof HttpHeaders ? fields.#pairs() : Symbol.iterator in fields ? fields : Object.entries(fields);
    for (const [name, value] of pairs) this.pushHeader(name, value);
  }

  /**
   * The value of a field; several values are joined with a comma and a blank. With a second argument it is set to that
   * first, or removed by undefined.
   *
   * @returns What the field was before; undefined if it was not there.
   * @throws PoeUsageError `POE_ERR_HTTP_HEADER` for a name or value that cannot be sent.
   * @remarks Mirrors HTTP::Headers, "header".
   */
  header(name: string, ...value: [] | [value: HeaderValue | undefined]): string | undefined {
    const old = this.#fields.get(name.toLowerCase())?.values.join(', ');
    if (value.length > 0) {
      this.removeHeader(name);
      if (value[0] !== undefined) this.pushHeader(name, value[0]);
    }
    return old;
  }

  /** All values of a field, one by one. @remarks Mirrors HTTP::Headers, "header" in list context. */
  headerValues(name: string): string[] {
    return [...(this.#fields.get(name.toLowerCase())?.values ?? [])];
  }

  /**
   * Adds a value to a field, or several.
   *
   * @throws PoeUsageError `POE_ERR_HTTP_HEADER` for a name or value that cannot be sent.
   * @remarks Mirrors HTTP::Headers, "push_header".
   */
  pushHeader(name: string, value: HeaderValue): void {
    const values = (Array.isArray(value) ? value : [value]).map(String);
    if (!TOKEN.test(name)) refuse(`'${name}' is no name of a field`, 'Letters, digits and - make a name');
    if (values.some((each) => WIDE.test(each))) {
      refuse(`${name} holds a character above U+00FF`, 'Encode it as RFC 2047 or RFC 8187 say');
    }
    const key = name.toLowerCase();
    const field = this.#fields.get(key);
    if (field) field.values.push(...values);
    else if (values.length > 0) {
      const usual = USUAL.get(key) ?? {
        name: name.replace(/\b[a-z]/g, (first) => first.toUpperCase()),
        place: ORDER.length,
      };
      this.#fields.set(key, { ...usual, values });
    }
  }

  /** Sets a field unless it is there. @remarks Mirrors HTTP::Headers, "init_header". */
  initHeader(name: string, value: HeaderValue): void {
    if (!this.#fields.has(name.toLowerCase())) this.pushHeader(name, value);
  }

  /** Removes fields. @returns Their values. @remarks Mirrors HTTP::Headers, "remove_header". */
  removeHeader(...names: string[]): string[] {
    const removed = names.flatMap((name) => this.headerValues(name));
    for (const name of names) this.#fields.delete(name.toLowerCase());
    return removed;
  }

  /** The names of all fields, in order. @remarks Mirrors HTTP::Headers, "header_field_names". */
  headerFieldNames(): string[] {
    return this.#sorted().map(({ name }) => name);
  }

  /** Calls a function for each value, in order. @remarks Mirrors HTTP::Headers, "scan". */
  scan(code: (name: string, value: string) => void): void {
    for (const [name, value] of this.#pairs()) code(name, value);
  }

  /** All fields in order, a line each, with an end each. @remarks Mirrors HTTP::Headers, "as_string". */
  asString(eol = '\n'): string {
    return this.#pairs()
      .map(([name, value]) => `${name}: ${folded(value, eol)}${eol}`)
      .join('');
  }

  #pairs(): [name: string, value: string][] {
    return this.#sorted().flatMap(({ name, values }) => values.map((value): [string, string] => [name, value]));
  }

  #sorted(): Field[] {
    return [...this.#fields.entries()]
      .sort(([a, { place: before }], [b, { place: after }]) => before - after || (a < b ? -1 : 1))
      .map(([, field]) => field);
  }
}

/** A value of several lines as one header: each further line begins with a blank, and none is empty. */
function folded(value: string, eol: string): string {
  return value
    .replace(/[\r\n]+/g, '\n')
    .replace(/\s+$/, '')
    .replace(/\n(?![ \t])/g, '\n ')
    .replaceAll('\n', eol);
}

function refuse(found: string, hint: string): never {
  throw new PoeUsageError('POE_ERR_HTTP_HEADER', `Cannot set a header: ${found}`, { hint });
}
