import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Child } from '../../../components/prefork/child.ts';
import { plan } from '../../../components/prefork/plan.ts';
import { fc } from '../../helpers/property.ts';

const clock = { wall: () => 0, monotonic: () => 0 };

const children = fc
  .array(
    fc.record({
      state: fc.constantFrom('starting', 'spare', 'serving', 'draining'),
      promised: fc.boolean(),
      outdated: fc.constantFrom(undefined, undefined, 'reload'),
    }),
    { maxLength: 12 },
  )
  .map((list) =>
    list.map(({ state, promised, outdated }, id) =>
      Object.assign(new Child(id, 0, clock), { state, outdated, promised: promised && state === 'spare' }),
    ),
  );
const wanted = fc.record({ size: fc.nat(5), spares: fc.nat(3), maxSpares: fc.constant(4) });

describe('plan()', () => {
  test('never takes a serving child away that is needed, nor one that does not exist twice', () => {
    fc.assert(
      fc.property(children, wanted, (all, aims) => {
        const { promote, retire } = plan(all, aims);
        const serving = all.filter(({ state }) => state === 'serving').length;
        const retired = retire.map(([child]) => child);
        const taken = retired.filter(({ state }) => state === 'serving').length;
        assert.ok(serving - taken >= Math.min(serving, aims.size));
        const touched = [...promote, ...retired];
        assert.equal(new Set(touched).size, touched.length);
        assert.ok(promote.every(({ state, promised }) => state === 'spare' && !promised));
        assert.ok(retired.every(({ state }) => state !== 'draining'));
      }),
    );
  });

  test('carried out again and again it comes to rest at what is wanted, with no outdated child', () => {
    fc.assert(
      fc.property(children, wanted, (given, aims) => {
        let all: Child[] = given;
        let rest = 0;
        for (let round = 0; rest < 2; round++) {
          assert.ok(round < 60, 'it does not come to rest');
          const { promote, retire, start } = plan(all, aims);
          rest = promote.length + retire.length + start === 0 && all.every(isSettled) ? rest + 1 : 0;
          for (const child of promote) child.promised = true;
          for (const [child] of retire) Object.assign(child, { state: 'draining', promised: false });
          const made = Array.from({ length: start }, (_, n) => new Child(1000 * round + n, 1, clock));
          // What was asked for happens: who drains ends, who boots is ready, who was told to serve does.
          all = [...all.filter(({ state }) => state !== 'draining'), ...made];
          for (const child of all) {
            if (child.promised) Object.assign(child, { state: 'serving', promised: false });
            else if (child.state === 'starting') child.state = 'spare';
          }
        }
        assert.equal(all.filter(({ state }) => state === 'serving').length, aims.size);
        if (aims.size > 0 && aims.spares > 0) assert.ok(all.every(({ outdated }) => outdated === undefined));
        assert.ok(all.filter(({ state }) => state === 'spare').length >= aims.spares);
      }),
    );
  });
});

function isSettled({ state, promised }: Child): boolean {
  return (state === 'serving' || state === 'spare') && !promised;
}
