/**
 * A room to chat in with an echo: what it says appears above the prompt, while you type.
 *
 *     node dist/examples/readline/index.js
 *
 * Tab completes commands and names, the arrows and C-r go through what was said, C-c drops a line, C-d leaves.
 */
import { events, kernel, Session } from 'poe-kernel';
import { ReadLine, type ReadLineEvents } from 'poe-kernel/wheels';

interface Events {
  typed: ReadLineEvents['inputEvent'];
  said: [who: string, what: string];
}

const COMMANDS = ['/help', '/nick ', '/quit'];
const NAMES = ['echo', 'everybody'];

Session.create({
  heap: { nick: 'you' } as { nick: string; console: ReadLine },
  events: events<Events>(),
  inlineStates: {
    _start({ kernel, heap }) {
      heap.console = new ReadLine({ kernel, inputEvent: 'typed', putMode: 'immediate', appName: 'poe-chat' });
      heap.console.attribs().completionFunction = (word, _line, cursor) =>
        word.startsWith('/') ? COMMANDS : NAMES.map((name) => (cursor === word.length ? `${name}: ` : name));
      heap.console.put('Type something, /help for help.');
      heap.console.get(`${heap.nick}> `);
    },

    typed({ kernel, heap }, line, exception) {
      const { console } = heap;
      if (line === undefined && exception !== 'eot') {
        console.put(`(${exception}: C-d leaves)`);
      } else if (line === undefined || line === '/quit') {
        console.put('Bye!');
        console.destroy();
        return;
      } else if (line === '/help') {
        console.put('/nick NAME  changes your name', '/quit       leaves, as C-d does');
      } else if (line.startsWith('/nick ')) {
        heap.nick = line.slice('/nick '.length).trim() || heap.nick;
      } else if (line !== '') {
        console.addHistory(line);
        kernel.delayAdd('said', 0.5, 'echo', line.toUpperCase());
      }
      console.get(`${heap.nick}> `);
    },

    /** Somebody else says something: above the prompt, whatever is being typed. */
    said({ heap }, who, what) {
      if (!heap.console.destroyed) heap.console.put(`<${who}> ${what}`);
    },
  },
});

await kernel.run();
