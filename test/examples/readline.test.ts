import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { PtyProgram } from '../helpers/pty.ts';

const example = fileURLToPath(new URL('../../examples/readline/index.js', import.meta.url));

test('the example shows what others say above the prompt, completes, and remembers', async () => {
  const program = new PtyProgram([process.execPath, example]);
  const begin = 'Type something, /help for help.';
  await program.shows([begin, 'you>']);
  program.type('hello\rnext');
  await program.shows([begin, 'you> hello', 'you> next']);
  await program.shows([begin, 'you> hello', '<echo> HELLO', 'you> next']);
  assert.equal(program.screen.column, 'you> next'.length);
  program.type('\x03');
  const dropped = [begin, 'you> hello', '<echo> HELLO', 'you> next^C', '(interrupt: C-d leaves)'];
  await program.shows([...dropped, 'you>']);
  program.type('\x1b[A');
  await program.shows([...dropped, 'you> hello']);
  program.type('\x15/n\tme\r');
  await program.shows([...dropped, 'you> /nick me', 'me>']);
  program.type('\x04');
  await program.shows([...dropped, 'you> /nick me', 'me> ^D', 'Bye!']);
  assert.equal((await program.ended()).exitCode, 0);
});
