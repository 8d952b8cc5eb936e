import { list } from 'poe-kernel';
import { Grep, Line, Map as MapFilter, RecordBlock, Stackable } from 'poe-kernel/wheels';

const show = (what: string, list: any[] | null) =>
  console.log(
    `${what}: ${list ? list.map((x: any) => (Array.isArray(x) ? `[${x.join(',')}]` : x)).join('|') : 'undef'}`,
  );
const B = (...x: string[]) => x.map((s) => Buffer.from(s, 'latin1'));
const rb = new RecordBlock({ blockSize: 3, checkPut: true });
show(
  'put',
  rb.put([
    [1, 2],
    [3, 4, 5],
  ]),
);
show('put_pending', rb.putPending());
show('put', rb.put([[6, 7, 8, 9]]));
show('put_pending', rb.putPending());
console.log(`checkput ${rb.checkput() ? 1 : 0} blocksize ${rb.blocksize()}`);
rb.checkput(false);
show('put_pending off', rb.putPending());
show('put', rb.put([[10], [11]]));
show('get', rb.get([1, 2, 3, 4, 5, 6, 7]));
show('pending', rb.getPending());
rb.blocksize(2);
show('get', rb.get([8, 9, 10]));
show('pending', rb.getPending());
const rc = rb.clone();
show('clone pending', rc.getPending());
show('clone get', rc.get([1, 2, 3, 4, 5]));
const g = new Grep({ get: (n: any) => n > 2, put: (n) => n % 2 });
show('grep get', g.get([1, 2, 3, 4, 5]));
g.getOneStart([1, 3, 1, 4]);
show('grep pending', g.getPending());
show('one', g.getOne());
show('one', g.getOne());
g.modify({ get: (n: any) => n === 1 });
g.getOneStart([1, 2, 1]);
show('one', g.getOne());
show('one', g.getOne());
show('one', g.getOne());
show('grep put', g.put([1, 2, 3, 4, 5]));
g.modify({ code: () => 1 });
show('grep put', g.put([1, 2, 3, 4, 5]));
const m = new MapFilter({ code: (n: number) => list(n, n * 2) });
show('map get', m.get([1, 2]));
show('map put', m.put([1, 2]));
m.modify({ get: (n) => [n, 'x'] });
show('map get', m.get([1, 2]));
show('map put', m.put([3]));
m.getOneStart([7, 8]);
show('map pending', m.getPending());
show('one', m.getOne());
show('one', m.getOne());
show('one', m.getOne());
const st = new Stackable({
  filters: [
    new Line({ literal: '\n' }),
    new Grep({ code: (l) => l.length }),
    new MapFilter({ get: (l) => l.split(' '), put: (r) => r.join(' ') }),
    new RecordBlock({ blockSize: 2 }),
  ],
});
console.log(st.filterTypes().join(','));
for (const r of st.get(B('a b\n\nc\nd e', ' f\ng'))) console.log(`(${r.map((x: any) => x.join(' ')).join('; ')})`);
console.log(`pending ${(st.getPending() ?? []).map((x: any) => x.join(' ')).join('; ')}`);
for (const r of st.get(B('\n', 'h\n'))) console.log(`(${r.map((x: any) => x.join(' ')).join('; ')})`);
show(
  'put',
  st.put([[['x', 'y'], ['z']], [['w']]]).map((x: any) => String(x).replaceAll('\n', '~')),
);
const popped = st.pop();
console.log(popped?.constructor.name);
console.log(st.push(new MapFilter({ code: (r) => `<${r.join(' ')}>` })));
show('get', st.get(B('i j\nk\n')));
const sc = st.clone();
console.log(sc.filterTypes().join(','));
show('clone', sc.get(B('q\n')));
