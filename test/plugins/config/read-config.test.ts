import assert from 'node:assert/strict';
import { chownSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, test } from 'node:test';
import type { Plugin } from 'poe-kernel';
import { originText, type PoeConfig, readConfig } from 'poe-kernel/plugins';
import { z } from 'zod';
import { ProgramFolder } from '../../helpers/program-folder.ts';

const LOG = { plugins: [{ use: 'log', options: { level: 'info' } }] };

/** A module that is a config. */
const module = (config: unknown): string => `export default ${JSON.stringify(config)};\n`;

const crowd: Plugin<{ size: number; label: string }> = {
  name: 'big-crowd',
  schema: z.strictObject({
    size: z.int().positive().default(3),
    label: z.string().default('x'),
    maxAge: z.number().optional(),
    nested: z.strictObject({ depth: z.int() }).optional(),
  }),
  apply() {},
};

const settingsOf = async (request: Parameters<typeof readConfig>[0]): Promise<string[]> => {
  const { settings, file = '' } = await readConfig(request);
  return settings.map(
    ({ key, value, origin }) => `${key} ${JSON.stringify(value)} ${originText(origin).replace(file, basename(file))}`,
  );
};

describe('readConfig(), finding', () => {
  for (const [file, content] of [
    [
      'poe.config.ts',
      `const level: string = 'info';\nexport default { plugins: [{ use: 'log', options: { level } }] };`,
    ],
    ['poe.config.mts', module(LOG)],
    ['poe.config.js', module(LOG)],
    ['poe.config.mjs', module(LOG)],
    ['poe.config.json', LOG],
    ['package.json', { type: 'module', poe: LOG }],
  ] as const) {
    test(`takes ${file}, from the program's folder upwards`, async () => {
      using folder = new ProgramFolder({ [file]: content, 'src/deep/program.js': '' });
      const config = await readConfig({ cwd: join(folder.path, 'src/deep'), env: {} });
      assert.equal(config.file, join(folder.path, file));
      assert.deepEqual(
        config.plugins.map(({ plugin, options, from }) => [plugin.name, options, from]),
        [['log', { level: 'info' }, 'built-in']],
      );
    });
  }

  test('takes the nearest folder, and in it the first of the kinds', async () => {
    using folder = new ProgramFolder({
      'poe.config.json': { name: 'above' },
      'src/poe.config.json': { name: 'json' },
      'src/poe.config.mjs': module({ name: 'module' }),
      'src/package.json': { type: 'module' },
    });
    assert.equal((await readConfig({ cwd: join(folder.path, 'src'), env: {} })).name, 'module');
  });

  test('goes on above a package.json without the key, or that cannot be read', async () => {
    using folder = new ProgramFolder({
      'poe.config.json': { name: 'above' },
      'src/package.json': 'no { json',
      'src/lib/package.json': { name: 'x' },
    });
    assert.equal((await readConfig({ cwd: join(folder.path, 'src/lib'), env: {} })).name, 'above');
  });

  test('takes the file that is named, by the request before POE_CONFIG, or none at all', async () => {
    using folder = new ProgramFolder({
      'poe.config.json': { name: 'found' },
      'a.json': { name: 'a' },
      'b.json': { name: 'b' },
    });
    const env = { POE_CONFIG: join(folder.path, 'b.json') };
    const cwd = folder.path;
    assert.equal((await readConfig({ cwd, env })).name, 'b');
    assert.equal((await readConfig({ cwd, env, config: 'a.json' })).name, 'a');
    assert.equal((await readConfig({ cwd, env, config: false })).name, undefined);
    assert.equal((await readConfig({ cwd, env, config: { name: 'given' } })).name, 'given');
  });

  test('refuses a config that is found and belongs to somebody else, not one that is named', {
    skip: process.getuid?.() === 0 ? false : 'only root can give files away, and root trusts itself alone',
  }, async () => {
    using folder = new ProgramFolder({ 'poe.config.json': { name: 'theirs' } });
    const file = join(folder.path, 'poe.config.json');
    chownSync(file, 12345, 12345);
    await assert.rejects(readConfig({ cwd: folder.path, env: {} }), { code: 'POE_ERR_CONFIG_OWNER' });
    assert.equal((await readConfig({ config: file, env: {} })).name, 'theirs');
  });
});

