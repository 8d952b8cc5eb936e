import { kernel, Session } from 'poe-kernel';

let handle: Record<string, boolean> = { grandparent: true };
const stopped: string[] = [];

type Node = [name: string, ...below: Node[]];

function node(name: string, ...below: Node[]) {
  Session.create({
    inlineStates: {
      _start({ kernel }) {
        kernel.aliasSet(name);
        kernel.sig('DIE', 'die_seen');
        for (const one of below) node(...one);
      },
      die_seen({ kernel }, _signal, info) {
        console.log(`${name} hears of ${info.errorStr.message}`);
        if (handle[name]) kernel.sigHandled();
      },
      crash() {
        throw new Error(`crash of ${name}`);
      },
      _stop() {
        stopped.push(name);
      },
    },
  });
}

node('grandparent', ['parent', ['child', ['grandchild']]]);
kernel.post('child', 'crash');
Session.create({
  inlineStates: {
    _start({ kernel }) {
      kernel.aliasSet('stranger');
      kernel.sig('DIE', 'die_seen');
      kernel.delay('next', 0.1);
    },
    die_seen({ kernel }) {
      console.log('stranger hears of it');
      kernel.sigHandled();
    },
    next({ kernel }) {
      console.log('survived');
      handle = {};
      kernel.post('parent', 'crash');
      kernel.delay('never', 0.2);
    },
    never() {
      console.log('never');
    },
    _stop() {
      stopped.push('stranger');
    },
  },
});
try {
  await kernel.run();
  console.log('run returned');
} catch (error) {
  console.log(`run died: ${(error as Error).message}`);
}
console.log(`stopped: ${stopped.sort().join(' ')}`);
