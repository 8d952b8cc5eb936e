import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { spawn } from '@lydell/node-pty';
import { kernel, Session } from 'poe-kernel';
import { ReadLine } from 'poe-kernel/wheels';
import { words } from '../../helpers/second-process.ts';

const typed: [label: string, keys: string][] = [
  ['plain', 'hello world\r'],
  ['backspace', 'helloo\x7f there\r'],
  ['home and end', 'middle\x01start \x05 end\r'],
  ['arrows', 'ac\x1bODb\x1bOCd\r'],
  ['kill and yank', 'one two\x01\x0bthree \x19\r'],
  ['kill word back', 'keep drop\x17it\r'],
  ['discard line', 'all wrong\x15right\r'],
  ['transpose', 'ba\x14\r'],
  ['delete char', 'abXc\x02\x02\x04\r'],
  ['meta words', 'foo bar\x1bb\x1bu\r'],
  ['interrupt', 'half a line\x03'],
  ['end of input', '\x04'],
  ['cancel', 'nothing\x07'],
  ['empty line', '\r'],
];

const [reportTo] = words;
if (reportTo !== undefined) {
  // The process on the terminal.
  const report: Socket = connect(reportTo);
  Session.create({
    inlineStates: {
      _start({ heap }) {
        heap.n = 0;
        heap.wheel = new ReadLine({ inputEvent: 'line' });
        heap.wheel.get('> ');
        report.write('ready\n');
      },
      line({ heap }, ...args) {
        const id = args.pop();
        report.write(
          `${args.map((arg) => (arg === undefined ? 'undef' : `'${arg}'`)).join(', ')}, id ${id === heap.wheel.id ? 'mine' : 'other'}\n`,
        );
        if (++heap.n === typed.length) {
          heap.wheel.destroy();
          return;
        }
        heap.wheel.get('> ');
        report.write('ready\n');
      },
    },
  });
  await kernel.run();
  report.end();
} else {
  const folder = mkdtempSync(join(tmpdir(), 'poe-kernel-324-'));
  const rcName = join(folder, 'inputrc');
  writeFileSync(rcName, '');
  // A terminal passes on three descriptors only, so the reports come through a socket.
  const server = createServer().listen(join(folder, 'reports'));
  await once(server, 'listening');
  const child = spawn(process.execPath, [process.argv[1] as string, join(folder, 'reports')], {
    name: 'vt100',
    env: { ...process.env, INPUTRC: rcName },
  });
  const ended = new Promise<number>((resolve) => child.onExit(({ exitCode }) => resolve(exitCode)));
  const [socket] = (await once(server, 'connection')) as [Socket];
  const reports = createInterface(socket)[Symbol.asyncIterator]();
  for (const [label, keys] of typed) {
    await reports.next();
    await sleep(50);
    child.write(keys);
    const { value: line } = await reports.next();
    console.log(`${label}: ${line}`);
  }
  console.log(`child exit ${await ended}`);
  server.close();
  rmSync(folder, { recursive: true, force: true });
}
