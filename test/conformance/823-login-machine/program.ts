import { type Handle, kernel, NFA, Session } from 'poe-kernel';
import { ReadWrite, SocketFactory } from 'poe-kernel/wheels';

const log: string[] = [];
Session.create({
  inlineStates: {
    _start({ heap }) {
      heap.listener = new SocketFactory({ bindAddress: '127.0.0.1', successEvent: 'accepted', failureEvent: 'failed' });
      heap.port = heap.listener.getsockname()?.port;
      heap.factory = new SocketFactory({
        remoteAddress: '127.0.0.1',
        remotePort: heap.port,
        successEvent: 'connected',
        failureEvent: 'failed',
      });
    },
    accepted({ heap }, socket) {
      heap.listener.destroy();
      delete heap.listener;
      serve(socket);
    },
    connected({ heap }, socket) {
      heap.factory.destroy();
      delete heap.factory;
      heap.w = new ReadWrite({ handle: socket, inputEvent: 'line', errorEvent: 'gone' });
      heap.script = ['joe', 'wrong', 'joe', 'secret', 'whoami', 'logout'];
    },
    line({ heap }, l) {
      log.push(`< ${l}`);
      if (/[?>]$/.test(l)) {
        const s = heap.script.shift();
        log.push(`> ${s}`);
        heap.w.put(s);
      }
    },
    gone({ heap }, op, errno) {
      log.push(`gone ${op} ${errno}`);
      heap.w.destroy();
      delete heap.w;
    },
    failed(_, ...a) {
      console.log(`failed ${a.slice(0, 3).join(' ')}`);
    },
    _child(_, what) {
      log.push(`_child ${what}`);
    },
    _stop() {
      log.push('client stops');
    },
  },
});
function serve(socket: Handle) {
  NFA.spawn({
    inlineStates: {
      initial: {
        setup({ machine, runstate }, socket) {
          runstate.tries = 0;
          runstate.w = new ReadWrite({
            handle: socket,
            inputEvent: 'line',
            errorEvent: 'gone',
            flushedEvent: 'flushed',
          });
          machine.gotoState('login', 'enter');
        },
      },
      login: {
        enter({ runstate }) {
          runstate.w.put('name?');
        },
        line({ machine, runstate }, l) {
          runstate.name = l;
          machine.gotoState('password', 'enter');
        },
        gone() {
          log.push('lost at login');
        },
        flushed() {},
      },
      password: {
        enter({ runstate }) {
          runstate.w.put('password?');
        },
        line({ machine, runstate }, l) {
          if (l === 'secret') machine.gotoState('shell', 'enter', 'welcome');
          else if (++runstate.tries < 3) {
            runstate.w.put('no');
            machine.gotoState('login', 'enter');
          } else machine.gotoState('closing', 'enter');
        },
        flushed() {},
      },
      shell: {
        enter({ runstate }, text) {
          runstate.w.put(text, 'shell>');
        },
        line({ machine, runstate, state }, l) {
          if (l === 'logout') machine.gotoState('closing', 'enter');
          else runstate.w.put(`${runstate.name} in state ${state}`, 'shell>');
        },
        flushed() {},
      },
      closing: {
        enter({ runstate }) {
          runstate.w.put('bye');
        },
        flushed({ runstate, state, event }) {
          log.push(`closing in ${state} by ${event}`);
          runstate.w.destroy();
          delete runstate.w;
        },
      },
    },
  }).gotoState('initial', 'setup', socket);
}
await kernel.run();
for (const l of log) console.log(l);
