import { HttpHeaders } from './headers.ts';

/** What stands in front of the body of a request. */
export interface Head {
  method: string;
  uri: string;
  /** `HTTP/0.9` if the request line names none. */
  protocol: string;
  headers: HttpHeaders;
  /** How many header fields there are. */
  fields: number;
  /** Whether something that says how long the body is stands behind a line that is no header, where nobody reads it. */
  hidesLength: boolean;
}

/** Octets are code points here, so blanks are those of ASCII only. */
const REQUEST_LINE = /^(\w+)[ \t]+([^ \t\n\v\f\r]+)(?:[ \t]+(HTTP\/\d+\.\d+))?[^\n]*\n/;
const FIELD = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+)[ \t\v\f\r]*:[ \t\v\f\r]*(.*)$/s;
const CONTINUATION = /^[ \t\v\f\r]+(.*)$/s;
const LENGTH_FIELD = /^[ \t\v\f\r]*(?:content-length|transfer-encoding)[ \t\v\f\r]*:/i;
/** `http://host` and the like, in front of a path; the address of a host may stand in brackets. */
const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i;
/** What a URI may not hold as it is. */
const NO_URI_CHARACTER = /[^;/?:@&=+$,A-Za-z0-9\-_.!~*'()%#]/g;

/**
 * Reads a request line and the headers behind it. Like POE, it takes any two words for a request line, a missing version
 * for `HTTP/0.9`, lines that begin with a blank for more of the header before; and the headers end at the first line
 * that is none.
 *
 * @param text - All of it with its empty line, octets as code points.
 * @returns Undefined if the first line is no request line.
 */
export function parseHead(text: string): Head | undefined {
  const line = REQUEST_LINE.exec(text);
  if (line === null) return undefined;
  const [whole, method = '', path = '', protocol = 'HTTP/0.9'] = line;

  const fields: [name: string, value: string][] = [];
  const lines = text.slice(whole.length).split('\n');
  // What is behind the last newline is no line.
  lines.pop();
  let at = 0;
  for (; at < lines.length; at++) {
    const each = (lines[at] as string).replace(/\r$/, '');
    const field = FIELD.exec(each);
    const more = field ? null : CONTINUATION.exec(each);
    if (field) fields.push([field[1] as string, field[2] as string]);
    else if (more === null) break;
    else if (fields.length > 0) (fields.at(-1) as [string, string])[1] += ` ${more[1]}`;
  }
  const hidesLength = lines.slice(at).some((each) => LENGTH_FIELD.test(each));
  const headers = new HttpHeaders(fields);
  return { method, uri: cleanUri(path), protocol, headers, fields: fields.length, hidesLength };
}

/** The path without doubled slashes in front, and with what no URI may hold escaped. */
function cleanUri(path: string): string {
  const [origin = ''] = ORIGIN.exec(path) ?? [];
  const rest = path
    .slice(origin.length)
    .replace(/^\/\/+/, '/')
    .replace(NO_URI_CHARACTER, percent);
  return (
    origin.replace(NO_URI_CHARACTER, (character) => ('[]'.includes(character) ? character : percent(character))) + rest
  );
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}
