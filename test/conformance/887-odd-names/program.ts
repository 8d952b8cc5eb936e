import { type HandlerContext, kernel, Session } from 'poe-kernel';

// Names and data of all kinds: events with odd and long names, aliases that look like something else, arguments that change behind the sender's back, IDs of many sessions.

const v = (x: any): string =>
  x === undefined || x === null
    ? 'undef'
    : Array.isArray(x)
      ? `[${x.map(v).join(',')}]`
      : typeof x === 'function'
        ? 'code'
        : x instanceof Ref
          ? `\\${x.value}`
          : typeof x === 'object'
            ? `{${Object.keys(x)
                .sort()
                .map((key) => `${key}=${v(x[key])}`)
                .join(',')}}`
            : String(x);
class Ref {
  value: string;
  constructor(value: string) {
    this.value = value;
  }
}
const long = 'x'.repeat(3000);
const odd = [
  ' ',
  '0',
  'two words',
  'new\nline',
  'a.b',
  '$cash',
  "quo'te",
  '\xe9t\xe9',
  'constructor',
  '__proto__',
  'toString',
  'hasOwnProperty',
  '_private',
  '_start2',
  '-1',
  '1e3',
  long,
];
const shown = (n: any) => {
  const text = String(n).replace('\n', '\\n');
  return text.length > 50 ? String(text.length) : text.replace(/[^\0-~]/g, (c) => `<${c.charCodeAt(0).toString(16)}>`);
};
const shared: any = { list: [1, 2] };
const byCode = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
const codes: Record<string, number> = { EEXIST: 17, ESRCH: 3, EPERM: 1 };
const number = (value: string | number) => codes[value] ?? value;

Session.create({
  inlineStates: {
    ...Object.fromEntries(
      odd.map((name) => [
        name,
        ({ state, callerState }: HandlerContext, ...args: unknown[]) => {
          console.log(`event ${shown(state)} (${args.map(v).join(' ')}) from ${shown(callerState)}`);
          return `answer of ${shown(name)}`;
        },
      ]),
    ),
    _start({ kernel, session }, ...args) {
      console.log(`${args.length} args: ${args.map(v).join(' ')}`);
      for (const name of odd) kernel.yield(name, 'a');
      kernel.yield('names');
      for (const name of odd) if (name !== long) console.log(`call: ${v(kernel.call(session, name, 1))}`);
    },
    names({ kernel }) {
      for (const name of ['0', 'two words', '__proto__']) kernel.delay(name, 0.3 + 0.02 * name.length, 'later');
      kernel.delay('constructor', 5);
      kernel.delay('constructor');
      for (const name of odd) console.log(`alias ${shown(name)}: ${number(kernel.aliasSet(name))}`);
      console.log(`list: ${kernel.aliasList()?.sort(byCode).map(shown).join('|')}`);
      for (const name of odd) console.log(`post to ${shown(name)}: ${v(kernel.post(name, '0', 'to', shown(name)))}`);
      console.log(`unknown: ${v(kernel.post('valueOf', 'x'))}${v(kernel.call('hasOwn', 'x'))}`);
      for (const name of odd) kernel.aliasRemove(name);
      console.log(`list: ${kernel.aliasList()?.length}`);
      kernel.yield('data_in');
    },
    data_in({ kernel, session }) {
      const mine = [1, 2];
      const scalar = new Ref('before');
      kernel.yield('data', shared, mine, undefined, ...mine, () => 1, scalar, '', 0);
      shared.list.push(3);
      shared.new = undefined;
      scalar.value = 'after';
      mine.splice(0, 2, 9);
      const value = 'value';
      kernel.call(session, 'changes', value, shared.list);
      console.log(`after the call: ${v(shared)}`);
      kernel.yield('data');
      kernel.yield('data', undefined);
      kernel.yield('data', undefined, undefined);
      kernel.yield('data', ...[]);
      kernel.yield('unknown_one', [undefined], undefined);
      kernel.yield('ids');
    },
    data(_, ...args) {
      console.log(`${args.length} given: ${args.map(v).join(' ')}`);
    },
    changes({ heap }, _value, array) {
      array.push('changed');
      heap.seen = (heap.seen ?? 0) + 1;
    },
    _default(_, event, args) {
      if (!event.startsWith('_')) console.log(`default ${event} ${v(args)} ${args.length}`);
      args.push('more');
      return args.length;
    },
    ids({ kernel, session }) {
      const id: number[] = [];
      const s = Array.from({ length: 300 }, () =>
        Session.create({
          inlineStates: {
            _start({ kernel, session }) {
              id.push(Number(session.id));
              if (id.length % 100 === 0) kernel.aliasSet(`member ${id.length}`);
            },
            bye({ kernel }) {
              for (const name of kernel.aliasList() ?? []) kernel.aliasRemove(name);
            },
            _stop() {},
          },
        }),
      );
      const [first, last] = [id[0] as number, id.at(-1) as number];
      console.log(`step ${[1, 100, 299].map((i) => (id[i] as number) - (id[i - 1] as number)).join(',')}`);
      console.log(`same: ${s.filter((one, i) => Number(one.id) === id[i]).length}`);
      const there = [1, 100, 200, 300].map((n) => {
        const i = kernel.aliasResolve(`member ${n}`);
        return i ? Number(i.id) - first : 'none';
      });
      console.log(`alive: ${there.join(' ')}`);
      // an alias that is the ID of another session, and one that is its text
      const other: any = kernel.aliasResolve('member 100');
      console.log(
        `ID as alias: ${number(kernel.aliasSet(String(other.id)))}, resolves to ${kernel.aliasResolve(other.id) === other ? 'the session' : 'the alias'}`,
      );
      console.log(`text as alias: ${number(kernel.aliasSet(String(other)))}`);
      console.log(`own ID as alias: ${number(kernel.aliasSet(String(session.id)))}`);
      console.log(`kernel ID as alias: ${number(kernel.aliasSet(kernel.id))}`);
      console.log(`kernel alias: ${v(kernel.aliasResolve('POE::Kernel'))}`);
      const l = kernel.aliasList() ?? [];
      const what = (name: string) =>
        name === kernel.id
          ? 'kernel'
          : name === String(session.id)
            ? 'own'
            : name === String(other.id)
              ? 'other'
              : 'text';
      console.log(`listed: ${l.length} ${l.map(what).sort(byCode).join(',')}`);
      console.log(`last ID again? ${Number(Session.create({ inlineStates: { _start() {} } }).id) - last}`);
      for (const n of [100, 200, 300]) kernel.post(`member ${n}`, 'bye');
      for (const name of kernel.aliasList() ?? []) kernel.aliasRemove(name);
      const before = kernel.id;
      kernel.hasForked();
      console.log(`kernel ID in the same process: ${kernel.id === before ? 'the same' : 'another'}`);
    },
    _stop() {
      console.log('stop');
    },
  },
  args: ['a', undefined, [1, [2]], { k: 'v' }, '', 0],
});
await kernel.run();