describe('readConfig(), reading', () => {
  for (const [file, content, found] of [
    ['no.json', null, /no\.json: it is not there$/],
    ['poe.config.json', '', /it is empty$/],
    ['poe.config.json', '{ "plugins": ', /it is not JSON from line 1 on: /],
    [
      'poe.config.json',
      '{\n "name": "x",\n "plugins": [\n  { "use": "log" },\n ]\n}\n',
      /it is not JSON from line 5 on: /,
    ],
    ['poe.config.json', ' '.repeat(1_048_577), /it has 1048577 octets, more than 1048576$/],
    ['poe.config.mjs', 'export const x = 1;', /it has no default export$/],
    ['poe.config.mjs', 'throw new Error("broke\\nsecond line");', /mjs: broke$/],
    ['poe.config.mjs', 'export default Promise.reject(null);', /mjs: null$/],
    ['poe.config.mjs', 'export default {\n  a: 1,\n  b c\n};', /mjs: line 3: Unexpected identifier/],
    ['poe.config.ts', 'const x: = 1;', /ts: line 1: /],
    ['poe.config.yaml', 'plugins:', /it ends in none of /],
  ] as const) {
    test(`refuses ${file} where ${found.source.slice(0, 40)}`, async () => {
      using folder = new ProgramFolder(content === null ? {} : { [file]: content });
      await assert.rejects(readConfig({ cwd: folder.path, config: file, env: {} }), {
        code: 'POE_ERR_CONFIG_READ',
        message: found,
      });
    });
  }
});

