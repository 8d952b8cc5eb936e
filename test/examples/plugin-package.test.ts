import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ProgramFolder } from '../helpers/program-folder.ts';
import { readText, root } from '../helpers/repository.ts';

const example = 'examples/plugin-package';

test('a plugin package is found by its name, takes options, and says what they are', async () => {
  using folder = new ProgramFolder({
    'program.js': readText(`${example}/program.js`),
    'poe.config.json': readText(`${example}/poe.config.json`),
  });
  folder.link('node_modules/poe-plugin-hello', join(root, example, 'poe-plugin-hello'));
  const expected = readFileSync(join(root, example, 'output.txt'), 'utf8');

  assert.deepEqual(await folder.poe(['run', 'program.js']), { status: 0, signal: null, stdout: expected, stderr: '' });
  const { stdout } = await folder.poe(['run', 'program.js'], { POE_HELLO_GREETING: 'bonjour' });
  assert.equal(stdout, 'bonjour, session 1\nworking\n');
  assert.equal(
    (await folder.poe(['plugins', 'hello'])).stdout,
    'greeting  string  default: "hello"\n    what is said to each session\n',
  );
  const { status, stderr } = await folder.poe(['check'], { POE_HELLO_GREETNG: 'x' });
  assert.equal(status, 2);
  assert.match(stderr, /POE_HELLO_GREETNG .* did you mean 'POE_HELLO_GREETING'\?/);
});
