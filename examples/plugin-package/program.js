import { Session } from 'poe-kernel';

// `poe run program.js` runs the kernel: the program has not.
Session.create({
  inlineStates: {
    _start({ kernel }) {
      kernel.yield('work');
    },
    work() {
      console.log('working');
    },
  },
});
