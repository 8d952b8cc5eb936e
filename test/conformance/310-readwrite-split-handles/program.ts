import { kernel, oneWay, Session, twoWay } from 'poe-kernel';
import { type Filter, Line, ReadWrite, type ReadWriteOptions } from 'poe-kernel/wheels';

const [inR, inW] = oneWay();
const [outR, outW] = oneWay();

/** Records as length, NUL, octets; here only for writing. */
class Block implements Filter<string> {
  put(records: readonly string[]): Buffer[] {
    return records.map((record) => Buffer.from(`${Buffer.byteLength(record)}\0${record}`));
  }

  getOneStart(): void {}
  getOne(): string[] {
    return [];
  }
  get(): string[] {
    return [];
  }
  getPending(): null {
    return null;
  }
  clone(): Block {
    return new Block();
  }
}

Session.create({
  inlineStates: {
    _start({ heap }) {
      heap.flushes = 0;
      const [line, block] = [new Line(), new Block()];
      heap.wheel = new ReadWrite({
        inputHandle: inR,
        outputHandle: outW,
        inputFilter: line,
        outputFilter: block,
        inputEvent: 'gotLine',
        flushedEvent: 'flushed',
        errorEvent: 'gotError',
      });
      const w = heap.wheel;
      console.log(
        `handles: ${w.getInputHandle() === inR && w.getOutputHandle() === outW ? 'as given' : 'odd'}, ` +
          `filters: ${w.getInputFilter() === line && w.getOutputFilter() === block ? 'as given' : 'odd'}`,
      );
      inW.write('one\ntwo two\n');
    },
    gotLine({ heap }, line) {
      console.log(`line: ${line}`);
      heap.wheel.put(`<${line}>`);
    },
    flushed({ heap }) {
      const n = ++heap.flushes;
      console.log(`flush ${n}: ${String(outR.read()).replaceAll('\0', '\\0')}`);
      if (n === 1) inW.destroy();
      else heap.wheel.destroy();
    },
    gotError({ heap }, op, errno) {
      console.log(`error: ${op} ${errno}`);
      heap.wheel.put('still', 'writing');
    },
    _stop() {
      console.log('stop');
    },
  },
});
await kernel.run();

const [handle] = twoWay();
const cases: [string, ReadWriteOptions][] = [
  ['no handle', { inputEvent: 'x' }],
  ['input handle only', { inputHandle: handle, inputEvent: 'x' }],
  ['high mark without low', { handle, highMark: 5, highEvent: 'x' }],
];
for (const [label, options] of cases) {
  let outcome = 'accepted';
  try {
    new ReadWrite(options);
  } catch {
    outcome = 'died';
  }
  console.log(`${label}: ${outcome}`);
}
