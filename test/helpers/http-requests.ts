/** Random HTTP requests, good and odd ones. */
import type { SeededRandom } from 'poe-kernel/testing';

const some = (random: SeededRandom, most: number, make: () => string): string[] =>
  Array.from({ length: random.below(most + 1) }, make);

/** A request that everybody understands. */
export function goodRequest(random: SeededRandom): string {
  const body =
    random.below(3) > 0
      ? ''
      : some(random, 30, () => random.pick(['a', '\r\n', '\n', ' ', '\xe9', '\0', 'GET /']) ?? '').join('');
  const fields = some(
    random,
    4,
    () => `${random.pick(['Accept', 'X-One', 'x-two', 'User-Agent', 'ETag', 'Cookie'])}: ${value(random)}`,
  );
  if (body !== '' || random.below(4) === 0) fields.push(`Content-Length: ${body.length}`);
  const path = random.pick(['/', '/a/b?c=d', '/%20x', '/index.html', '/~u;v=1?q=%C3%A9&r=[1]', '*', 'http://h/x?y']);
  const method = random.pick(['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS']);
  const all = [`${method} ${path} HTTP/1.${random.below(2)}`, 'Host: example.test', ...fields, '', body];
  return all.join('\r\n');
}

function value(random: SeededRandom): string {
  const words = some(
    random,
    4,
    () => random.pick(['one', 'q=0.5', '"x, y"', '\xe9t\xe9', ';', ':', '=', 'text/html']) ?? '',
  );
  return words.join(' ');
}

/** A request with something odd in it. */
export function oddRequest(random: SeededRandom): string {
  const end = random.pick(['\r\n', '\r\n', '\n']);
  const line = random.pick([
    'GET / HTTP/1.1',
    'GET /old',
    'GET  /two   HTTP/1.0',
    'GET\t/tab\tHTTP/1.1',
    'BREW /pot HTTP/1.1',
    'get /small HTTP/1.1',
    'GET //twice HTTP/1.1',
    'GET /a b HTTP/1.1',
    'GET /x HTTP/1.1 trailing',
    'GET /x http/1.1',
    'GET /x HTTP/2.0',
    'GET',
    'nonsense',
    '!! ??',
    'GET /<b>"\xe9 HTTP/1.1',
    'P-O /x HTTP/1.1',
  ]);
  const fields = some(
    random,
    4,
    () =>
      random.pick([
        'Host: h',
        'Host : h',
        'Host:h',
        'X: one',
        'X: two',
        ' continued',
        '\tcontinued',
        'X-Empty:',
        'no header at all',
        'Content-Encoding: gzip',
        'TE: trailers',
        'WWW-Authenticate: Basic',
        'x-sMALL-Big: 1',
      ]) ?? '',
  );
  return [line, ...fields, '', ''].join(end);
}
