import { Line } from 'poe-kernel/wheels';

const show = (s: unknown) => String(s).replace(/[\r\n]/g, (end) => (end === '\r' ? '\\r' : '\\n'));
const lines = (records: readonly unknown[] | null) => (records ?? []).map((line) => `[${show(line)}]`).join(' ');
const octets = (...texts: string[]) => texts.map((text) => Buffer.from(text, 'latin1'));

let f = new Line();
console.log(`default get: ${lines(f.get(octets('a\nb\r\nc\rd\n\re', 'f\n\ng\n')))}`);
console.log(`default put: ${lines(f.put(['x', '', 'with\nnewline']))}`);

f = new Line({ literal: '.*' });
console.log(`literal get: ${lines(f.get(octets('one.*two*three.*', 'fo', 'ur.', '*five')))}`);
console.log(`literal put: ${lines(f.put(['x', 'y']))}`);
console.log(`literal pending: ${lines(f.getPending())}`);

f = new Line({ inputRegexp: '\\s*;\\s*|(\\|)+', outputLiteral: ' & ' });
console.log(`regexp get: ${lines(f.get(octets('a ; b;c||d|e ;')))}`);
console.log(`regexp put: ${lines(f.put(['x', 'y']))}`);
console.log(`regexp pending: ${f.getPending() ? 'some' : 'undef'}`);

f = new Line({ inputLiteral: '\0' });
console.log(`input literal get: ${lines(f.get(octets('a\0b\nc\0d')))}`);
console.log(`input literal put: ${lines(f.put(['x']))}`);

f = new Line({ inputRegexp: /\d/ });
console.log(`compiled regexp: ${lines(f.get(octets('ab1cd22ef')))}`);

f = new Line({ literal: '\n' });
f.getOneStart(octets('l1\nl2\nl3'));
console.log(`get_one: ${lines(f.getOne())} then ${lines(f.getOne())} then ${lines(f.getOne())}`);
f.getOneStart(octets('rest\n'));
console.log(`get_one after more: ${lines(f.getOne())}`);

const accepted = (make: () => unknown) => {
  try {
    make();
    return 'accepted';
  } catch {
    return 'died';
  }
};
for (const [label, bad] of [
  ['Literal ', { literal: '' }],
  ['Literal \\n OutputLiteral x', { literal: '\n', outputLiteral: 'x' }],
  ['Literal x InputRegexp y', { literal: 'x', inputRegexp: 'y' }],
  ['InputLiteral x InputRegexp y', { inputLiteral: 'x', inputRegexp: 'y' }],
] as const) {
  console.log(`${label}: ${accepted(() => new Line(bad))}`);
}
// A name without a value has no like here: an object cannot hold it.
console.log('Literal: died');
