import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HttpHeaders, HttpRequest, HttpResponse, statusMessage } from 'poe-kernel/wheels';

describe('HttpHeaders', () => {
  it('header() knows no case, joins values, sets and removes', () => {
    const headers = new HttpHeaders({ 'X-Many': ['one', 2] });
    assert.equal(headers.header('x-many'), 'one, 2');
    assert.equal(headers.header('X-MANY', 'three'), 'one, 2');
    assert.deepEqual(headers.headerValues('X-Many'), ['three']);
    assert.equal(headers.header('X-Many', undefined), 'three');
    assert.equal(headers.header('X-Many'), undefined);
    assert.deepEqual(headers.headerFieldNames(), []);
  });

  it('pushHeader() adds, initHeader() only where there is none, removeHeader() gives what was there', () => {
    const headers = new HttpHeaders();
    headers.pushHeader('a', 1);
    headers.pushHeader('A', [2, 'three']);
    headers.initHeader('a', 'other');
    headers.initHeader('b', 'new');
    assert.deepEqual(headers.headerValues('a'), ['1', '2', 'three']);
    assert.deepEqual(headers.removeHeader('A', 'b', 'c'), ['1', '2', 'three', 'new']);
  });

  it('headerFieldNames() and scan() follow the order of good manners, with the usual spelling', () => {
    const headers = new HttpHeaders([
      ['x-zoo', '1'],
      ['content-type', 'text/plain'],
      ['etag', '"e"'],
      ['X-ALL', '1'],
      ['host', 'h'],
      ['www-authenticate', 'Basic'],
      ['date', 'today'],
    ]);
    const names = ['Date', 'Host', 'ETag', 'WWW-Authenticate', 'Content-Type', 'X-ALL', 'X-Zoo'];
    assert.deepEqual(headers.headerFieldNames(), names);
    const seen: string[] = [];
    headers.scan((name, value) => seen.push(`${name}=${value}`));
    assert.deepEqual(
      seen.map((each) => each.split('=')[0]),
      names,
    );
  });

  it('new HttpHeaders() copies others, and takes names that mean something to JavaScript', () => {
    const headers = new HttpHeaders([
      ['__proto__', 'p'],
      ['constructor', 'c'],
    ]);
    const copy = new HttpHeaders(headers);
    headers.removeHeader('constructor');
    assert.deepEqual(
      [copy.header('__PROTO__'), copy.header('constructor'), copy.header('toString')],
      ['p', 'c', undefined],
    );
  });

  it('refuses names and values that cannot be sent', () => {
    for (const [name, value] of [
      ['', 'x'],
      ['a b', 'x'],
      ['a:', 'x'],
      ['a\r\nb', 'x'],
      ['a', '\u20ac'],
    ] as const) {
      assert.throws(() => new HttpHeaders([[name, value]]), { name: 'PoeUsageError', code: 'POE_ERR_HTTP_HEADER' });
    }
  });
});

describe('HttpRequest', () => {
  it('path and query are parts of the uri', () => {
    const parts = (uri: string) => {
      const { path, query } = new HttpRequest('GET', uri);
      return [path, query];
    };
    assert.deepEqual(parts('/a/b?c=d?e#f'), ['/a/b', 'c=d?e']);
    assert.deepEqual(parts('http://host:1/x'), ['/x', undefined]);
    assert.deepEqual(parts('*'), ['*', undefined]);
    assert.deepEqual(parts('/?'), ['/', '']);
  });

  it('content takes text of octets and gives octets', () => {
    const request = new HttpRequest('POST', '/', {}, '\xe9');
    assert.deepEqual(request.content, Buffer.of(0xe9));
    request.addContent(Buffer.from('x'));
    assert.deepEqual(request.content, Buffer.of(0xe9, 0x78));
    assert.throws(() => request.addContent('\u20ac'), { code: 'POE_ERR_FILTER_RECORD' });
  });

  it('asString() is the first line, the headers and the content, for a person or as it is sent', () => {
    const request = new HttpRequest('PUT', '/a', { 'X-Two': ['1', '2'], Host: 'h' }, 'body');
    assert.equal(request.asString(), 'PUT /a\nHost: h\nX-Two: 1\nX-Two: 2\n\nbody\n');
    request.protocol = 'HTTP/1.1';
    assert.equal(request.asString('\r\n'), 'PUT /a HTTP/1.1\r\nHost: h\r\nX-Two: 1\r\nX-Two: 2\r\n\r\nbody');
    const response = new HttpResponse(201);
    assert.equal(response.asString(), '201 Created\n\n');
    response.protocol = 'HTTP/1.0';
    assert.equal(response.asString(), 'HTTP/1.0 201 Created\n\n');
    assert.equal(new HttpHeaders({ A: 'x\ny' }).asString(), 'A: x\n y\n');
  });

  it('contentType and contentLength read and set headers', () => {
    const request = new HttpRequest('POST', '/', { 'Content-Type': 'Text/HTML; charset=x' });
    assert.deepEqual([request.contentType, request.contentLength], ['text/html', undefined]);
    request.contentType = 'text/plain';
    request.contentLength = 7;
    assert.deepEqual(
      [request.header('content-type'), request.header('content-length'), request.contentLength],
      ['text/plain', '7', 7],
    );
    request.contentType = undefined;
    assert.deepEqual([request.contentType, request.headerFieldNames()], ['', ['Content-Length']]);
  });

  it('has the methods of its headers', () => {
    const request = new HttpRequest('GET', '/');
    request.pushHeader('A', '1');
    request.initHeader('B', '2');
    const seen: string[] = [];
    request.scan((name) => seen.push(name));
    assert.deepEqual([seen, request.headerValues('a'), request.removeHeader('b')], [['A', 'B'], ['1'], ['2']]);
  });
});

describe('HttpResponse', () => {
  it('statusLine() has the usual text where there is no other', () => {
    assert.equal(new HttpResponse(404).statusLine(), '404 Not Found');
    assert.equal(new HttpResponse(404, 'Gone fishing').statusLine(), '404 Gone fishing');
    assert.equal(new HttpResponse(799).statusLine(), '799 Unknown code');
  });

  it('isInfo(), isSuccess(), isRedirect() and isError() go by the code', () => {
    const kinds = [100, 204, 302, 404, 500, 600].map((code) => {
      const response = new HttpResponse(code);
      return [response.isInfo(), response.isSuccess(), response.isRedirect(), response.isError()].indexOf(true);
    });
    assert.deepEqual(kinds, [0, 1, 2, 3, 3, -1]);
  });

  it('statusMessage() knows the codes of HTTP, and no others', () => {
    assert.deepEqual(
      [statusMessage(200), statusMessage(413), statusMessage(799)],
      ['OK', 'Payload Too Large', undefined],
    );
  });
});
