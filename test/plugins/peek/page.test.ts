import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { before, describe, type TestContext, test } from 'node:test';
import { applyPlugins, Kernel, Session } from 'poe-kernel';
import { peek } from 'poe-kernel/plugins';
import { until } from '../../helpers/peek-program.ts';
import { fc } from '../../helpers/property.ts';
import { root } from '../../helpers/repository.ts';

const TOKEN = 'correct horse battery';
const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

before(() => {
  // What `npm run build` does after compiling.
  execFileSync(process.execPath, [join(root, 'scripts/page.js')]);
});

/** A running kernel with a page, and what its session has been posted. */
async function world(t: TestContext, options: object = {}) {
  const kernel = new Kernel();
  const got: string[] = [];
  Session.create({
    kernel,
    inlineStates: {
      _start({ kernel }) {
        kernel.aliasSet('logger');
        kernel.aliasSet('<img src=x onerror=alert(1)> password=hunter2');
        kernel.delay('flush', 600);
        kernel.yield('tick');
        Session.create({
          kernel,
          inlineStates: { _start: ({ kernel }) => kernel.aliasSet('shard'), get() {}, _stop() {} },
        });
      },
      tick({ kernel }) {
        kernel.delay('tick', 0.05);
        kernel.post('shard', 'get');
      },
      note: () => void got.push('note'),
      flush() {},
    },
  });
  let printed = '';
  const { write } = process.stderr;
  process.stderr.write = ((line: string) => {
    printed += line;
    return true;
  }) as typeof write;
  const undo = applyPlugins(kernel, [[peek, { socket: false, signals: false, name: 'demo', port: 0, ...options }]]);
  await until('the page has said where it is', () => printed.includes('\n'));
  process.stderr.write = write;
  const run = kernel.run();
  t.after(async () => {
    undo();
    kernel.stop();
    await run;
  });
  const [, address = '', token] = /^peek: (http:\/\/127\.0\.0\.1:\d+\/)(?:\?token=(\S+))?\n$/.exec(printed) ?? [];
  const { port } = new URL(address);
  const ask = (path: string, { method = 'GET', body, ...headers }: Record<string, string> = {}): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const sent = request({ port, path, method, headers, agent: false }, async (response) => {
        const { statusCode: status = 0, headers } = response;
        resolve({ status, headers, body: await text(response) });
      });
      sent.on('error', reject);
      sent.end(body);
    });
  const cookie = `poe-peek-${port}=${encodeURIComponent(token ?? TOKEN)}`;
  return { kernel, got, address, port: Number(port), token, ask, cookie, undo };
}

