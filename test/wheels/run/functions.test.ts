import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type ChildFunction, childFunction } from 'poe-kernel';
import { Run } from 'poe-kernel/wheels';
import { ending, runChild } from '../../helpers/run-child.ts';
import { runSession } from '../../helpers/sessions.ts';
import * as workers from './workers.ts';

const url = new URL('./workers.js', import.meta.url);

describe('a function as program', () => {
  test('Run gives it its arguments, as they were', async () => {
    const programArgs = ['a b', 1.5, [1, { deep: null }], new Map([[1, 2]])];
    const log = await runChild({ program: workers.tellArguments, programArgs });
    assert.deepEqual([log.out, log.err], [['"a b" 1.5 [1,{"deep":null}] map of 1'], []]);
    assert.equal(ending(log), 'exit 0');
  });

  test('Run finds what a module exports', async () => {
    const log = await runChild({ program: childFunction(url, 'named'), programArgs: [1, 'two'] });
    assert.deepEqual([log.out, log.err, ending(log)], [['[1,"two"]'], [], 'exit 0']);
  });

  for (const [what, program, said, code] of [
    ['returns something', workers.returns, '', 0],
    ['throws text', workers.throwsText, 'it broke', 255],
    ['rejects', workers.rejects, 'later', 255],
    ['fails in a callback', workers.failsInATimer, 'in a timer', 255],
    ['sets the exit code and leaves a timer', workers.setsExitCode, '', 7],
  ] as const) {
    test(`Run tells the end of one that ${what}`, async () => {
      const log = await runChild({ program });
      assert.deepEqual([log.out, log.err.join('\n'), ending(log)], [[], said, `exit ${code}`]);
    });
  }

  test('Run tells where a mistake is', async () => {
    const log = await runChild({ program: workers.makesAMistake });
    assert.match(log.err.join('\n'), /^TypeError: Cannot read.*\n +at .*workers\.js/);
    assert.equal(ending(log), 'exit 255');
  });

  test('Run loses nothing of what it says before it ends', async () => {
    const log = await runChild({ program: workers.talksMuch });
    assert.equal(log.out.length, 200);
    assert.ok(log.out.every((line) => line.length === 9_999));
  });

  test('a function may run a kernel, its own or the exported one', async () => {
    const log = await runChild({ program: workers.runsAKernel });
    assert.deepEqual([log.out, log.err, ending(log)], [['tick', 'tick'], [], 'exit 0']);
  });

  for (const [what, program, said] of [
    [
      'a name that is not exported',
      childFunction(url, 'nobody'),
      /Cannot call nobody of file:.*workers\.js.*not there/,
    ],
    ['an export that is no function', childFunction(url, 'notAFunction'), /Cannot call notAFunction/],
    ['a module that is not there', childFunction(new URL('./nowhere.js', import.meta.url), 'x'), /Cannot find module/],
  ] as [string, ChildFunction, RegExp][]) {
    test(`Run says so for ${what}`, async () => {
      const log = await runChild({ program });
      assert.match(log.err.join('\n'), said);
      assert.equal(ending(log), 'exit 255');
    });
  }
});

describe('a program with functions of its own', () => {
  const program = fileURLToPath(new URL('./program.js', import.meta.url));

  test('is not run again in the child', () => {
    const lines = execFileSync(process.execPath, [program], { encoding: 'utf8' }).trimEnd().split('\n');
    assert.deepEqual(
      [lines[0], lines[1], lines.at(-2), lines.at(-1)],
      ['hello world', 'exit 0', 'exit 255', 'end of the program'],
    );
    assert.match(lines[2] ?? '', /Cannot call exportedBelow .*childFunction\(import\.meta\.url, function\)/);
    assert.equal(lines.length, 5);
  });

  test('has its arguments in the child too', () => {
    const said = execFileSync(process.execPath, [program, 'argument'], { encoding: 'utf8' });
    assert.match(said, /^hello world\nexit 0\n/);
  });
});

describe('a program that finds the package by a symbolic link, as npm link, workspaces and pnpm make them', () => {
  const PROGRAM = `
    import { childFunction, kernel, Session } from 'poe-kernel';
    import { Run } from 'poe-kernel/wheels';
    if (process.env.LEVEL === '3') throw new Error('runs again in its children');
    process.env.LEVEL = String(Number(process.env.LEVEL ?? 0) + 1);
    const greet = childFunction(import.meta.url, (name) => console.log('hello', name));
    Session.create({
      inlineStates: {
        _start({ kernel, heap }) {
          heap.wheel = new Run({ program: greet, programArgs: ['world'] });
          kernel.sigChild(heap.wheel.pid, 'ended');
        },
        ended({ heap }, _signal, _pid, status) {
          heap.wheel.destroy();
          console.log('exit', status >> 8);
        },
      },
    });
    await kernel.run();
  `;
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'poe-linked-'));
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(fileURLToPath(new URL('../../../..', import.meta.url)), join(folder, 'node_modules', 'poe-kernel'));
    writeFileSync(join(folder, 'program.mjs'), PROGRAM);
  });
  after(() => rmSync(folder, { recursive: true }));

  const said = (...options: string[]): string =>
    execFileSync(process.execPath, [...options, join(folder, 'program.mjs')], { encoding: 'utf8', stdio: 'pipe' });

  test('has its functions in children', () => {
    assert.equal(said(), 'hello world\nexit 0\n');
  });

  test('has them too if the link is not followed, and the child finds a second copy', () => {
    assert.equal(said('--preserve-symlinks'), 'hello world\nexit 0\n');
  });
});

describe('childFunction()', () => {
  test('childFunction() refuses what a child cannot find', async () => {
    const refused: [() => unknown, RegExp][] = [
      [() => childFunction('workers.js', 'x'), /'workers.js' is no URL/],
      [() => childFunction(import.meta.url, 17 as never), /17 is neither a function nor a name/],
      [() => childFunction(import.meta.url, ''), /is neither a function nor a name/],
    ];
    for (const [make, message] of refused) assert.throws(make, { code: 'POE_ERR_CHILD_FUNCTION', message });
    await runSession({
      _start() {
        assert.throws(() => childFunction(import.meta.url, () => {}), {
          code: 'POE_ERR_CHILD_FUNCTION',
          message: /a handler runs/,
        });
        assert.ok(childFunction(import.meta.url, 'named'));
      },
    });
  });

  test('new Run() refuses a plain function, and arguments that cannot be passed', async () => {
    assert.throws(() => new Run({ program: (() => {}) as never }), {
      code: 'POE_ERR_WHEEL_PARAMETER',
      hint: /childFunction\(import\.meta\.url/,
    });
    await runSession({
      _start() {
        const make = () => new Run({ program: workers.returns, programArgs: [() => {}] });
        assert.throws(make, { code: 'POE_ERR_CHILD_ARGUMENTS' });
      },
    });
  });
});
