import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { ProgramFolder } from '../helpers/program-folder.ts';
import { readText } from '../helpers/repository.ts';

const CONFIG = { name: 'shop', plugins: [{ use: 'log', options: { format: 'text' } }] };

describe('poe check', () => {
  test('names the config and its plugins, and runs nothing', async () => {
    using folder = new ProgramFolder({ 'poe.config.json': CONFIG, 'a.js': 'console.log("ran");' });
    for (const of of [[], ['a.js'], ['.']]) {
      assert.deepEqual(await folder.poe(['check', ...of]), {
        status: 0,
        signal: null,
        stdout: `right  ${folder.path}/poe.config.json\n  log  built-in\n`,
        stderr: '',
      });
    }
  });

  test('says all of it in JSON, also what is wrong', async () => {
    using folder = new ProgramFolder({ 'poe.config.json': { plugins: [{ use: 'log' }] } });
    const file = join(folder.path, 'poe.config.json');
    const right = await folder.poe(['check', '--json']);
    assert.deepEqual(JSON.parse(right.stdout), { ok: true, file, plugins: [{ name: 'log', from: 'built-in' }] });
    const [listed] = JSON.parse((await folder.poe(['plugins', '--json'])).stdout);
    assert.deepEqual([listed.name, listed.from, listed.hooks.length > 0], ['log', 'built-in', true]);
    const { name, options } = JSON.parse((await folder.poe(['plugins', 'log', '--json'])).stdout);
    assert.deepEqual([name, options[0].key], ['log', 'level']);
    folder.write({ 'poe.config.json': { plugins: [{ use: 'lgo' }] } });
    for (const command of ['check', 'plugins']) {
      const { status, stdout } = await folder.poe([command, '--json']);
      assert.deepEqual([status, JSON.parse(stdout).code], [2, 'POE_ERR_PLUGIN_NOT_FOUND'], command);
    }
  });

  test('says so where there is no config', async () => {
    using folder = new ProgramFolder();
    const { status, stdout } = await folder.poe(['check', '--no-config']);
    assert.deepEqual([status, stdout], [0, 'There is no config, and nothing wrong with the environment\n']);
  });

  test('ends with status 2 and what is wrong', async () => {
    using folder = new ProgramFolder({ 'poe.config.json': { plugins: [{ use: 'lgo' }] } });
    const { status, stdout, stderr } = await folder.poe(['check']);
    assert.deepEqual([status, stdout], [2, '']);
    assert.match(stderr, /did you mean 'log'\?\nBuilt in are babysit, log, metrics, peek, prefork/);
  });
});

describe('poe config', () => {
  test('print has each value and its origin', async () => {
    using folder = new ProgramFolder({ 'poe.config.json': CONFIG });
    const file = `${folder.path}/poe.config.json`;
    const { stdout } = await folder.poe(['config', 'print'], { POE_LOG_LEVEL: 'info' });
    assert.equal(
      stdout,
      `name                       "shop"  ${file}:2
hookFailures               10      default
plugins[0].use             "log"   ${file}:5
plugins[0].options.level   "info"  environment POE_LOG_LEVEL
plugins[0].options.format  "text"  ${file}:7
`,
    );
    const json = JSON.parse((await folder.poe(['config', 'print', '--json'])).stdout);
    assert.deepEqual(json[1], { key: 'hookFailures', value: 10, origin: { from: 'default' } });
  });

  test('schema prints what the package has as schema/poe.config.json', async () => {
    using folder = new ProgramFolder();
    assert.equal((await folder.poe(['config', 'schema'])).stdout, readText('schema/poe.config.json'));
  });
});

describe('poe plugins', () => {
  test('lists the plugins in order with the hooks they tap', async () => {
    using folder = new ProgramFolder({
      'poe.config.json': { plugins: [{ use: './idle.js' }, { use: 'log' }] },
      'idle.js': `export default { name: 'idle', apply() {} };`,
    });
    assert.equal(
      (await folder.poe(['plugins'])).stdout,
      `1.  idle  taps no hook                             ${folder.path}/idle.js
2.  log   exceptionThrown warn wheelFailed deadLetter  built-in
`.replace('taps no hook                             ', 'taps no hook                                 '),
    );
  });

  test('says so where there is none, and names one that fails', async () => {
    using folder = new ProgramFolder({
      'bad.js': `export default { name: 'bad', apply() { throw new Error('broke'); } };`,
    });
    assert.equal((await folder.poe(['plugins', '--no-config'])).stdout, 'No plugin is switched on\n');
    const { status, stderr } = await folder.poe(['plugins'], { POE_PLUGINS: './bad.js' });
    assert.deepEqual([status, stderr], [1, "Cannot apply the plugin 'bad': Error: broke\n"]);
  });

  test('NAME lists the options of a plugin', async () => {
    using folder = new ProgramFolder();
    assert.match(
      (await folder.poe(['plugins', 'log'])).stdout,
      /^level {2}"error", "warn", "info" {2}default: "warn"\n {4}what is told/,
    );
    assert.equal((await folder.poe(['plugins', 'lgo'])).status, 2);
  });
});
