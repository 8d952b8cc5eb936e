import { type HandlerContext, kernel, Session } from 'poe-kernel';

// Who may say that a signal is handled: parents, children, strangers; for custom, terminal, nonmaskable and DIE signals; and what a handler sees of itself meanwhile.

type Handler = (context: HandlerContext, ...args: any[]) => unknown;
type Does = Record<string, Record<string, any>>;
type Tree = [name: string, ...below: Tree[]];

let stopped: string[] = [];
let over = false;
// Of each family by itself, since the order of siblings is that of a hash in Perl.
let told: Record<'top' | 'aside', string[]> = { top: [], aside: [] };
const note = (name: string, text: string) => told[/aside|right/.test(name) ? 'aside' : 'top'].push(text);

function tree(does: Does, [name, ...below]: Tree) {
  Session.create({
    inlineStates: {
      _start({ kernel }) {
        kernel.aliasSet(name);
        for (const signal of does[name]?.watch ?? []) kernel.sig(signal, 'heard', name);
        for (const node of below) tree(does, node);
        return `started ${name}`;
      },
      heard(context, signal, ...rest) {
        const { kernel, session, sender } = context;
        const details = rest.find((item) => typeof item === 'object' && item !== null);
        const what = details
          ? ` (${String(details.errorStr).trim()} in ${details.event} for ${kernel.aliasList(details.destSession)?.join(',')})`
          : ` [${rest.map((item) => item ?? 'undef').join(',')}]`;
        note(
          name,
          `  ${name} hears ${signal}${what} in ${kernel.getActiveEvent()}${kernel.getActiveSession() === session ? '' : ' elsewhere'}${sender === kernel ? '' : ' of a session'}`,
        );
        const handler: Handler | undefined = does[name]?.[signal];
        handler?.(context, signal, ...rest);
        return 1;
      },
      crash() {
        throw `crash of ${name}\n`;
      },
      relay({ kernel }, to, what) {
        note(name, `  ${name} relayed: ${kernel.call(to, what) ?? 'undef'}`);
      },
      _child(_, what, _child, value) {
        if (!over) note(name, `  ${name}: child ${what} ${value ?? 'undef'}`);
      },
      _parent({ kernel }, _old, parent) {
        note(
          name,
          `  ${name}: new parent ${parent === kernel ? 'kernel' : (kernel.aliasList(parent)?.[0] ?? 'nameless')}`,
        );
      },
      _stop() {
        stopped.push(name);
        return `stopped ${name}`;
      },
    },
  });
}

async function scene(title: string, does: Does, code: (kernel: HandlerContext['kernel']) => void) {
  console.log(title);
  stopped = [];
  over = false;
  tree(does, ['top', ['left', ['leaf']]]);
  tree(does, ['aside', ['right']]);
  Session.create({
    inlineStates: {
      _start({ kernel }) {
        kernel.yield('go');
      },
      go({ kernel }) {
        code(kernel);
        kernel.delay('after', 0.05);
      },
      after({ kernel }) {
        note(
          'after',
          `  after: ${['top', 'left', 'leaf', 'right', 'aside'].filter((name) => kernel.aliasResolve(name)).join(' ')}`,
        );
        kernel.delay('over', 0.01);
      },
      // The order in which those with nothing but a name end is that of a hash in Perl.
      over() {
        over = true;
      },
      _stop() {},
    },
  });
  let ending = 'returned';
  try {
    await kernel.run();
  } catch (error) {
    ending = `died: ${String(error).trim()}`;
  }
  for (const line of [...told.top, ...told.aside]) console.log(line);
  told = { top: [], aside: [] };
  console.log(`  ${ending}; stopped ${stopped.sort().join(' ')}`);
}

const handled: Handler = ({ kernel }) => kernel.sigHandled();
const everybody = (what: object): Does => ({ top: what, left: what, leaf: what, right: what, aside: what }) as Does;

await scene('custom for all', everybody({ watch: ['FOO'] }), (kernel) =>
  kernel.signal(kernel, 'FOO', 1, undefined, 'x'),
);
await scene('custom below left', everybody({ watch: ['FOO'] }), (kernel) => kernel.signal('left', 'FOO', 'only'));
await scene('TERM handled by leaf', { leaf: { watch: ['TERM'], TERM: handled } }, (kernel) =>
  kernel.signal('left', 'TERM'),
);
await scene('TERM handled by right, for all', { right: { watch: ['TERM'], TERM: handled } }, (kernel) =>
  kernel.signal(kernel, 'TERM'),
);
await scene('INT watched, not handled', { left: { watch: ['INT'] } }, (kernel) => kernel.signal('left', 'INT'));
await scene(
  'HUP handled in a call',
  {
    left: {
      watch: ['HUP'],
      HUP({ kernel }: HandlerContext) {
        kernel.call('aside', 'heard', 'inner');
      },
    },
    aside: { inner: handled },
  },
  (kernel) => kernel.signal('left', 'HUP'),
);
await scene(
  'UIDESTROY handled in vain',
  { top: { watch: ['UIDESTROY'], UIDESTROY: handled }, aside: { watch: ['UIDESTROY'], UIDESTROY: handled } },
  (kernel) => kernel.signal('top', 'UIDESTROY'),
);
await scene('UIDESTROY for all', { left: { watch: ['UIDESTROY'], UIDESTROY: handled } }, (kernel) =>
  kernel.signal(kernel, 'UIDESTROY', 'w'),
);
await scene('DIE of leaf, top handles', { top: { watch: ['DIE'], DIE: handled }, left: { watch: ['DIE'] } }, (kernel) =>
  kernel.post('leaf', 'crash'),
);
await scene('DIE of leaf, right handles', { right: { watch: ['DIE'], DIE: handled } }, (kernel) =>
  kernel.post('leaf', 'crash'),
);
await scene('DIE through a call, caller handles', { aside: { watch: ['DIE'], DIE: handled } }, (kernel) =>
  kernel.post('aside', 'relay', 'leaf', 'crash'),
);
await scene('DIE through a call, callee handles', { leaf: { watch: ['DIE'], DIE: handled } }, (kernel) =>
  kernel.post('aside', 'relay', 'leaf', 'crash'),
);
await scene(
  'QUIT twice',
  {
    leaf: {
      watch: ['QUIT'],
      QUIT({ kernel }: HandlerContext) {
        kernel.sig('QUIT');
        kernel.sigHandled();
      },
    },
  },
  (kernel) => {
    kernel.signal('leaf', 'QUIT');
    kernel.signal('leaf', 'QUIT');
  },
);
await scene(
  'watched anew in the handler',
  { leaf: { watch: ['FOO'], FOO: ({ kernel }: HandlerContext) => kernel.sig('FOO', 'crash') } },
  (kernel) => {
    kernel.signal('leaf', 'FOO');
    kernel.post('top', 'nothing');
  },
);
await scene(
  'signal in a signal',
  {
    top: {
      watch: ['FOO', 'BAR'],
      FOO({ kernel }: HandlerContext) {
        kernel.signal('left', 'BAR', 'deep');
        note('top', '  posted');
      },
    },
    leaf: { watch: ['BAR', 'FOO'] },
  },
  (kernel) => kernel.signal('top', 'FOO', 'a'),
);