describe('the page of peek, for whom it is', () => {
  test('a token is printed once and exchanged for a cookie; nothing but the door is shown without', async (t) => {
    const { ask, token, cookie } = await world(t);
    assert.ok(token !== undefined && token.length >= 32);
    for (const path of ['/', '/main.js', '/reports', '/index.html']) {
      const { status, body } = await ask(path);
      assert.equal(status, 401, path);
      assert.match(body, /<h1>peek<\/h1>/);
    }
    assert.equal((await ask('/?token=wrong')).status, 401);
    assert.equal((await ask('/', { cookie: `${cookie}x` })).status, 401);
    const entered = await ask(`/?token=${token}`);
    assert.equal(entered.status, 303);
    assert.equal(entered.headers.location, '/');
    assert.match(String(entered.headers['set-cookie']), /; Path=\/; HttpOnly; SameSite=Strict$/);
    const page = await ask('/', { cookie });
    assert.equal(page.status, 200);
    assert.match(page.body, /<title>peek<\/title>/);
    assert.match(
      String(page.headers['content-security-policy']),
      /^default-src 'none'; script-src 'self'; style-src 'self';/,
    );
    assert.doesNotMatch(page.body, /<script(?! type="module" src)|\son\w+=|style=/);
  });

  test('every file of the page is there, with its type, and nothing else is', async (t) => {
    const { ask, cookie } = await world(t);
    const files: Record<string, string> = {
      '/style.css': 'text/css',
      '/main.js': 'text/javascript',
      '/lib/uplot.js': 'text/javascript',
      '/lib/uplot.css': 'text/css',
      '/lib/dagre.js': 'text/javascript',
      '/icon.svg': 'image/svg+xml',
    };
    for (const [path, type] of Object.entries(files)) {
      const { status, headers } = await ask(path, { cookie });
      assert.deepEqual([status, headers['content-type']], [200, `${type}; charset=utf-8`], path);
    }
    for (const path of [
      '/index.html',
      '/../page.js',
      '/%2e%2e/page.js',
      '/lib/',
      '/lib/uplot.LICENSE.txt',
      '//x',
      '/__proto__',
    ]) {
      const { status } = await ask(path, { cookie });
      assert.ok(status === 404 || status === 400, `${path}: ${status}`);
    }
    assert.equal((await ask('/', { cookie, method: 'PUT' })).status, 405);
    assert.equal((await ask('/reports', { cookie, method: 'HEAD' })).status, 404);
  });

  test('another Host, a foreign Origin and requests from other sites are refused', async (t) => {
    const { ask, cookie, port } = await world(t);
    const cases: [Record<string, string>, number][] = [
      [{}, 200],
      [{ host: `localhost:${port}` }, 200],
      [{ host: `127.0.0.1:${port}`, origin: `http://127.0.0.1:${port}` }, 200],
      [{ 'sec-fetch-site': 'same-origin' }, 200],
      [{ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }, 200],
      [{ host: 'evil.example' }, 403],
      [{ host: `evil.example:${port}` }, 403],
      [{ host: '127.0.0.1' }, 403],
      [{ origin: 'http://evil.example' }, 403],
      [{ origin: 'null' }, 403],
      [{ host: `127.0.0.1:${port}`, origin: `http://localhost:${port}` }, 403],
      [{ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }, 403],
      [{ 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'script' }, 403],
      [{ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }, 403],
    ];
    for (const [headers, status] of cases) {
      assert.equal((await ask('/', { cookie, ...headers })).status, status, JSON.stringify(headers));
    }
  });

  test('is read-only without a token of the user, and posts events with one', async (t) => {
    const readOnly = await world(t);
    const order = { method: 'POST', 'content-type': 'application/json', body: '{"session":"logger","event":"note"}' };
    assert.equal((await readOnly.ask('/post', { cookie: readOnly.cookie, ...order })).status, 403);
    const { ask, cookie, got, token } = await world(t, { token: TOKEN });
    assert.equal(token, undefined, 'a token of the user is not printed');
    assert.equal((await ask('/post', order)).status, 401);
    assert.equal((await ask('/post', { cookie, ...order, 'content-type': 'text/plain' })).status, 415);
    for (const body of [
      '',
      '{',
      'null',
      '[]',
      '{"session":{},"event":"note"}',
      '{"session":"logger","event":""}',
      `{"session":"logger","event":"${'x'.repeat(5000)}"}`,
    ]) {
      assert.equal((await ask('/post', { cookie, ...order, body })).status, 400, body.slice(0, 40));
    }
    assert.equal(
      (await ask('/post', { cookie, ...order, body: '{"session":"__proto__","event":"note"}' })).status,
      404,
    );
    assert.deepEqual(got, []);
    assert.equal((await ask('/post', { cookie, ...order })).status, 200);
    await until('the event has come', () => got.length === 1);
  });

  test('answers hostile requests with an error, and the next visitor with the page', async (t) => {
    const { ask, cookie, port } = await world(t, { token: TOKEN });
    const names = fc.constantFrom(
      'cookie',
      'origin',
      'host',
      'sec-fetch-site',
      'content-type',
      'content-length',
      'transfer-encoding',
      'expect',
    );
    const word = fc.string({ unit: 'binary-ascii', maxLength: 200 }).map((each) => each.replace(/[\r\n]/g, ' '));
    const requests = fc
      .tuple(
        fc.constantFrom('GET', 'POST', 'HEAD', 'TRACE', 'X'),
        fc.oneof(
          word,
          fc.webPath().map((path) => path || '/'),
          fc.constantFrom('/post', '/reports', '/?token=%', '*', '//', 'http://['),
        ),
        fc.array(fc.tuple(names, word), { maxLength: 5 }),
        word,
      )
      .map(
        ([method, path, headers, body]) =>
          `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`,
      );
    await fc.assert(
      fc.asyncProperty(requests, async (sent) => {
        const socket = connect(port, '127.0.0.1');
        socket.setTimeout(300, () => socket.destroy());
        socket.end(sent, 'latin1');
        const answer = await text(socket).catch(() => '');
        assert.doesNotMatch(answer, /^HTTP\/1\.1 (200(?!.*style)|5)/s);
      }),
      { numRuns: 150 },
    );
    assert.equal((await ask('/', { cookie })).status, 200);
  });
});