describe('readConfig(), checking', () => {
  const mistakes = async (config: unknown): Promise<string> => {
    using folder = new ProgramFolder({ 'poe.config.json': config });
    try {
      await readConfig({ cwd: folder.path, env: {} });
    } catch (error) {
      const { code, message } = error as Error & { code: string };
      assert.equal(code, 'POE_ERR_CONFIG');
      return message.replace(`${folder.path}/`, '');
    }
    throw new Error('The config was taken');
  };

  for (const [title, config, expected] of [
    ['an unknown key', { plugns: [] }, "line 2: plugns ([]) is no key that is known; did you mean 'plugins'?"],
    [
      'an unknown key that is near to none',
      { colour: 1 },
      'line 2: colour (1) is no key that is known: there are $schema, name, pidFile, hookFailures, plugins',
    ],
    ['a wrong type', { plugins: 'log' }, "line 2: plugins is 'log': expected array, received string"],
    ['no object', [], 'it is []: expected object, received array'],
    [
      'a plugin by its name alone',
      { plugins: ['log'] },
      "line 3: plugins[0] is 'log': expected object, received string",
    ],
    [
      'an entry without use',
      { plugins: [{ options: {} }] },
      'plugins[0].use is missing: expected the name of a built-in plugin, a package, or a path that begins with a point',
    ],
    [
      'an unknown option',
      { plugins: [{ use: 'log', options: { levl: 'info' } }] },
      "line 6: plugins[0].options.levl ('info') is no key that is known; did you mean 'level'?",
    ],
    [
      'a word that is none',
      { plugins: [{ use: 'log', options: { level: 'inof' } }] },
      `line 6: plugins[0].options.level is 'inof': expected one of "error"|"warn"|"info"; did you mean 'info'?`,
    ],
    ['a number out of range', { hookFailures: -1 }, 'line 2: hookFailures is -1: expected number to be >=0'],
  ] as const) {
    test(`names file, line, key and value of ${title}`, async () => {
      assert.equal(await mistakes(config), `Cannot use the config poe.config.json: ${expected}`);
    });
  }

  test('refuses a plugin twice of which a kernel can have one, from file or environment', async () => {
    const twice = [{ use: 'log' }, { use: 'prefork' }, { use: 'log' }, { use: 'prefork', options: { processes: 3 } }];
    assert.equal(
      await mistakes({ plugins: twice }),
      "Cannot use the config poe.config.json: line 13: plugins[3].use is 'prefork', as plugins[1].use is: it can be there once",
    );
    const fromEnvironment = readConfig({ config: false, env: { POE_PLUGINS: 'babysit,babysit' } });
    await assert.rejects(fromEnvironment, {
      message:
        "Cannot use the config of the environment: POE_PLUGINS is 'babysit', as plugins[0].use is: it can be there once",
    });
  });

  test('names all mistakes of all plugins', async () => {
    const config = {
      plugins: [
        { use: 'log', options: { levl: 1, format: 2 } },
        { use: 'log', options: { file: 3 } },
      ],
    };
    assert.equal(
      await mistakes(config),
      `Cannot use the config poe.config.json: 3 mistakes
  line 7: plugins[0].options.format is 2: expected one of "json"|"text"|"pino"
  line 6: plugins[0].options.levl (1) is no key that is known; did you mean 'level'?
  line 13: plugins[1].options.file is 3: expected string, received number`,
    );
  });

  test('knows the lines of the key in a package.json', async () => {
    using folder = new ProgramFolder({ 'package.json': { type: 'module', poe: { nam: 'x' } } });
    await assert.rejects(readConfig({ cwd: folder.path, env: {} }), { message: /package\.json: line 4: nam / });
  });

  test('does not take a key that is there twice in JSON, where the first value would be lost', async () => {
    const config = `{
  "plugins": [
    { "use": "log", "options": { "level": "info",
      "level": "debug" } }
  ]
}`;
    using folder = new ProgramFolder({
      'poe.config.json': config,
      'lib/package.json': `{ "name": "a", "name": "b",\n "poe": ${config} }`,
      'other/package.json': `{ "name": "a", "name": "b", "poe": {} }`,
    });
    await assert.rejects(readConfig({ cwd: folder.path, env: {} }), {
      code: 'POE_ERR_CONFIG',
      message: /poe\.config\.json: line 4: plugins\[0\]\.options\.level is there twice, first on line 3$/,
    });
    await assert.rejects(readConfig({ cwd: join(folder.path, 'lib'), env: {} }), {
      message: /package\.json: line 5: plugins\[0\]\.options\.level is there twice, first on line 4$/,
    });
    assert.deepEqual((await readConfig({ cwd: join(folder.path, 'other'), env: {} })).plugins, []);
  });

  test('takes a plugin with a schema that fails, or answers with a promise, for a mistake', async () => {
    const schemas = [
      () => {
        throw new Error('broke');
      },
      () => Promise.resolve({ value: {} }),
    ];
    for (const validate of schemas) {
      const plugin: Plugin<object> = {
        name: 'odd',
        schema: { '~standard': { version: 1, vendor: 'test', validate } },
        apply() {},
      };
      await assert.rejects(readConfig({ config: { plugins: [{ use: plugin }] }, env: {} }), {
        code: 'POE_ERR_CONFIG',
        message: /plugins\[0\]\.options is \{\}: the schema of the plugin (fails: broke|answers with a promise)/,
      });
    }
  });

  test('refuses options of a plugin that takes none', async () => {
    const plain: Plugin = { name: 'plain', apply() {} };
    assert.equal((await readConfig({ config: { plugins: [{ use: plain }] }, env: {} })).plugins[0]?.options, undefined);
    await assert.rejects(readConfig({ config: { plugins: [{ use: plain, options: { a: 1 } }] }, env: {} }), {
      message: /plugins\[0\]\.options\.a is 1: the plugin 'plain' takes no options/,
    });
  });
});

