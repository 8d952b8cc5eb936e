import {
  Block,
  type Filter,
  FreezeThaw,
  Grep,
  Line,
  type OctetsRef,
  PerlRef,
  RecordBlock,
  Reference,
  Storable,
  Stream,
} from 'poe-kernel/wheels';

// Filters fed octet by octet and in odd pieces: which record comes when, what is pending between, and what is left after an error.

const text = (it: any): string => (it instanceof Uint8Array ? Buffer.from(it).toString('latin1') : String(it));
function shown(it: any): string {
  if (it === undefined || it === null) return 'undef';
  return `<${text(it).replace(/[^ -~]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`)}>`;
}
const bytes = (octets: string) => Buffer.from(octets, 'latin1');
const pending = (filter: any): string => {
  const p = filter.getPending();
  return p ? p.map(shown).join(' ') : 'nothing';
};
const pieces = (octets: string, size: number): string[] => octets.match(new RegExp(`.{1,${size}}`, 'gs')) ?? [];
function trickle(label: string, filter: any, size: number, octets: string) {
  let at = 0;
  const seen: string[] = [];
  for (const piece of pieces(octets, size)) {
    at += piece.length;
    for (const record of filter.get([bytes(piece)])) seen.push(`${at}:${shown(record)}`);
  }
  console.log(`${label}: ${seen.join(' ')}; pending ${pending(filter)}`);
}

for (const size of [1, 2, 3, 100]) {
  trickle(`auto by ${size}, CRLF first`, new Line({ inputLiteral: undefined }), size, 'a\x0D\x0Ab\x0Ac\x0Dd\x0D\x0Ae');
  trickle(`auto by ${size}, LF first`, new Line({ inputLiteral: undefined }), size, 'a\x0Ab\x0D\x0Ac\x0Ad');
  trickle(`auto by ${size}, CR first`, new Line({ inputLiteral: undefined }), size, 'a\x0Db\x0Dc\x0A\x0Dd\x0Ae\x0D');
  trickle(`plain by ${size}`, new Line(), size, 'a\x0D\x0Ab\x0Ac\x0Dd\x0A\x0De\x0D\x0D\x0Af');
  trickle(`literal by ${size}`, new Line({ inputLiteral: '--' }), size, 'a-b---c----d-');
  trickle(`class by ${size}`, new Line({ inputRegexp: '[,;]\\s*' }), size, 'a, b;c ,;d; ');
  trickle(`digits by ${size}`, new Line({ inputRegexp: '\\d+' }), size, 'a1b22c333d4');
  trickle(`blocks by ${size}`, new Block({ blockSize: 3 }), size, 'abcdefgh');
  trickle(`lengths by ${size}`, new Block(), size, '3\0abc0\x001\0x2\0y');
  trickle(`stream by ${size}`, new Stream(), size, 'a\0b\xff');
}

function netstringOut(stuff: OctetsRef) {
  stuff.value = `${stuff.value.length}:${stuff.value.toString('latin1')},`;
}
function netstringIn(stuff: OctetsRef) {
  const now = stuff.value.toString('latin1').replace(/^,/, '');
  const m = /^(\d+):/.exec(now);
  stuff.value = now.slice(m?.[0].length ?? 0);
  return m ? Number(m[1]) : undefined;
}
const net = new Block({ lengthCodec: [netstringOut, netstringIn] });
console.log(`netstrings: ${net.put(['hello', '', 'a:b,c']).map(shown).join(' ')}`);
for (const size of [1, 4, 100]) trickle(`netstrings by ${size}`, net.clone(), size, '5:hello,0:,5:a:b,c,2:x');
const hex = new Block({
  lengthCodec: [
    (r) => {
      const s = r.value.toString('latin1');
      r.value = s.length.toString(16).padStart(2, '0') + [...s].reverse().join('');
    },
    (r) => {
      if (r.value.length < 2) return;
      const n = Number.parseInt(r.value.toString('latin1', 0, 2), 16);
      r.value = r.value.subarray(2);
      return n;
    },
  ],
});
console.log(
  `hex: ${hex
    .put(['abc', bytes('\xe9\0')])
    .map(shown)
    .join(' ')}`,
);
trickle('hex by 3', hex, 3, '03cba0bhello world02x');

const outcome = (make: () => unknown): string => {
  try {
    make();
    return 'fine';
  } catch {
    return 'dies';
  }
};
function limit(label: string, filter: Filter, ...given: string[]) {
  for (const piece of given) {
    let said: string;
    try {
      const got = filter.get([bytes(piece)]);
      said = `got ${got.map(shown).join(' ') || 'nothing'}`;
    } catch {
      said = 'dies';
    }
    console.log(`${label}, given ${shown(piece)}: ${said}`);
  }
}
limit('line of 5', new Line({ maxLength: 5 }), '12345\n', '1234', '5\n12', '3456\n');
limit('line within 5', new Line({ maxLength: 5 }), 'ok\n123456\n');
limit('buffer of 8', new Line({ maxLength: 5, maxBuffer: 8 }), '12\n34\n5', '678', '9\n');
limit('block of 4', new Block({ maxLength: 4 }), '4\0four', '2\0t', 'w');
limit('odd length', new Block(), 'x');
for (const [label, bad] of [
  ['MaxLength 0', { maxLength: 0 }],
  ['MaxLength x', { maxLength: 'x' }],
  ['MaxLength 5 MaxBuffer 4', { maxLength: 5, maxBuffer: 4 }],
  ['MaxBuffer -1', { maxBuffer: -1 }],
  ['InputLiteral a InputRegexp b', { inputLiteral: 'a', inputRegexp: 'b' }],
  ['Literal a InputLiteral b', { literal: 'a', inputLiteral: 'b' }],
  ['Literal a OutputLiteral b', { literal: 'a', outputLiteral: 'b' }],
] as [string, any][]) {
  console.log(`Line with ${label}: ${outcome(() => new Line(bad))}`);
}
const nothing = () => undefined;
for (const [label, bad] of [
  ['BlockSize 0', { blockSize: 0 }],
  ['BlockSize 2 LengthCodec ARRAY', { blockSize: 2, lengthCodec: [nothing, nothing] }],
  ['LengthCodec 1', { lengthCodec: 1 }],
  ['LengthCodec ARRAY', { lengthCodec: [1, 2] }],
  ['BlockSize 5 MaxLength 4', { blockSize: 5, maxLength: 4 }],
  ['BlockSize x', { blockSize: 'x' }],
] as [string, any][]) {
  console.log(`Block with ${label}: ${outcome(() => new Block(bad))}`);
}

const blocks = (records: any): string =>
  (records ?? []).map((r: any) => (Array.isArray(r) ? `[${r.join(',')}]` : shown(r))).join(' ');
const pairs = new RecordBlock({ blockSize: 2 });
console.log(`pairs: ${blocks(pairs.get([1, 2, 3, 4, 5]))}; pending ${blocks(pairs.getPending())}`);
console.log(
  `threes: ${pairs.blocksize()} to ${pairs.blocksize(3)}: ${blocks(pairs.get([6, 7, 8]))}; pending ${blocks(pairs.getPending())}`,
);
console.log(`put: ${blocks(pairs.put([['a', 'b'], ['c']]))}`);
console.log(`checkput: ${Number(pairs.checkput())} to ${Number(pairs.checkput(true))}`);
console.log(
  `put: ${blocks(
    pairs.put([
      ['d', 'e'],
      ['f', 'g'],
    ]),
  )}; kept ${blocks(pairs.putPending())}`,
);
console.log(`put: ${blocks(pairs.put([['h', 'i']]))}; kept ${blocks(pairs.putPending())}`);
pairs.getOneStart(['v', 'w', 'x', 'y', 'z']);
for (let n = 1; n <= 3; n++)
  console.log(`one: ${blocks(pairs.getOne()) || 'nothing'}; pending ${blocks(pairs.getPending())}`);
for (const [label, bad] of [
  ['', {}],
  ['BlockSize 0', { blockSize: 0 }],
  ['BlockSize two', { blockSize: 'two' }],
  ['BlockSize -1', { blockSize: -1 }],
] as [string, any][]) {
  console.log(`RecordBlock with ${label}: ${outcome(() => new RecordBlock(bad))}`);
}
console.log(`block size 0: ${outcome(() => pairs.blocksize(0))}, now ${pairs.blocksize()}`);
const odd = new Grep({ code: (n: any) => n % 2 });
console.log(`odd: ${blocks(odd.get([1, 2, 3, 4, 5]))}, put ${blocks(odd.put([4, 5, 6, 7]))}`);
odd.modify({ put: (n: any) => n > 5 });
console.log(`modified: ${blocks(odd.get([1, 2, 3, 4, 5]))}, put ${blocks(odd.put([4, 5, 6, 7]))}`);
for (const [label, bad] of [
  ['', {}],
  ['Get CODE', { get: nothing }],
  ['Code 1', { code: 1 }],
  ['Put CODE', { put: nothing }],
  ['Get 1 Put 2', { get: 1, put: 2 }],
] as [string, any][]) {
  console.log(`Grep with ${label}: ${outcome(() => new Grep(bad))}`);
}

function data(x: any): string {
  if (x === undefined || x === null) return 'undef';
  if (Array.isArray(x)) return `[${x.map(data).join(',')}]`;
  if (x instanceof PerlRef) return `\\${data(x.value)}`;
  if (typeof x !== 'object') return String(x);
  return `{${Object.keys(x)
    .sort()
    .map((k) => `${k}=${data(x[k])}`)
    .join(',')}}`;
}
for (const [serializer, freezer] of [
  ['Storable', new Storable()],
  ['FreezeThaw', new FreezeThaw()],
] as const) {
  for (const compression of [0, 9]) {
    const options = { freezer, compression: compression > 0 };
    const filter = new Reference(options);
    const wire = Buffer.concat(
      filter.put([[1, 'a', undefined, -3], { a: { b: [] } }, new PerlRef('s'), new PerlRef([1])]) as Buffer[],
    ).toString('latin1');
    const records = pieces(wire, 7).flatMap((piece) => filter.get([bytes(piece)]));
    console.log(`${serializer} ${compression}: ${records.map(data).join(' ')}`);
    const mild = new Reference({ ...options, noFatals: true });
    const [first, ...others] = mild.get([bytes(`3\0abc${wire}`)]);
    console.log(`  mild: ${typeof first === 'string' ? 'text' : data(first)}, then ${others.length} more`);
    if (compression > 0) continue;
    const strict = new Reference(options);
    console.log(
      `  strict: ${outcome(() => strict.get([bytes('3\0abc')]))}, then ${strict
        .get([bytes(wire)])
        .map(data)
        .join(' ')}`,
    );
  }
}
console.log(`as text: ${shown(new Reference({ freezer: new FreezeThaw() }).clone().put([[1]])[0])}`);
