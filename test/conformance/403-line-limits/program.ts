import { kernel, PoeLimitError, Session, twoWay } from 'poe-kernel';
import { Block, Line, ReadWrite } from 'poe-kernel/wheels';

/** What POE says where this library has a code. */
const WHY: Record<string, string> = {
  POE_ERR_LINE_TOO_LONG: 'Next line exceeds maximum line length',
  POE_ERR_BUFFER_LIMIT: 'Framing buffer exceeds the limit',
  POE_ERR_BLOCK_TOO_LONG: 'Expected size of next block exceeds the limit',
};

function attempt(label: string, code: () => unknown[]): void {
  try {
    console.log(`${label}: ok ${code().join(' ')}`);
  } catch (error) {
    console.log(`${label}: died: ${WHY[(error as PoeLimitError).code]}`);
  }
}

const f = new Line({ literal: '\n', maxLength: 5, maxBuffer: 20 });
attempt('short lines', () => f.get([Buffer.from('abc\ndefgh\n')]));
attempt('long line, no newline yet', () => f.get([Buffer.from('abcdefghij')]));
attempt('its newline', () => f.get([Buffer.from('\n')]));
attempt('the filter goes on', () => f.get([Buffer.from('ok\n')]));
attempt('buffer limit', () => f.get([Buffer.alloc(21, 'x')]));

let b = new Block({ maxLength: 10, maxBuffer: 100 });
attempt('block ok', () => b.get([Buffer.from('3\0abc')]));
attempt('block announced too long', () => b.get([Buffer.from('11\0abc')]));
b = new Block({ blockSize: 4, maxBuffer: 10 });
attempt('block buffer', () => b.get([Buffer.alloc(11, 'x')]));

for (const [label, bad] of [
  ['MaxLength 0', { maxLength: 0 }],
  ['MaxLength many', { maxLength: 'many' }],
  ['MaxBuffer -1', { maxBuffer: -1 }],
  ['MaxLength 100 MaxBuffer 10', { maxLength: 100, maxBuffer: 10 }],
] as const) {
  try {
    new Line({ literal: '\n', ...(bad as object) });
    console.log(`${label}: accepted`);
  } catch {
    console.log(`${label}: died`);
  }
}

const [near, far] = twoWay();
Session.create({
  inlineStates: {
    _start({ kernel, heap }) {
      kernel.sig('DIE', 'died');
      heap.wheel = new ReadWrite({
        handle: near,
        filter: new Line({ literal: '\n', maxLength: 8 }),
        inputEvent: 'line',
        errorEvent: 'failed',
      });
      far.write('short\nmuch too long a line\nlater\n');
      kernel.delay('more', 0.2);
    },
    line(_, line) {
      console.log(`wheel: line ${line}`);
    },
    died({ kernel }, _signal, info) {
      const why = info.errorStr instanceof PoeLimitError ? 'line too long' : 'other';
      const isOwn = /select read/.test(info.event) ? 'yes' : 'no';
      console.log(`wheel: DIE: ${why}, event is the wheel's own: ${isOwn}`);
      kernel.sigHandled();
    },
    more({ kernel }) {
      far.write('more\n');
      kernel.delay('end', 0.2);
    },
    end({ heap }) {
      heap.wheel.destroy();
      console.log('wheel: end');
    },
    failed(_, operation) {
      console.log(`wheel: error ${operation}`);
    },
  },
});
await kernel.run();
