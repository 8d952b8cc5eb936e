import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { PeekClient, type Question } from 'poe-kernel/plugins';
import { freePort } from '../../helpers/free-port.ts';
import type { OperatedProgram } from '../../helpers/operated-program.ts';
import { preforked } from '../../helpers/operated-programs.ts';
import { poe, root } from '../../helpers/repository.ts';

const TOKEN = 'correct horse battery';
const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);

describe('peek in a program of several processes', () => {
  let program: OperatedProgram;
  let pid: number;
  let pagePort: number;

  before(async () => {
    // What `npm run build` does after compiling.
    execFileSync(process.execPath, [join(root, 'scripts/page.js')]);
    pagePort = await freePort();
    ({ program, pid } = await preforked({ name: 'shop' }, [
      { use: 'peek', options: { port: pagePort, token: TOKEN, signals: false } },
    ]));
  });
  after(() => program[Symbol.asyncDispose]());

  /** Asks the parent, or another process. */
  async function ask<Q extends Question['ask']>(question: Question<Q>, whom: string | number = 'shop') {
    const client = await PeekClient.connect(whom, { folder: program.sockets });
    try {
      return await client.ask(question);
    } finally {
      client.close();
    }
  }

  test('means the parent by a name, and tells it from the children', async () => {
    const hello = await ask({ ask: 'hello' });
    assert.deepEqual([hello.pid, hello.role, hello.serving, hello.name], [pid, 'parent', 2, 'shop']);
    await program.until('the spare answers as well', async () => (await program.list()).length === 4);
    const roles = (await program.list()).map(({ role }) => role).sort();
    assert.deepEqual(roles, ['child', 'child', 'child', 'parent']);
  });

  test('knows the children with their state: in sections, in what poe top asks, and as a family', async () => {
    const family = await ask({ ask: 'family' });
    assert.deepEqual([family?.size, family?.generation, family?.stopping], [2, 0, false]);
    const pids = family?.children.map((child) => child.pid) ?? [];
    const [section] = await ask({ ask: 'sections' });
    assert.equal(section?.name, 'children');
    const { children } = await ask({ ask: 'top' });
    for (const rows of [section?.rows, children]) {
      assert.deepEqual(
        rows?.map((row) => row.pid),
        pids,
      );
      assert.equal(rows?.filter(({ state }) => state === 'serving').length, 2);
    }
    const [child = 0] = pids;
    assert.equal(await ask({ ask: 'family' }, child), null);
    assert.equal((await ask({ ask: 'top' }, child)).children, null);
    const ofChild = await ask({ ask: 'sections' }, child);
    assert.deepEqual(
      ofChild.map(({ name }) => name),
      ['plugins'],
    );
  });

  test('refuses orders to a child, and those that cannot be meant', async () => {
    const [{ pid: child = 0 } = {}] = (await ask({ ask: 'family' }))?.children ?? [];
    for (const order of ['reload', 'handover'] as const) {
      await assert.rejects(ask({ ask: order }, child), { code: 'POE_ERR_PEEK_ORDER', message: /is a child/ });
    }
    for (const wrong of [{}, { count: -1 }, { count: 1, by: 1 }, { by: 0.5 }, { count: 1e6 }, { by: '1' }]) {
      await assert.rejects(ask({ ask: 'scale', ...wrong } as Question<'scale'>), { code: 'POE_ERR_PEEK_REQUEST' });
    }
    assert.equal((await ask({ ask: 'family' }))?.size, 2);
  });

  test('is meant by its name also while a child of it is stopped, and answers nothing', async () => {
    const [{ pid: child = 0 } = {}] = (await ask({ ask: 'family' }))?.children ?? [];
    process.kill(child, 'SIGSTOP');
    try {
      const { status, stdout, stderr } = await program.poe('scale', 'shop', '2', '--json');
      assert.deepEqual([status, stderr], [0, '']);
      assert.equal(JSON.parse(stdout).serving, 2);
    } finally {
      process.kill(child, 'SIGCONT');
    }
  });

  test('has one page, the parent’s, and none of the children tries for its port', async () => {
    await program.until('the page is there', () => program.printed.includes('peek: http'));
    assert.equal(program.printed, `peek: http://127.0.0.1:${pagePort}/\n`);
  });

  test('shows the children on the page', async (t) => {
    if (CHROMIUM === undefined) return t.skip('there is no Chromium on this machine');
    const { chromium } = await import('playwright-core');
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
    t.after(() => browser.close());
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${pagePort}/?token=${encodeURIComponent(TOKEN)}`);
    await page.waitForSelector('.tile >> text=children serve, of 3');
    await page.click('nav a[href="#/kernels"]');
    await page.waitForSelector('#sections h2 >> text=children');
    const rows = await page.locator('#sections tbody tr').allTextContents();
    assert.equal(rows.filter((row) => row.includes('serving')).length, 2);
  });

  test('shows the children in poe top', async (t) => {
    const terminals = existsSync('/dev/ptmx') ? await import('@lydell/node-pty').catch(() => undefined) : undefined;
    if (terminals === undefined) return t.skip('there are no pseudo terminals on this machine');
    const args = [poe, 'top', 'shop', '--folder', program.sockets, '--interval', '0.2'];
    const terminal = terminals.spawn(process.execPath, args, { cols: 100, rows: 24, name: 'xterm' });
    let screen = '';
    terminal.onData((data) => {
      screen += data;
    });
    const ended = new Promise((resolve) => terminal.onExit(resolve));
    const lines = (): string[] => stripVTControlCharacters(screen.split('\x1b[H').at(-1) ?? '').split('\r\n');
    await program.until('it shows sessions below the children', () => lines().some((line) => line.includes('SESSION')));
    assert.ok(lines().some((line) => /^children: (1 spare, 2 serving|2 serving, 1 spare)/.test(line)));
    assert.equal(lines().filter((line) => /^ *\d+ {2}(serving|spare) +\d+s +0 +0 +\d+s/.test(line)).length, 3);
    terminal.write('q');
    await ended;
  });
});
