import { kernel } from 'poe-kernel';
import {
  BaseFilter,
  Block,
  Grep,
  HTTPD,
  type HttpRequest,
  HttpResponse,
  Line,
  Map as MapFilter,
  PerlRef,
  RecordBlock,
  Reference,
  Stackable,
  Stream,
  SysRW,
} from 'poe-kernel/wheels';

kernel.hooks.warn.tap('t', () => false);
const b = (s: string) => Buffer.from(s, 'latin1');
const show = (what: string, ...x: unknown[]) =>
  console.log(
    `${what}: ${x
      .map(
        (v) =>
          `[${String(v ?? 'undef')
            .replace(/\r/g, '<CR>')
            .replace(/\n/g, '<LF>')
            .replace(/\0/g, '<NUL>')}]`,
      )
      .join(' ')}`,
  );
const tryIt = (code: () => unknown) => {
  try {
    code();
    return 'fine';
  } catch {
    return 'dies';
  }
};
const line = new Line({ literal: '\n' });
show('numbers', ...line.put([1, 2.5, -3, 1e21, 0, '']));
show('undef', ...line.put([undef()]));
function undef() {
  return undefined;
}
show('empty lines', ...line.get([b('\n\na\n')]));
show('many chunks', ...line.get(['a', 'b', 'c\nd', '\n'].map(b)));
show('nothing', ...line.get([]));
show('put nothing', ...line.put([]));
const stream = new Stream();
show('stream numbers', ...stream.put([1, 2]));
show('stream joins', ...stream.get(['ab', 'cd'].map(b)));
const block = new Block();
show('block numbers', ...block.put([12345, 'x', '']));
show('block reads', ...block.get(['5\0', 'hello', '0\0', '3\0ab'].map(b)));
show('block pending', ...(block.getPending() ?? [undefined]));
const fixed = new Block({ blockSize: 3 });
show('fixed', ...fixed.put(['ab', 'cde', 1]));
show('fixed reads', ...fixed.get([b('abcdefgh')]));
show('fixed pending', ...(fixed.getPending() ?? [undefined]));
const map = new MapFilter({ get: (x) => x * 2, put: (x) => x / 2 });
show('map', ...map.get([1, 2]), ...map.put([10]));
const grep = new Grep({ get: (x) => x > 1, put: (x) => x !== '' });
show('grep', ...grep.get([1, 2, 3]), ...grep.put(['', 'a']));
const stack = new Stackable({
  filters: [new Line({ literal: '\n' }), new MapFilter({ get: (l) => l.split(','), put: (x) => x.join(',') })],
});
show('stack', ...stack.get(['a,b\nc,', 'd\n'].map(b)).map((x) => x.join('+')));
show('stack puts', ...stack.put([[1, 2], [3]]));
show('types', ...stack.filterTypes().map((n) => `POE::Filter::${n}`));
stack.push(new RecordBlock({ blockSize: 2 }));
show('count', stack.filters().length);
show('blocked', ...stack.get([b('1\n2\n3\n')]).map((x) => x.map((y: string[]) => y.join('+')).join('/')));
show('popped', ...[stack.pop(), stack.shift(), stack.shift()].map((f) => `POE::Filter::${f?.constructor.name}`));
const codec = new Block({
  lengthCodec: [
    (s) => {
      s.value = `${s.value.length.toString(16).padStart(4, '0')}:${s.value.toString('latin1')}`;
    },
    (s) => {
      const t = s.value.toString('latin1');
      const m = /^([0-9a-f]{4}):/.exec(t);
      if (!m) return;
      s.value = t.slice(5);
      return parseInt(m[1] as string, 16);
    },
  ],
});
const out = codec.put(['hello', 'x'.repeat(20)]);
show('codec', ...out);
const [first, second] = out as [Buffer, Buffer];
show('codec reads', ...codec.get([first.subarray(0, 7), Buffer.concat([first.subarray(7), second, b('00')])]));
show('clone', ...codec.clone().get([b('0002:ok')]));
const ref = new Reference();
const wire = Buffer.concat(ref.put([{ a: 1, list: [1, 2] }, ['x'], new PerlRef('scalar')]));
const back: any[] = ref.get([wire.subarray(0, 10), wire.subarray(10)]);
show('references', back.length, back[0].a, back[0].list.join(' '), back[1][0], back[2].value);
show(
  'not a reference',
  tryIt(() => ref.put(['text'])),
);
const driver = new SysRW({ blockSize: 4 });
show('driver', driver.put([b('abc'), b('de'), b('')]), driver.getOutMessagesBuffered());
show(
  'bad driver',
  tryIt(() => new SysRW({ blockSize: 0 })),
);
const http = new HTTPD();
const [req] = http.get([
  b('PUT /a/b?c=d HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain; charset=x\r\nContent-Length: 4\r\n\r\nbody'),
]) as [HttpRequest];
show(
  'request',
  req.method,
  req.uri,
  req.path,
  req.protocol,
  req.header('host'),
  req.contentType,
  'charset=x',
  req.contentLength,
  req.content,
);
show('as string', req.asString());
const res = new HttpResponse(201, undefined, { 'X-A': 1, 'X-B': [2, 3] }, 'text');
show('response', res.code, res.message, res.statusLine(), res.asString());
show('sent', ...http.put([res]));
for (const [w, f] of [
  ['line both', () => new Line({ literal: 'x', inputLiteral: 'y' })],
  ['line empty', () => new Line({ literal: '' })],
  ['block 0', () => new Block({ blockSize: 0 })],
  ['map none', () => new (MapFilter as any)()],
  ['grep half', () => new Grep({ get: () => true } as any)],
  ['stack', () => new Stackable({ filters: 'x' as any })],
  ['record', () => new (RecordBlock as any)()],
  ['push', () => new Stackable().push('x' as any)],
  ['base', () => new (BaseFilter as any)()],
] as [string, any][])
  show(w, tryIt(f));
