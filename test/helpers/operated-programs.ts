import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { freePort } from './free-port.ts';
import { OperatedProgram } from './operated-program.ts';

/** A program that lives until it gets a signal. */
export const WAITING = `
import { Session } from 'poe-kernel';
Session.create({ inlineStates: { _start: ({ kernel }) => void kernel.delay('wait', 1000), wait() {} } });
`;

/** A program that says which process serves, and its version. */
export const serving = (port: number, version = 1): string => `
import { Session } from 'poe-kernel';
import { SocketFactory } from 'poe-kernel/wheels';
Session.create({
  inlineStates: {
    _start({ kernel, heap }) {
      heap.listener = new SocketFactory({ kernel, bindAddress: '127.0.0.1', bindPort: ${port}, successEvent: 'accepted', failureEvent: 'failed' });
    },
    accepted: (_, handle) => void handle.resume().end(process.pid + ' ${version}'),
    failed: (_, operation, errno, text) => console.error(operation, text),
  },
});
`;

/** Which process answers, and the version of the program there. */
export async function ask(port: number): Promise<{ pid: number; version: number }> {
  const [pid, version] = (await text(connect({ port, host: '127.0.0.1', allowHalfOpen: true }))).split(' ');
  return { pid: Number(pid), version: Number(version) };
}

/** A preforked program that serves; with more of a config, and options of `poe run`. */
export async function preforked(config: object = {}, plugins: readonly object[] = [], args: readonly string[] = []) {
  const port = await freePort();
  const program = new OperatedProgram({
    'server.js': serving(port),
    'poe.config.json': { ...config, plugins: [{ use: 'prefork', options: { processes: 3 } }, ...plugins] },
  });
  const { pid = 0 } = await program.run([...args, 'server.js'], { children: 2 });
  return { program, pid, port };
}
