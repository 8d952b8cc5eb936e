/**
 * A server for tests of preforking: a line in, the same line and the number of the process out. What it is to do comes in `PREFORK_TEST`:
 * options of prefork and some switches. The parent tells on standard output what happens to its children, one JSON a line.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { kernel, Session } from 'poe-kernel';
import { prefork, supervisorOf, workerOf } from 'poe-kernel/components';
import { ReadWrite, SocketFactory } from 'poe-kernel/wheels';
import type { ProgramOptions } from './options.ts';
import { tell, tellOfChildren } from './tell.ts';

const options = JSON.parse(process.env.PREFORK_TEST ?? '{}') as ProgramOptions;
const { port = 0, path, version, breakFile, delay = 0, ...settings } = options;

// A file that says what goes wrong in the processes started from now on.
const broken = breakFile !== undefined && existsSync(breakFile) ? readFileSync(breakFile, 'utf8') : '';
if (broken === 'all' || (broken === 'child' && process.send !== undefined)) process.exit(3);

const preforked = prefork(kernel, settings);
const words = { version: version === undefined ? '' : readFileSync(version, 'utf8') };

Session.create({
  heap: { clients: new Map<number, ReadWrite>(), listener: undefined as SocketFactory | undefined },
  inlineStates: {
    _start({ kernel, heap }) {
      kernel.aliasSet('echo');
      kernel.sig('__child', 'child');
      kernel.sig('__parent', 'parent');
      heap.listener = new SocketFactory({
        ...(path === undefined
          ? { bindAddress: '127.0.0.1', bindPort: port }
          : { socketDomain: 'unix', bindAddress: path }),
        successEvent: 'accepted',
        failureEvent: 'failed',
      });
    },
    parent({ heap }) {
      tell({ role: 'parent', pid: process.pid, address: heap.listener?.getsockname() });
    },
    child() {
      const { hooks } = workerOf(kernel) ?? {};
      if (hooks === undefined) throw new Error('a child without a worker');
      hooks.draining.tap('test', (reason) => tell({ event: 'draining', pid: process.pid, reason }));
      hooks.closing.tap('test', () => tell({ event: 'closing', pid: process.pid }));
    },
    accepted({ heap }, handle) {
      const client = new ReadWrite({ handle, inputEvent: 'line', errorEvent: 'gone' });
      heap.clients.set(client.id, client);
    },
    line({ kernel, heap }, line: string, id: number) {
      if (line === 'descendants') {
        heap.clients.get(id)?.put(`${descendants()} ${process.pid}`);
        return;
      }
      if (delay > 0) kernel.delayAdd('answer', delay, line, id);
      else heap.clients.get(id)?.put(`${line} ${process.pid} ${words.version}`);
    },
    answer({ heap }, line: string, id: number) {
      heap.clients.get(id)?.put(`${line} ${process.pid} ${words.version}`);
    },
    gone({ heap }, _operation: string, _errno: number, _message: string, id: number) {
      heap.clients.get(id)?.destroy();
      heap.clients.delete(id);
    },
    failed(_, operation: string, errno: number, message: string) {
      tell({ failed: operation, errno, message });
    },
  },
});

/** What a process that is started from here has of the preforking. */
function descendants(): string {
  const program =
    "const sockets = fs.readdirSync('/proc/self/fd').filter((fd) => { try { return fd > 2 && fs.readlinkSync('/proc/self/fd/' + fd).startsWith('socket:') } catch { return false } }).length;" +
    "console.log(JSON.stringify({ announced: 'POE_PREFORK' in process.env, sockets }))";
  return execFileSync(process.execPath, ['-e', program], { encoding: 'utf8' }).trim();
}

const supervisor = supervisorOf(kernel);
if (supervisor !== undefined) tellOfChildren(supervisor);

await kernel.run();
if (preforked.role === 'parent') tell({ ended: process.pid });
