/** An IKC server as in Perl, with `processes` and `babysit`. Tells what the babysitter has seen once two children are up, and ends. */
import { kernel, Session } from 'poe-kernel';
import { babysitterOf } from 'poe-kernel/components';
import { createIkcServer } from 'poe-kernel/ikc';

Session.create({
  inlineStates: {
    _start({ kernel }) {
      kernel.aliasSet('app');
      kernel.sig('__parent', 'parent');
    },
    parent() {
      const babysitter = babysitterOf(kernel);
      let isTold = false;
      babysitter?.hooks.childrenLooked.tap('test', (readings) => {
        if (readings.size < 2 || isTold) return;
        isTold = true;
        console.log(JSON.stringify({ interval: babysitter.settings.interval, states: [...readings.values()] }));
        process.kill(process.pid, 'SIGTERM');
      });
    },
  },
});

createIkcServer({ ip: '127.0.0.1', port: 0, name: 'Server', processes: 3, connections: 100, babysit: 0.2 });

await kernel.run();
