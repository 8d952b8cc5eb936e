import { HTTPParser } from 'http-parser-js';
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
  /**
   * Whether two servers may see different bodies behind it: there is a CR inside of a line, or something that says how
   * long the body is stands behind a line that is no header, where nobody reads it.
   */
  isDoubtful: boolean;
}

/**
 * Takes header lines apart, and joins those that go on. The rest of the parser is of no use here: it wants a known method
 * and version, reads octets as ASCII, takes `0x5` for a length, and never returns from a chunk of `-5` octets.
 */
const parser = new HTTPParser(HTTPParser.REQUEST);

/** Octets are code points here, so blanks are those of ASCII only. */
const REQUEST_LINE = /^(\w+)[ \t]+([^ \t\n\v\f\r]+)(?:[ \t]+(HTTP\/\d+\.\d+))?[^\n]*\n/;
/** A name that HTTP allows; POE lets blanks stand between it and the colon. */
const NAME = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+)[ \t]*:/;
const LENGTH_FIELD = /^[ \t]*(?:content-length|transfer-encoding)[ \t]*:/i;
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

  /** Names and values in turn. */
  const fields: string[] = [];
  const lines = text
    .slice(whole.length)
    .split('\n')
    .map((each) => each.replace(/\r$/, ''));
  let at = 0;
  for (; at < lines.length; at++) {
    const each = lines[at] as string;
    const name = NAME.exec(each);
    if (each.includes('\r') || (name === null && !/^[ \t]/.test(each))) break;
    parser.parseHeader(name ? `${name[1]}:${each.slice(name[0].length)}` : each, fields);
  }
  const isDoubtful = lines.slice(at).some((each) => each.includes('\r') || LENGTH_FIELD.test(each));
  const headers = new HttpHeaders();
  for (let index = 0; index < fields.length; index += 2) {
    headers.pushHeader(fields[index] as string, fields[index + 1] as string);
  }
  return { method, uri: cleanUri(path), protocol, headers, fields: fields.length / 2, isDoubtful };
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
