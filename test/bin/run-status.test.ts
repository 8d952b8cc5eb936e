import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ProgramFolder } from '../helpers/program-folder.ts';

/** A program whose session does something. */
const program = (body: string): string => `
import { kernel, Session } from 'poe-kernel';
Session.create({ inlineStates: { _start({ kernel }) { ${body} } } });
`;

describe('poe run', () => {
  for (const [title, text, reason] of [
    [
      'a handler throws',
      program('throw new Error("broke\\nsecond line");'),
      /^a\.js: Error: broke \(at .*a\.js:3:\d+\)?\)\n$/,
    ],
    [
      'the kernel that it awaits throws',
      `${program('throw new TypeError("broke");')} await kernel.run();`,
      /^a\.js: TypeError: broke /,
    ],
    ['it throws itself', 'throw null;', /^a\.js: ended by null\n$/],
    [
      'it has a mistake',
      "import './gone.js';",
      /^a\.js: Error \[ERR_MODULE_NOT_FOUND\]: Cannot find module '.*gone\.js' imported from .*a\.js\n$/,
    ],
  ] as const) {
    test(`ends with status 1 and one line where ${title}`, async () => {
      using folder = new ProgramFolder({ 'a.js': text });
      const { status, stderr } = await folder.poe(['run', 'a.js']);
      assert.equal(status, 1);
      assert.match(stderr, reason);
    });
  }

  for (const [title, args, reason] of [
    ['without a program', ['run'], /missing required argument 'program'/],
    [
      'with an option that there is none',
      ['run', '--nam', 'x', 'a.js'],
      /unknown option '--nam'[\s\S]*Did you mean --name/,
    ],
    ['with a program that is not there', ['run', 'b.js'], /^There is no program b\.js\n$/],
    [
      'with a config that is wrong',
      ['run', '-c', 'bad.json', 'a.js'],
      /^Cannot use the config .*bad\.json: line 1: plugin /,
    ],
    ['with a config that is not there', ['run', '-c', 'no.json', 'a.js'], /no\.json: it is not there\n$/],
  ] as const) {
    test(`ends with status 2 ${title}, and runs nothing`, async () => {
      using folder = new ProgramFolder({ 'a.js': 'console.log("ran");', 'bad.json': '{ "plugin": [] }' });
      const { status, stdout, stderr } = await folder.poe(args);
      assert.equal(status, 2);
      assert.equal(stdout, '');
      assert.match(stderr, reason);
    });
  }
});
