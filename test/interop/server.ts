/**
 * The server program of the interop contract: offers the events that every implementation is tested with.
 *
 *     npm run --silent interop:server -- [--port N | --unix PATH] [--protocol IKC|IKC0]
 */
import { kernel, list, Session } from 'poe-kernel';
import { Server } from 'poe-kernel/ikc';
import { interopOptions } from './options.ts';
import { typeWord } from './type-word.ts';

const { port, unix, protocol } = interopOptions();

const chosen = Server.spawn({
  ...(unix === undefined ? { port } : { unix }),
  name: 'Interop',
  aliases: ['InteropAlias'],
  protocol,
});

Session.create({
  inlineStates: {
    _start({ kernel, heap }) {
      kernel.aliasSet('interop');
      Object.assign(heap, { count: 0, multi: [], asked: [], seen: [], reported: [], played: [] });
      kernel.call('IKC', 'publish', 'interop', [
        ...['echo', 'add', 'list', 'nothing', 'fail', 'type', 'sink', 'count', 'reset', 'relay', 'reply_sender'],
        ...['multi', 'last_multi', 'slow', 'blob', 'ask_client', 'asked', 'seen', 'forget', 'report', 'done'],
      ]);
      kernel.call('IKC', 'monitor', '*', {
        register: 'on_register',
        unregister: 'on_unregister',
        channel: 'on_channel',
        error: 'on_error',
      });
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
      kernel.aliasRemove('interop');
      kernel.post('IKC', 'shutdown');
    },

    echo: (_, x) => x ?? null,
    add: (_, [a, b]) => Number(a) + Number(b),
    list: ({ wantarray }, n) => (wantarray ? list(...Array.from({ length: Number(n) }, (_, i) => i + 1)) : n),
    nothing: () => null,
    fail(_, message) {
      throw new Error(message);
    },
    type: (_, value) => typeWord(value),
    sink({ heap }) {
      heap.count++;
      return null;
    },
    count: ({ heap }) => heap.count,
    reset({ heap }) {
      Object.assign(heap, { count: 0, multi: [], asked: [] });
      return 1;
    },
    relay: ({ kernel }, [specifier, value]) => kernel.call('IKC', 'post', specifier, value) ?? 0,
    reply_sender({ kernel, sender }, x) {
      kernel.post(sender, 'answer', x);
      return null;
    },
    multi({ heap }, ...args) {
      heap.multi = args;
      return null;
    },
    last_multi: ({ heap }) => heap.multi,
    slow({ kernel }, [[milliseconds, x], rsvp]) {
      kernel.delayAdd('slow_done', Number(milliseconds) / 1000, x, rsvp);
      return null;
    },
    slow_done: ({ kernel }, x, rsvp) => kernel.post('IKC', 'post', rsvp, x),
    blob: (_, n) => 'x'.repeat(Number(n)),
    ask_client({ kernel }, [specifier, value]) {
      kernel.post('IKC', 'call', specifier, value, 'poe:client_answer');
      return 1;
    },
    client_answer: ({ heap }, value) => heap.asked.push(value),
    asked: ({ heap }) => heap.asked,
    seen: ({ heap }) => heap.seen,
    forget({ heap }) {
      heap.seen = [];
      return 1;
    },
    report({ heap }, report) {
      heap.reported.push(report);
      return null;
    },
    // What the client program has reported is shown, for those who watch.
    done({ heap }) {
      console.log(JSON.stringify(['reported', heap.reported]));
      console.log(JSON.stringify(['played', heap.played]));
      Object.assign(heap, { reported: [], played: [] });
      return null;
    },

    on_register({ kernel, heap }, _name, who, real) {
      heap.seen.push(['register', who, real ?? 0]);
      // The client program works through its script while we play our part in it.
      if (who === 'InteropClient') kernel.yield('play');
    },
    play({ kernel }) {
      const me = 'poe://InteropClient/me';
      kernel.post('IKC', 'call', `${me}/double`, 21, 'poe:play_answer');
      kernel.post('IKC', 'call', 'poe://ClientAlias/me/double', 4, 'poe:play_answer');
      for (const note of ['one', 'two', 'three']) kernel.post('IKC', 'post', `${me}/note`, note);
      kernel.post('IKC', 'post', `${me}/hidden`, 'x');
      kernel.post('IKC', 'post', 'poe://InteropClient/nowhere/x', 'x');
      kernel.post('IKC', 'post', `${me}/fail`, 'boom');
      kernel.post('IKC', 'call', `${me}/noted`, null, 'poe:play_answer');
      kernel.post('IKC', 'post', `${me}/finish`, 'the end');
    },
    play_answer: ({ heap }, value) => heap.played.push(value),
    on_unregister: ({ heap }, _name, who, real) => heap.seen.push(['unregister', who, real ?? 0]),
    on_channel: ({ heap }, _name, who, real, _data, what) => heap.seen.push(['channel', who, real ?? 0, what]),
    on_error: ({ heap }, _name, who, real, _data, operation, text) =>
      heap.seen.push(['error', who, real ?? 0, operation, text]),
  },
});

Session.create({
  inlineStates: {
    _start({ kernel }) {
      kernel.aliasSet('private');
      kernel.call('IKC', 'publish', 'private', ['ok']);
      kernel.call('IKC', 'publish', 'ghost', ['boo']);
      kernel.call('IKC', 'monitor', '*', { shutdown: 'leave' });
    },
    leave: ({ kernel }) => kernel.aliasRemove('private'),
    ok: () => 'fine',
    secret: () => 'must not be reached',
  },
});

await kernel.run();
