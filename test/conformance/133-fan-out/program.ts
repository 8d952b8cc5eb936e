import { kernel, Session } from 'poe-kernel';

const sessions = 2000;
const rounds = 10;
let [created, stopped, events, lastRound, lastId, disorder] = [0, 0, 0, 0, 0, 0];

Session.create({
  inlineStates: {
    _start({ kernel, heap }) {
      kernel.aliasSet('hub');
      heap.check = 0;
      for (let n = 1; n <= sessions; n++) {
        Session.create({
          args: [n],
          inlineStates: {
            _start({ kernel, heap }, n) {
              heap.n = n;
              created++;
              kernel.yield('round', 1);
              return n;
            },
            round({ kernel, heap }, r) {
              events++;
              if (r < lastRound || (r === lastRound && heap.n < lastId)) disorder++;
              [lastRound, lastId] = [r, heap.n];
              kernel.post('hub', 'report', heap.n, r);
              if (r < rounds) kernel.yield('round', r + 1);
            },
            _stop() {
              stopped++;
            },
          },
        });
      }
      console.log(`created ${created} sessions, live children reported by id sum: ${heap.sum ?? 0}`);
    },
    _child({ kernel, heap }, reason, _child, value) {
      if (reason === 'create') heap.sum = (heap.sum ?? 0) + value;
      if (reason === 'lose') {
        heap.lost = (heap.lost ?? 0) + 1;
        if (heap.lost === sessions) {
          console.log('all children lost');
          kernel.aliasRemove('hub');
        }
      }
    },
    report({ heap }, n, r) {
      heap.check = (heap.check * 31 + n * r) % 1_000_003;
      heap.reports = (heap.reports ?? 0) + 1;
    },
    _stop({ heap }) {
      console.log(`reports ${heap.reports}, checksum ${heap.check}`);
    },
  },
});
await kernel.run();
console.log(`events ${events}, disorder ${disorder}, stopped ${stopped}`);
