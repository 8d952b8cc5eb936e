/** A ServerTCP for tests of preforking, told what to do and telling what happens as the programs beside it. */
import { kernel, Session, type SocketAddress } from 'poe-kernel';
import { prefork, ServerTCP, supervisorOf } from 'poe-kernel/components';
import type { ProgramOptions } from './options.ts';
import { tell, tellOfChildren } from './tell.ts';

const settings = JSON.parse(process.env.PREFORK_TEST ?? '{}') as ProgramOptions;
let address: SocketAddress | undefined;

prefork(kernel, settings);
ServerTCP.create({
  address: '127.0.0.1',
  port: 0,
  concurrency: 2,
  started({ heap }) {
    address = heap.listener.getsockname();
  },
  clientInput({ heap }, line: string) {
    heap.client.put(`${line} ${process.pid}`);
  },
});
Session.create({
  inlineStates: {
    _start({ kernel }) {
      kernel.aliasSet('teller');
      kernel.sig('__parent', 'parent');
    },
    parent: () => tell({ role: 'parent', pid: process.pid, address }),
  },
});

const supervisor = supervisorOf(kernel);
if (supervisor !== undefined) tellOfChildren(supervisor);
await kernel.run();
if (supervisor !== undefined) tell({ ended: process.pid });
