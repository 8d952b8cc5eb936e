import { type HandlerContext, kernel, Session } from 'poe-kernel';

class MySession extends Session {
  color() {
    return 'green';
  }
}

class Thing {}

const ref = (v: object) => (Array.isArray(v) ? 'ARRAY' : v instanceof Thing ? 'Thing' : 'HASH');
const quote = (v: unknown) => (v === null ? 'undef' : typeof v === 'object' ? ref(v) : `'${v}'`);
const show = (...a: unknown[]) => `${a.length}: ${a.map(quote).join(', ')}`;

function probe(label: string, params: { args?: unknown; heap?: unknown } = {}) {
  Session.create({
    ...params,
    inlineStates: {
      _start({ heap }, ...args) {
        console.log(`${label}: args ${show(...args)}; heap ${show(heap)}`);
      },
    },
  });
}

probe('none');
probe('list', { args: [1, null, [2]] });
probe('empty list', { args: [] });
probe('scalar', { args: 'solo' });
probe('hash', { args: { a: 1 } });
probe('undef', { args: null });
probe('scalar heap', { heap: 'just text' });
probe('object heap', { heap: new Thing() });
probe('undef heap', { heap: null });

let warned = '';
{
  kernel.hooks.warn.tap('program', (_code, message) => {
    warned += message;
    return false;
  });
  const s = Session.create({
    inlineStates: {
      go() {
        console.log('never');
      },
    },
  });
  const noted = /no '_start' handler/.test(warned) ? 'warned' : 'silent';
  console.log(`no _start: ${s === undefined ? 'undef' : 'session'}, ${noted}`);
}

MySession.create({
  inlineStates: {
    _start({ session }: HandlerContext) {
      const mine = session as MySession;
      const isa = mine instanceof Session ? 'yes' : 'no';
      console.log(
        `subclass: ${mine.constructor === MySession ? 'My::Session' : ''} ${mine.color()}, isa POE::Session: ${isa}`,
      );
    },
  },
});

for (const [parameter, bad] of [
  ['inline_states', { inlineStates: [] }],
  ['object_states', { objectStates: {} }],
  ['package_states', { packageStates: ['One'] }],
  ['options', { options: 'x' }],
] as const) {
  let ok = true;
  try {
    Session.create(bad as never);
  } catch {
    ok = false;
  }
  console.log(`${parameter} of the wrong kind: ${ok ? 'accepted' : 'died'}`);
}

await kernel.run();
