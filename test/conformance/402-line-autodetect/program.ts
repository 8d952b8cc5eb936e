import { Line } from 'poe-kernel/wheels';

const show = (s: unknown) => String(s).replace(/[\r\n]/g, (end) => (end === '\r' ? '\\r' : '\\n'));
const lines = (records: readonly unknown[]) => records.map((line) => `[${show(line)}]`).join(' ');

const streams: [label: string, ...chunks: string[]][] = [
  ['CRLF whole', 'one\r\ntwo\r\nthree\r\n'],
  ['CRLF cut', 'one\r', '\ntwo\r\nth\rree\r\n'],
  ['CR then text', 'one\r', 'two\rthree\r'],
  ['LF', 'one\ntwo\rstill two\n'],
  ['LF cut, CR after', 'one\n', '\rtwo\n\rthree\n'],
  ['LFCR', 'one\n\rtwo\n\r'],
  ['byte by byte', ...'a\r\nb\r\nc\r\n'],
  ['CR LF text LF', 'one\r\ntwo\nthree\r\n'],
  ['no newline yet', 'no', 'thing'],
  ['two newlines', '\n\nx\n'],
];
for (const [label, ...chunks] of streams) {
  const f = new Line({ inputLiteral: undefined });
  const out = chunks.map((chunk) => ` ${lines(f.get([Buffer.from(chunk)])) || '-'}`);
  const pending = f.getPending();
  console.log(`${label}:${out.join('')} pending ${pending ? lines(pending) : 'none'}`);
}

const f = new Line({ inputLiteral: '' });
console.log(`empty string counts as autodetect: ${lines(f.get([Buffer.from('x\ny\n')]))}`);
console.log(`puts with the default: ${lines(f.put(['z']))}`);