describe('the page of peek, reports', () => {
  test('come as server-sent events, without secrets; events are watched only while somebody reads', async (t) => {
    const { kernel, cookie, port } = await world(t);
    const watched = (): boolean => Object.hasOwn(kernel._engine, 'invoke');
    assert.equal(watched(), false);
    let received = '';
    const sent = request({ port, path: '/reports', headers: { cookie } }, (response) => {
      response
        .setEncoding('utf8')
        .on('data', (chunk: string) => {
          received += chunk;
        })
        .on('error', () => {});
    });
    sent.on('error', () => {});
    sent.end();
    await until('three reports have come', () => (received.match(/^data: \{"top"/gm) ?? []).length >= 3);
    assert.equal(watched(), true);
    assert.match(received, /^event: hello\ndata: \{"writable":false\}\n\n/);
    const reports = [...received.matchAll(/^data: (\{"top".*)\n/gm)].map(([, json = '']) => JSON.parse(json));
    const last = reports.at(-1);
    assert.deepEqual([last.top.name, last.top.pid, last.sessions.length], ['demo', process.pid, 2]);
    assert.ok(last.top.rate > 5);
    assert.ok(last.log.some(({ event, kind }: { event: string; kind: string }) => event === 'get' && kind === 'event'));
    assert.deepEqual([last.queue.length > 0, last.kernels, last.sections], [true, [], []]);
    assert.doesNotMatch(received, /hunter2/);
    sent.destroy();
    await until('nobody watches', () => !watched());
  });

  test('go to maxClients at most', async (t) => {
    const { cookie, port, ask } = await world(t, { maxClients: 1 });
    const first = request({ port, path: '/reports', headers: { cookie } }, (response) =>
      response.resume().on('error', () => {}),
    );
    first.on('error', () => {});
    first.end();
    await new Promise((resolve) => first.once('response', resolve));
    assert.equal((await ask('/reports', { cookie })).status, 503);
    first.destroy();
  });
});

test('the page of peek, in a browser: every view is drawn without an error', async (t) => {
  if (CHROMIUM === undefined) return t.skip('there is no Chromium on this machine');
  const { chromium } = await import('playwright-core');
  const { address, token, got } = await world(t, { token: TOKEN });
  assert.equal(token, undefined);
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  t.after(() => browser.close());
  const page = await browser.newPage({ colorScheme: 'dark', viewport: { width: 1000, height: 700 } });
  const troubles: string[] = [];
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('console', (message) => {
    // The door itself is answered with 401, which the browser notes.
    if (message.type() !== 'log' && !message.text().includes('401')) troubles.push(message.text());
  });
  await page.goto(address);
  await page.fill('input[name=token]', TOKEN);
  await page.click('button');
  await page.waitForSelector('.tile');
  assert.equal(await page.title(), 'demo · peek');
  assert.equal(new URL(page.url()).search, '');
  const shown: Record<string, string> = {
    overview: '#rate-chart canvas',
    sessions: '.node >> text=logger',
    queue: '#timers-table >> text=flush',
    handles: '#handles-table >> text=No handle is watched.',
    kernels: '#kernels-table >> text=The kernel has no channels to others.',
    log: '#log-table td >> text=get',
    sequence: '#sequence-figure svg rect.box',
    map: '#map-figure svg rect.box',
  };
  for (const [view, what] of Object.entries(shown)) {
    await page.click(`nav a[href="#/${view}"]`);
    await page.waitForSelector(what, { timeout: 60_000 });
  }
  await page.click('nav a[href="#/sessions"]');
  await page.click('.node >> text=logger');
  await page.waitForSelector("#detail >> text=timer 'flush' is due");
  assert.match((await page.textContent('#detail')) ?? '', /<img src=x onerror=alert\(1\)> password=\[redacted\]/);
  await page.fill('#detail input[name=event]', 'note');
  await page.click('#detail form button');
  await page.waitForSelector('#detail >> text=posted');
  await until('the event has come', () => got.length === 1);
  await page.click('nav a[href="#/log"]');
  await page.fill('#log-text', 'note');
  await page.waitForSelector('#log-table td >> text=note');
  assert.equal(await page.locator('#log-table td >> text=get').count(), 0);
  assert.deepEqual(troubles, []);
});
