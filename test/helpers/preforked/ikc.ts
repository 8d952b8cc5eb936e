/** An IKC server for tests of preforking, told what to do and telling what happens as the program beside it. */
import { applyPlugins, kernel, Session } from 'poe-kernel';
import { supervisorOf } from 'poe-kernel/components';
import { Server } from 'poe-kernel/ikc';
import { prefork } from 'poe-kernel/plugins';
import type { ProgramOptions } from './options.ts';
import { tell, tellOfChildren } from './tell.ts';

const {
  path,
  plugin = false,
  processes = 2,
  connections,
  ...settings
} = JSON.parse(process.env.PREFORK_TEST ?? '{}') as ProgramOptions;

const pool = { processes, ...(connections === undefined ? {} : { connections }) };
if (plugin) applyPlugins(kernel, [[prefork, { ...pool, ...settings }]]);
const port = Server.spawn({
  ...(path === undefined ? { port: 0 } : { unix: path }),
  name: 'Pool',
  ...(plugin ? {} : pool),
});

Session.create({
  inlineStates: {
    _start({ kernel }) {
      kernel.aliasSet('who');
      kernel.call('IKC', 'publish', 'who', ['pid', 'shutdown']);
      kernel.sig('__parent', 'parent');
      kernel.sig('USR2', 'shutdown');
    },
    parent: () => tell({ role: 'parent', pid: process.pid, address: { port } }),
    pid: () => process.pid,
    shutdown({ kernel }) {
      kernel.sigHandled();
      kernel.post('IKC', 'shutdown');
    },
  },
});

const supervisor = supervisorOf(kernel);
if (supervisor !== undefined) tellOfChildren(supervisor);
await kernel.run();
if (supervisor !== undefined) tell({ ended: process.pid });