describe('readConfig(), plugins', () => {
  const source = (name: string): string => `export default { name: '${name}', apply() {} };`;

  test('are built in, packages with and without the usual beginning, and paths from the config on', async () => {
    using folder = new ProgramFolder({
      'app/poe.config.json': {
        plugins: ['log', 'poe-plugin-one', 'one', '@us/two', 'door', './own.js', '../typed.ts'].map((use) => ({ use })),
      },
      'app/own.js': `export const own = { name: 'own', apply() {} };`,
      'typed.ts': `const name: string = 'typed';\nexport default { name, apply(): void {} };`,
      'node_modules/poe-plugin-one/package.json': { type: 'module', exports: './index.js' },
      'node_modules/poe-plugin-one/index.js': source('one'),
      'node_modules/@us/poe-plugin-two/package.json': { type: 'module', main: 'main.js' },
      'node_modules/@us/poe-plugin-two/main.js': source('two'),
      'node_modules/door/package.json': { type: 'module', exports: { import: './in.js' } },
      'node_modules/door/in.js': source('door'),
    });
    const { plugins } = await readConfig({ cwd: join(folder.path, 'app'), env: {} });
    assert.deepEqual(
      plugins.map(({ plugin, from }) => [plugin.name, from.replace(`${folder.path}/`, '')]),
      [
        ['log', 'built-in'],
        ['one', 'node_modules/poe-plugin-one/index.js'],
        ['one', 'node_modules/poe-plugin-one/index.js'],
        ['two', 'node_modules/@us/poe-plugin-two/main.js'],
        ['door', 'node_modules/door/in.js'],
        ['own', 'app/own.js'],
        ['typed', 'typed.ts'],
      ],
    );
  });

  for (const [use, code, found] of [
    ['lgo', 'POE_ERR_PLUGIN_NOT_FOUND', /'lgo' of the config .*\(plugins\[0\]\.use, line 4\).*; did you mean 'log'\?$/],
    ['fs', 'POE_ERR_PLUGIN_NOT_FOUND', /neither built in nor a package/],
    ['constructor', 'POE_ERR_PLUGIN_NOT_FOUND', /neither built in nor a package/],
    ['__proto__', 'POE_ERR_PLUGIN_NOT_FOUND', /neither built in nor a package/],
    ['a b\0c', 'POE_ERR_PLUGIN_NOT_FOUND', /neither built in nor a package/],
    ['./gone.js', 'POE_ERR_PLUGIN_NOT_FOUND', /there is no file .*gone\.js$/],
    ['./empty.js', 'POE_ERR_PLUGIN_LOAD', /empty\.js exports no plugin$/],
    ['./two.js', 'POE_ERR_PLUGIN_LOAD', /two\.js exports 2 plugins, none of them as its default$/],
    ['./throws.js', 'POE_ERR_PLUGIN_LOAD', /throws\.js: broke$/],
    ['./needs.js', 'POE_ERR_PLUGIN_LOAD', /needs\.js: Cannot find .*missing\.js/],
  ] as const) {
    test(`${JSON.stringify(use)} is ${code}: ${found.source.slice(0, 50)}`, async () => {
      using folder = new ProgramFolder({
        'poe.config.json': { plugins: [{ use }] },
        'empty.js': '',
        'two.js': `export const a = { name: 'a', apply() {} };\nexport const b = { name: 'b', apply() {} };`,
        'throws.js': 'throw new Error("broke");',
        'needs.js': `import './missing.js';`,
      });
      await assert.rejects(readConfig({ cwd: folder.path, env: {} }), { code, message: found });
    });
  }
});

