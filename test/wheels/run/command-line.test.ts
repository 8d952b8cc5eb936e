import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, test } from 'node:test';
import { commandOf } from '../../../wheels/run/command-line.ts';
import { runChild } from '../../helpers/run-child.ts';

const shell = (line: string) => ['/bin/sh', '-c', line];

describe('commandOf()', () => {
  for (const [program, programArgs, expected] of [
    ['ls -l  /tmp', [], ['ls', '-l', '/tmp']],
    ['  echo a ', ['b c', 1], ['echo', 'a', 'b', 'c', '1']],
    ['echo\ta\n', [], ['echo', 'a']],
    ['echo "a b"', [], shell('echo "a b"')],
    ['a | b', [], shell('a | b')],
    ['echo $HOME', ['x'], shell('echo $HOME x')],
    ['LANG=C sort', [], shell('LANG=C sort')],
    ['exec sleep 5', [], shell('exec sleep 5')],
    ['execute this', [], ['execute', 'this']],
    [['echo a  b'], [], ['echo', 'a', 'b']],
    [['echo', 'a  b', '$HOME'], [], ['echo', 'a  b', '$HOME']],
    [['echo $HOME'], [], shell('echo $HOME')],
    [['echo $HOME'], ['x'], ['echo $HOME', 'x']],
    ['', [], ['']],
    [[], [], ['']],
  ] as [string | string[], unknown[], string[]][]) {
    test(`${JSON.stringify(program)} with ${JSON.stringify(programArgs)} is ${JSON.stringify(expected)}`, () => {
      const { file, args } = commandOf(program, programArgs);
      assert.deepEqual([file, ...args], expected);
    });
  }

  const hasPerl = spawnSync('perl', ['-e', '1']).status === 0;
  test('starts the same programs as the exec of Perl', { skip: !hasPerl && 'there is no Perl' }, async () => {
    const lines = [
      'echo a  b',
      "echo 'a  b'",
      'echo a # b',
      'echo *',
      'echo a;echo b',
      'echo {a,b}',
      'echo a%b^c!d',
      'X=1 env | grep ^X=',
    ];
    for (const line of lines) {
      const perl = spawnSync('perl', ['-e', 'exec shift', line], { encoding: 'utf8' }).stdout.trimEnd().split('\n');
      assert.deepEqual((await runChild({ program: line })).out, perl, line);
    }
  });
});
