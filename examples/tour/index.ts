/**
 * A tour of IKC, started by `npm start`: this process is a kernel with a server, a second process is a client of it.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { kernel, Session } from 'poe-kernel';
import { Server } from 'poe-kernel/ikc';
import { steps } from './steps.ts';

const step = steps('server');

const port = Server.spawn({ port: 0, name: 'Tour' });
step(`is a kernel called Tour and listens on 127.0.0.1:${port}`);

Session.create({
  inlineStates: {
    _start({ kernel, heap }) {
      heap.names = [];
      kernel.aliasSet('guestbook');
      kernel.call('IKC', 'publish', 'guestbook', ['sign', 'signed', 'greet']);
      step('has a session guestbook and publishes its events sign, signed and greet');

      kernel.call('IKC', 'monitor', '*', { register: 'came', unregister: 'went', error: 'refused' });
      const child = spawn(process.execPath, [fileURLToPath(new URL('client.js', import.meta.url)), String(port)], {
        stdio: 'inherit',
      });
      kernel.sigChild(child, 'left');
      step(`starts a second process, ${child.pid}`);
    },
    sign({ heap }, ...names) {
      heap.names.push(...names);
    },
    signed: ({ heap }) => heap.names,
    greet({ kernel, sender }, name) {
      kernel.post(sender, 'greeting', `Good day, ${name}!`);
    },
    came(_, _monitored, name, real, _data, pid) {
      if (real) step(`was told that the kernel ${name} of process ${pid} has come`);
    },
    went(_, _monitored, name, real) {
      if (real) step(`was told that the kernel ${name} has gone`);
    },
    refused(_, _monitored, _name, _real, _data, operation, text) {
      if (operation === 'local-check') step(`was told that it has refused a request: ${text.split('.')[0]}`);
    },
    left({ kernel }, _signal, _pid, status) {
      step(`sees the second process end with status ${status >> 8}`);
      process.exitCode = status >> 8;
      kernel.aliasRemove('guestbook');
      kernel.post('IKC', 'shutdown');
    },
  },
});

await kernel.run();
step('has nothing left to do, its kernel stops');
