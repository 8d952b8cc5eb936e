import { kernel, oneWay, Session, twoWay } from 'poe-kernel';
import { Block, Line, ReadWrite, Stream, SysRW } from 'poe-kernel/wheels';

// Bursts through pipes: separate handles, drivers of small blocks, marks crossed up and down, pauses within a burst, the figures of the driver, and last words.

const line = () => new Line({ literal: '\n' });
const figures = (w: any) => `${w.getDriverOutOctets()}/${w.getDriverOutMessages()}`;
let far: any;

const steps: [string, Record<string, any>][] = [
  [
    'small blocks',
    {
      _start({ heap }: any) {
        const [inR, inW] = oneWay();
        const [outR, outW] = oneWay();
        heap.wheel = new ReadWrite({
          inputHandle: inR,
          outputHandle: outW,
          driver: new SysRW({ blockSize: 4 }),
          inputFilter: new Stream(),
          outputFilter: line(),
          inputEvent: 'octets',
          errorEvent: 'error',
          flushedEvent: 'flushed',
        });
        heap.out = outR;
        inW.write('abcdefghij');
        inW.end();
      },
      octets({ heap }: any, octets: any) {
        console.log(`octets ${octets}`);
        heap.wheel.put(String(octets).toUpperCase());
        if (String(octets) === 'abcd') console.log(`figures ${figures(heap.wheel)}`);
      },
      flushed({ heap }: any) {
        heap.flushed = (heap.flushed ?? 0) + 1;
      },
      error({ heap }: any, operation: string, errno: number, text: string) {
        console.log(`${operation} ${errno} '${text}'`);
        console.log(`put: ${heap.wheel.put('after the end') ? 'full' : 'fine'}`);
        heap.wheel.event({ flushedEvent: 'last' });
      },
      last({ heap }: any) {
        const all = String(heap.out.read());
        console.log(`written: ${all.trimEnd().split('\n').join(' ')}`);
        console.log(`figures ${figures(heap.wheel)}`);
        heap.wheel.destroy();
      },
    },
  ],
  [
    'marks',
    {
      _start({ kernel, heap }: any) {
        const [a, b] = twoWay();
        heap.a = a;
        heap.near = new ReadWrite({
          inputHandle: a,
          outputHandle: a,
          filter: line(),
          inputEvent: 'never',
          flushedEvent: 'flushed',
          errorEvent: 'error',
          highMark: 20,
          lowMark: 10,
          highEvent: 'high',
          lowEvent: 'low',
        });
        heap.far = new ReadWrite({
          inputHandle: b,
          outputHandle: b,
          filter: line(),
          inputEvent: 'line',
          errorEvent: 'error',
        });
        for (let n = 1; n <= 6; n++)
          console.log(`put ${n}: ${heap.near.put(`line ${n}`) ? 'full' : 'fine'}, ${figures(heap.near)}`);
        let outcome = 'fine';
        try {
          heap.near.flush();
        } catch {
          outcome = 'dies';
        }
        console.log(`flush: ${outcome}, ${figures(heap.near)}`);
        console.log(`put 7: ${heap.near.put('line 7') ? 'full' : 'fine'}, ${figures(heap.near)}`);
        kernel.yield('beside');
      },
      beside() {
        console.log('beside');
      },
      high({ heap }: any) {
        console.log(`high, ${figures(heap.near)}`);
      },
      low({ heap }: any) {
        console.log(`low, ${figures(heap.near)}`);
      },
      flushed({ heap }: any) {
        console.log(`flushed, ${figures(heap.near)}`);
      },
      line({ heap }: any, line: string) {
        console.log(line);
        if (line !== 'line 7' && line !== 'bigger') return;
        if (line === 'line 7') {
          heap.near.event({ highEvent: 'higher', lowEvent: undefined });
          heap.near.put('x'.repeat(30), 'bigger');
        } else {
          heap.near.destroy();
          heap.a.destroy();
        }
      },
      higher({ heap }: any) {
        console.log(`higher, ${figures(heap.near)}`);
      },
      error({ heap }: any, operation: string, errno: number) {
        console.log(`${operation} ${errno}`);
        heap.far.destroy();
      },
    },
  ],
  [
    'pauses',
    {
      _start({ heap }: any) {
        const [a, b] = twoWay();
        heap.near = new ReadWrite({
          inputHandle: a,
          outputHandle: a,
          filter: new Block({ blockSize: 2 }),
          driver: new SysRW({ blockSize: 6 }),
          inputEvent: 'pair',
          errorEvent: 'error',
        });
        heap.far = new ReadWrite({
          inputHandle: b,
          outputHandle: b,
          filter: new Stream(),
          inputEvent: 'back',
          flushedEvent: 'written',
        });
        heap.far.put('a1a2a3b1b2b3c1c2c3d');
      },
      written({ heap }: any) {
        console.log('written');
        heap.far.shutdownOutput();
      },
      pair({ kernel, heap }: any, octets: any) {
        const pair = String(octets);
        console.log(`pair ${pair}`);
        if (pair === 'a2') {
          heap.near.pauseInput();
          kernel.delay('resume', 0.1);
        }
        if (pair === 'b3') {
          heap.near.event({ inputEvent: undefined });
          kernel.delay('listen', 0.1);
        }
        if (pair === 'c1') {
          heap.near.pauseInput();
          heap.near.resumeInput();
          heap.near.put('back');
        }
      },
      resume({ heap }: any) {
        console.log('resumed');
        heap.near.resumeInput();
      },
      listen({ heap }: any) {
        console.log('listening');
        heap.near.event({ inputEvent: 'pair' });
      },
      back({ heap }: any, octets: any) {
        console.log(`back ${octets}`);
        heap.back = (heap.back ?? 0) + 1;
      },
      error({ kernel, heap }: any, operation: string, errno: number) {
        console.log(
          `${operation} ${errno}, pending ${(heap.near.getInputFilter().getPending() ?? ['nothing']).map(String).join('')}`,
        );
        kernel.delay('done', 0.1);
      },
      done({ heap }: any) {
        heap.near.destroy();
        heap.far.destroy();
      },
    },
  ],
  [
    'last words',
    {
      _start({ heap }: any) {
        const [a, b] = twoWay();
        heap.far = b;
        heap.near = new ReadWrite({
          inputHandle: a,
          outputHandle: a,
          filter: line(),
          inputEvent: 'line',
          flushedEvent: 'flushed',
        });
        heap.near.put('first');
      },
      flushed({ kernel, session }: any) {
        console.log('flushed');
        kernel.signal(session, 'KILL');
      },
      _stop({ heap }: any) {
        console.log(`put: ${heap.near.put('last words') ? 'full' : 'fine'}, ${figures(heap.near)}`);
        far = heap.far;
        heap.near.destroy();
      },
    },
  ],
  [
    'what came of them',
    {
      _start() {
        const all = String(far.read());
        console.log(all.trimEnd().split('\n').join('|'));
      },
    },
  ],
];
Session.create({
  inlineStates: {
    _start({ kernel }) {
      kernel.yield('next');
    },
    next() {
      const step = steps.shift();
      if (!step) return;
      console.log(`-- ${step[0]}`);
      Session.create({
        inlineStates: {
          _stop() {
            console.log('stopped');
          },
          ...step[1],
        },
      });
    },
    _child({ kernel }, what) {
      if (what === 'lose') kernel.yield('next');
    },
  },
});
await kernel.run();
