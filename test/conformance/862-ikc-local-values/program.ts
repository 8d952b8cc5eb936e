import { kernel, Session } from 'poe-kernel';
import { Responder } from 'poe-kernel/ikc';

// To the own kernel: names of its own that are added while it runs, whether values are copied, and what false values do.
kernel.hooks.warn.tap('quiet', () => false);
process.on('warning', () => {});
Responder.spawn();
const own = kernel.id;
const kept = [1, 2];

function shown(value: unknown): string {
  if (value === undefined || value === null) return 'undef';
  if (Array.isArray(value)) return `[${value.map((one) => one ?? '').join(' ')}]`;
  if (typeof value === 'object') return 'a HASH';
  return `'${value}'`;
}

const sent = (result: unknown): void => console.log(`  sent: ${shown(result)}`);
const post = (spec: unknown, value?: unknown): void => sent(kernel.call('IKC', 'post', spec, value));
const call = (value: unknown, rsvp: unknown): unknown => kernel.call('IKC', 'call', 'poe://Own/desk/same', value, rsvp);
const register = (names: unknown): void => console.log(shown(kernel.call('IKC', 'register_local', names)));
const deskId = (): number => kernel.aliasResolve('desk')?.id as number;

const steps: [string, () => void][] = [
  [
    'without a name',
    () => {
      post('poe://Own/desk/note', 1);
      post(`poe://${own}/desk/note`, 2);
    },
  ],
  [
    'one more name',
    () => {
      register('Own');
      post('poe://Own/desk/note', 4);
    },
  ],
  [
    'two more names',
    () => {
      register(['Two', 'Three']);
      for (const name of ['Own', 'Two', 'Three']) post(`poe://${name}/desk/note`, name);
    },
  ],
  [
    'the same name anew',
    () => {
      register('Two');
      post('poe://Two/desk/note', 5);
    },
  ],
  ['everybody', () => post('poe://*/desk/note', 6)],
  [
    'an array',
    () => {
      post('poe://Own/desk/change', kept);
      console.log(`kept: ${shown(kept)}`);
    },
  ],
  [
    'false values',
    () => {
      for (const value of [0, '', '0', undefined, [], '00']) post('poe://Own/desk/note', value);
    },
  ],
  ['nothing', () => sent(kernel.call('IKC', 'post', 'poe://Own/desk/note'))],
  [
    'false answers',
    () => {
      for (const value of [0, '', '0', undefined, []]) call(value, 'poe:answer');
    },
  ],
  [
    'false arguments of rsvp',
    () => {
      for (const args of [0, '', undefined, [], [0], [undefined], { a: 1 }]) call('x', { state: 'answer', args });
    },
  ],
  [
    'no rsvp',
    () => {
      for (const rsvp of [undefined, '', 0]) sent(call('x', rsvp));
    },
  ],
  [
    'an rsvp that is none',
    () => {
      const texts = ['answer', 'poe://', 'desk/answer', 'poe:desk/answer', 'poe:/desk'];
      for (const rsvp of [...texts, {}, { session: 'desk' }, { state: 'answer' }]) sent(call('x', rsvp));
    },
  ],
  [
    'a session by its number',
    () => {
      post(`poe://Own/${deskId()}/note`, 'number');
      post({ kernel: 'Own', session: deskId(), state: 'note' }, 'number');
    },
  ],
  [
    'an event named 0',
    () => {
      kernel.call('IKC', 'publish', 'desk', ['0']);
      post('poe://Own/desk/0', 'zero');
      post({ kernel: 'Own', session: 'desk', state: '0' }, 'zero');
    },
  ],
  [
    'a session named 0',
    () => {
      post('poe://Own/0/note', 'zero');
      post({ kernel: 'Own', session: '0', state: 'note' }, 'zero');
    },
  ],
];

const name = (kernelName: string): string => (kernelName === own ? 'ID' : kernelName);

Session.create({
  inlineStates: {
    _start({ kernel }) {
      for (const alias of ['desk', 'more']) kernel.aliasSet(alias);
      kernel.call('IKC', 'publish', 'desk', ['note', 'change', 'same']);
      kernel.call('IKC', 'monitor', '*', { error: 'error', register: 'came', unregister: 'went' });
      kernel.yield('step');
    },
    step({ kernel }) {
      const next = steps.shift();
      if (!next) {
        for (const alias of ['desk', 'more']) kernel.aliasRemove(alias);
        kernel.post('IKC', 'shutdown');
        return;
      }
      console.log(next[0]);
      next[1]();
      kernel.delay('step', 0.05);
    },
    note: (_, ...args) => console.log(`  note: ${args.map(shown).join(' | ')}`),
    0: (_, ...args) => console.log(`  0: ${args.map(shown).join(' | ')}`),
    change(_, value) {
      value.push(3);
      console.log(`  changed to ${shown(value)}, is kept: ${value === kept ? 'yes' : 'no'}`);
    },
    same({ wantarray }, value) {
      const context = wantarray ? 'list' : wantarray === undefined ? 'void' : 'scalar';
      console.log(`  same: ${shown(value)} in ${context} context`);
      return value;
    },
    answer: (_, ...args) => console.log(`  answer: ${args.map(shown).join(' | ')}`),
    error(_, _asked, kernelName, _real, _data, operation, text) {
      const clean = text
        .replace(/\s+Request.*/s, '')
        .replace(/ at \S+ line.*/s, '')
        .replace(/^\d+: /, '')
        .replace(own, 'ID');
      console.log(`  error: ${name(kernelName)} ${operation} ${clean}`);
    },
    came: (_, _asked, kernelName, real) => console.log(`  came: ${name(kernelName)} ${real ? 'real' : 'alias'}`),
    went: (_, _asked, kernelName, real) => console.log(`  went: ${name(kernelName)} ${real ? 'real' : 'alias'}`),
  },
});
await kernel.run();
console.log('over');
