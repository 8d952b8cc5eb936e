import { kernel, list, Session, twoWay } from 'poe-kernel';
import { Block, Line, Map as MapFilter, ReadWrite, Reference, Stackable, Stream, SysRW } from 'poe-kernel/wheels';

type Loose = any;
type Step = (heap: Loose, wheel: ReadWrite<Loose, Loose>, record: Loose) => unknown;
const lines = (): Line => new Line({ literal: '\n' });
const show = (text: unknown): string => String(text).replaceAll('\n', '\\n');
const marks = { highMark: 10, lowMark: 4, highEvent: 'high', lowEvent: 'low' };
type Case = [name: string, sent: string, options: object, on: { start?: Step; in?: Step; flushed?: Step; low?: Step }];
const cases: Case[] = [
  [
    'the same filter again',
    'x\ny\nz\nq',
    { filter: lines() },
    {
      in(h, w, r) {
        if (r !== 'x' || h.n) return;
        h.n = 1;
        w.setFilter(w.getInputFilter());
      },
    },
  ],
  [
    'a clone for each record',
    'x\ny\nz\nq',
    { filter: lines() },
    { in: (_, w) => w.setInputFilter(w.getInputFilter().clone()) },
  ],
  [
    'to a stream and back at once',
    'x\nabc\nrest',
    { filter: lines() },
    {
      in(_, w, r) {
        for (const filter of r === 'x' ? [new Stream(), lines()] : []) w.setFilter(filter);
      },
    },
  ],
  [
    'put when all is written',
    '',
    { filter: lines() },
    {
      start(h, w) {
        h.n = 0;
        console.log(`${w.put('first', 'second')} ${w.getDriverOutMessages()} ${w.getDriverOutOctets()}`);
      },
      flushed(h, w) {
        if (h.n++ < 3) console.log(`put ${w.put(`n${h.n}`)}`);
      },
    },
  ],
  [
    'nothing to put',
    '',
    { filter: new Stream(), autoFlush: true },
    { start: (_, w) => console.log(`${w.put('')}${w.put()} ${w.getDriverOutMessages()}`) },
  ],
  [
    'input shut down on the way',
    'hello\nworld\n',
    { filter: lines() },
    {
      in(_, w) {
        w.shutdownInput();
        console.log(`pause ${w.pauseInput()} resume ${w.resumeInput()}`);
        w.put('still');
      },
    },
  ],
  [
    'marks, and more at the low one',
    '',
    { filter: new Stream(), ...marks },
    {
      start: (_, w) => console.log(['12345', '67890', 'x'].map((text) => w.put(text)).join(' ')),
      low(h, w) {
        if (h.n) return;
        h.n = 1;
        console.log(`put ${w.put('again and again')}`);
      },
    },
  ],
  [
    'marks that are moved',
    '',
    { filter: new Stream(), ...marks },
    {
      start(_, w) {
        w.setHighMark(100);
        w.setLowMark(50);
        console.log(['12345', '67890', 'x'.repeat(100)].map((text) => w.put(text)).join(' '));
        w.setLowMark(2);
      },
    },
  ],
  [
    'two records of one, and another filter between them',
    'a\nb\n',
    {
      filter: new Stackable({
        filters: [
          lines(),
          new MapFilter({
            get: (r: string) => list(r, r.toUpperCase()),
            put: (r: string) => list(r.toLowerCase(), 'x'),
          }),
        ],
      }),
    },
    {
      in(h, w, r) {
        w.put(r);
        if (r !== 'A' || h.n) return;
        h.n = 1;
        w.setFilter(lines());
      },
    },
  ],
  [
    'one filter in, others out',
    'abcde',
    { inputFilter: new Block({ blockSize: 2 }), outputFilter: new Reference() },
    {
      in(_, w, r) {
        w.setOutputFilter(lines());
        w.put(`<${r}>`);
      },
    },
  ],
  [
    'one filter for both, within a record',
    'abcd\n',
    { inputFilter: new Block({ blockSize: 2 }), outputFilter: lines() },
    {
      in(_, w, r) {
        if (String(r) === 'ab') w.setFilter(new Line({ inputLiteral: '\n', outputLiteral: '!' }));
        w.put(`<${r}>`);
      },
    },
  ],
  [
    'three octets at a time',
    'abcdef\ng\nhi\n',
    { filter: lines(), driver: new SysRW({ blockSize: 3 }) },
    { in: (_, w, r) => w.put(r) },
  ],
];
function runCase([name, sent, options, on]: Case): void {
  Session.create({
    inlineStates: {
      _start({ kernel, heap: h }) {
        console.log(`== ${name}`);
        [h.a, h.b] = twoWay();
        h.w = new ReadWrite({ handle: h.a, inputEvent: 'in', flushedEvent: 'flushed', ...options });
        on.start?.(h, h.w, undefined);
        h.b.write(sent);
        kernel.delay('done', 0.2);
      },
      in({ heap: h }, r) {
        console.log(`in ${show(r)}`);
        on.in?.(h, h.w, r);
      },
      flushed({ heap: h }) {
        console.log('flushed');
        on.flushed?.(h, h.w, undefined);
      },
      high() {
        console.log('high');
      },
      low({ heap: h }) {
        console.log('low');
        on.low?.(h, h.w, undefined);
      },
      done({ heap: h }) {
        console.log(`held ${show((h.w.getInputFilter().getPending() ?? []).join(''))}`);
        h.w.destroy();
        console.log(`written ${show(h.b.read() ?? '')}`);
        h.a.destroy();
        h.b.destroy();
        const next = cases.shift();
        if (next) runCase(next);
      },
    },
  });
}
runCase(cases.shift() as Case);
await kernel.run();
