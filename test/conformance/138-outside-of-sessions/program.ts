import { kernel, Session } from 'poe-kernel';

const yes = (value: boolean) => (value ? 'yes' : 'no');

Session.create({
  inlineStates: {
    _start({ kernel, sender }) {
      kernel.aliasSet('box');
      console.log(`box: parent is the kernel: ${yes(sender === kernel)}`);
    },
    fill({ kernel, sender, callerState }, ...args) {
      const by = `sender kernel: ${yes(sender === kernel)}, caller state ${callerState ?? 'undef'}`;
      console.log(`box: fill ${args.join(' ')}, ${by}`);
      return args.length;
    },
    hear(_, what) {
      console.log(`box: ${what}`);
    },
    check({ kernel }) {
      console.log(`box: kernel alias resolves to the kernel: ${yes(kernel.aliasResolve('main') === kernel)}`);
      console.log(`box: removing it: ${kernel.aliasRemove('main')}`);
      kernel.sig('NEWS');
      kernel.aliasRemove('box');
    },
    watch({ kernel }) {
      kernel.sig('NEWS', 'hear');
    },
  },
});

kernel.call('box', 'watch');
console.log(`call: ${kernel.call('box', 'fill', 'a', 'b')}`);
console.log(`post: ${kernel.post('box', 'fill', 'c')}`);
console.log(`signal: ${kernel.signal('box', 'NEWS')}`);
console.log(`alias_set: ${kernel.aliasSet('main')}, list: ${kernel.aliasList()?.join(' ')}`);
console.log(`state: ${kernel.state('x', () => {})}`);
console.log(`yield: ${kernel.yield('lost') === undefined ? 'undef' : 'defined'}`);
console.log(`delay: ${kernel.delay('lost', 0.05)}`);
kernel.post('box', 'check');
await kernel.run();
console.log('run returned');
