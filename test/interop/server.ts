/**
 * The server program of the interop contract: offers the events that every implementation is tested with.
 *
 *     npm run --silent interop:server -- [--port N | --unix PATH] [--protocol IKC|IKC0]
 */
import { kernel, Session } from 'poe-kernel';
import { Server } from 'poe-kernel/ikc';
import { freezersThatKeepFlags } from './keep-flags.ts';
import { interopOptions } from './options.ts';
import { spawnInteropSessions } from './sessions.ts';

const { port, unix, protocol } = interopOptions();

const chosen = Server.spawn({
  ...(unix === undefined ? { port } : { unix }),
  name: 'Interop',
  aliases: ['InteropAlias'],
  protocol,
  serializers: freezersThatKeepFlags(),
});
// What the client program has reported is shown, for those who watch.
spawnInteropSessions(kernel, (reported, played) => {
  console.log(JSON.stringify(['reported', reported]));
  console.log(JSON.stringify(['played', played]));
});

Session.create({
  inlineStates: {
    _start({ kernel }) {
      // A watcher of signals does not keep its session alive, a name does.
      kernel.aliasSet('program');
      kernel.sig('TERM', 'terminate');
      if (unix === undefined) console.log(`# listening 127.0.0.1:${chosen ?? port}`);
      else kernel.yield('await_path');
    },
    // The path is bound once it is known that nobody answers there.
    await_path({ kernel }) {
      const server = kernel.aliasResolve(`IKC Server unix:${unix}`) as Session | undefined;
      if (server === undefined) return;
      if ((server.getHeap() as Server).getsockname() === undefined) kernel.delay('await_path', 0.005);
      else console.log(`# listening ${unix}`);
    },
    terminate({ kernel }) {
      kernel.sigHandled();
      kernel.aliasRemove('program');
      kernel.post('IKC', 'shutdown');
    },
  },
});

await kernel.run();