describe('readConfig(), origins', () => {
  test('environment goes before file, and defaults are named as such', async () => {
    using folder = new ProgramFolder({
      'poe.config.json': { name: 'shop', pidFile: 'run/pid', plugins: [{ use: 'log', options: { format: 'text' } }] },
    });
    const env = { POE_LOG_LEVEL: 'info', POE_HOOK_FAILURES: '3', POE_LOGIN: 'x', POE_TRACE_EVENTS: '1' };
    assert.deepEqual(await settingsOf({ cwd: folder.path, env }), [
      'name "shop" poe.config.json:2',
      'pidFile "run/pid" poe.config.json:3',
      'hookFailures 3 environment POE_HOOK_FAILURES',
      'plugins[0].use "log" poe.config.json:6',
      'plugins[0].options.level "info" environment POE_LOG_LEVEL',
      'plugins[0].options.format "text" poe.config.json:8',
    ]);
    assert.equal((await readConfig({ cwd: folder.path, env })).pidFile, join(folder.path, 'run/pid'));
  });

  test('the command line goes before all', async () => {
    const request = { config: { name: 'a' }, env: { POE_NAME: 'b' }, overrides: { name: 'c', pidFile: '/run/x' } };
    assert.deepEqual(await settingsOf(request), [
      'name "c" command line --name',
      'pidFile "/run/x" command line --pidfile',
      'hookFailures 10 default',
    ]);
  });

  test('an option of the environment has the plugin in front, and is what its schema makes of it', async () => {
    const config: PoeConfig = { plugins: [{ use: crowd, options: { size: 1 } }] };
    const env = { POE_BIG_CROWD_SIZE: '12', POE_BIG_CROWD_LABEL: '007', POE_BIG_CROWD_MAX_AGE: '1.5' };
    assert.deepEqual(await settingsOf({ config, env: { ...env, POE_BIG_CROWD_NESTED: '{"depth":2}' } }), [
      'hookFailures 10 default',
      'plugins[0].use "big-crowd" program',
      'plugins[0].options.size 12 environment POE_BIG_CROWD_SIZE',
      'plugins[0].options.label "007" environment POE_BIG_CROWD_LABEL',
      'plugins[0].options.maxAge 1.5 environment POE_BIG_CROWD_MAX_AGE',
      'plugins[0].options.nested {"depth":2} environment POE_BIG_CROWD_NESTED',
    ]);
  });

  for (const [variable, value, found] of [
    ['POE_BIG_CROWD_SIZE', 'many', /POE_BIG_CROWD_SIZE is 'many': expected number, received string$/],
    ['POE_BIG_CROWD_SIEZ', '3', /POE_BIG_CROWD_SIEZ is no key that is known; did you mean 'POE_BIG_CROWD_SIZE'\?$/],
    ['POE_BIG_CROWD___PROTO__', '{}', /POE_BIG_CROWD___PROTO__ is no key that is known/],
    ['POE_HOOK_FAILURES', 'x', /POE_HOOK_FAILURES is 'x': expected number, received string$/],
  ] as const) {
    test(`${variable}=${value} is named as wrong`, async () => {
      await assert.rejects(readConfig({ config: { plugins: [{ use: crowd }] }, env: { [variable]: value } }), {
        code: 'POE_ERR_CONFIG',
        message: found,
      });
    });
  }
});

describe('POE_PLUGINS', () => {
  const config: PoeConfig = { plugins: [{ use: 'log', options: { format: 'text' } }, { use: './a.js' }] };
  const listed = async (text: string): Promise<unknown[]> => {
    using folder = new ProgramFolder({
      'a.js': `export default { name: 'a', apply() {} };`,
      'b.js': `export default { name: 'b', apply() {} };`,
    });
    const { plugins } = await readConfig({ config, cwd: folder.path, env: { POE_PLUGINS: text } });
    return plugins.map(({ plugin, options = {} }) => [plugin.name, ...Object.values(options)].join(' '));
  };

  for (const [text, expected] of [
    ['', []],
    ['./b.js', ['b']],
    ['./b.js, log', ['b', 'log text']],
    ['+./b.js', ['log text', 'a', 'b']],
    ['-log', ['a']],
    ['-log,+./b.js', ['a', 'b']],
    ['+log', ['log text', 'a']],
  ] as const) {
    test(`'${text}' gives ${expected.join(', ') || 'no plugin'}`, async () => {
      assert.deepEqual(await listed(text), expected);
    });
  }

  for (const [text, found] of [
    ['-peek', /POE_PLUGINS is '-peek': there is no 'peek' in the list to take out$/],
    ['+log,./b.js', /either all names have \+ or - before them, or none has$/],
    ['nothing', /'nothing' of the environment \(POE_PLUGINS\)/],
  ] as const) {
    test(`'${text}' is refused`, () => assert.rejects(listed(text), { message: found }));
  }
});
