import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ARG0, ARG1, ARGC, EventRing, NAME, SENDER, TARGET } from '../../../core/queue/event-ring.ts';
import type { SessionLike } from '../../../core/types.ts';
import { fc } from '../../helpers/property.ts';

const session = (name: string): SessionLike => ({ name }) as unknown as SessionLike;
const [a, b, c] = [session('a'), session('b'), session('c')] as const;

function push(ring: EventRing, target: SessionLike, name: string, ...args: unknown[]): void {
  ring.push(target, name, c, undefined, args.length, args[0], args[1], args[2], 0);
}

/** Takes the head event as the dispatcher does; undefined if it had been removed. */
function take(ring: EventRing): string | undefined {
  const { headWords, headAt } = ring;
  if (headWords[headAt + TARGET] === null) {
    ring.skip();
    return undefined;
  }
  const name = headWords[headAt + NAME] as string;
  ring.shift(headWords[headAt + ARGC] as number);
  return name;
}

describe('EventRing', () => {
  it('gives events back in the order they came, with their arguments', () => {
    const ring = new EventRing();
    push(ring, a, 'one', 1, 2);
    push(ring, b, 'two');
    assert.deepEqual([ring.headWords[ring.headAt + ARG0], ring.headWords[ring.headAt + ARG1]], [1, 2]);
    assert.equal(ring.headWords[ring.headAt + TARGET], a);
    assert.deepEqual([take(ring), take(ring), ring.size], ['one', 'two', 0]);
  });

  it('lets go of arguments when an event is taken or removed', () => {
    const ring = new EventRing();
    push(ring, a, 'one', {});
    push(ring, b, 'two', {});
    const words = ring.headWords;
    take(ring);
    ring.removeOf(b, 1, () => {});
    assert.ok(
      words.every((word) => word === null || typeof word !== 'object' || word === a || word === b || word === c),
    );
  });

  it('shows what waits, oldest first, with stamps', () => {
    const ring = new EventRing();
    ring.push(a, 'one', b, undefined, 0, undefined, undefined, undefined, 1.5);
    ring.push(b, 'two', a, undefined, 0, undefined, undefined, undefined, 2.5);
    const seen: unknown[] = [];
    const see = (words: readonly unknown[], at: number, stamp: number, seq: number): void => {
      seen.push([words[at + TARGET], words[at + NAME], words[at + SENDER], stamp, seq]);
    };
    ring.show((...event) => {
      see(...event);
      return true;
    });
    assert.deepEqual(seen, [
      [a, 'one', b, 1.5, 0],
      [b, 'two', a, 2.5, 1],
    ]);
    ring.show((...event) => {
      see(...event);
      return false;
    });
    assert.equal(seen.length, 3);
    assert.equal(ring.headStamp, 1.5);
  });

  it('behaves as a plain list under any pushes, takings and removals', () => {
    const command = fc.oneof(
      {
        weight: 5,
        arbitrary: fc.record({ kind: fc.constant('push' as const), to: fc.constantFrom(a, b), times: fc.nat(300) }),
      },
      { weight: 5, arbitrary: fc.record({ kind: fc.constant('take' as const), times: fc.nat(300) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove' as const), of: fc.constantFrom(a, b) }) },
    );
    fc.assert(
      fc.property(fc.array(command, { maxLength: 20 }), (commands) => {
        const ring = new EventRing();
        let list: { target: SessionLike; name: string }[] = [];
        let made = 0;
        for (const step of commands) {
          if (step.kind === 'push') {
            for (let n = 0; n < step.times; n++) {
              const name = `event ${made++}`;
              push(ring, step.to, name, n, n);
              list.push({ target: step.to, name });
            }
          } else if (step.kind === 'take') {
            for (let n = 0; n < step.times && ring.headSeq < ring.tailSeq; n++) {
              const name = take(ring);
              if (name !== undefined) assert.equal(name, list.shift()?.name);
            }
          } else {
            let removed = 0;
            const expected = list.filter(({ target }) => target === step.of).length;
            ring.removeOf(step.of, expected, () => removed++);
            assert.equal(removed, expected);
            list = list.filter(({ target }) => target !== step.of);
          }
          assert.equal(ring.size, list.length);
        }
        const left: string[] = [];
        ring.show((words, at) => {
          left.push(words[at + NAME] as string);
          return true;
        });
        assert.deepEqual(
          left,
          list.map(({ name }) => name),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('removes the events of many sessions one after the other, whatever is pushed and taken in between', () => {
    const sessions = Array.from({ length: 200 }, (_, n) => session(`s${n}`));
    const of = (n: number): SessionLike => sessions[n % sessions.length] as SessionLike;
    const stretch = fc.record({
      pushes: fc.integer({ min: 0, max: 400 }),
      takes: fc.oneof({ weight: 4, arbitrary: fc.nat(50) }, { weight: 1, arbitrary: fc.nat(3000) }),
      removals: fc.nat(60),
      step: fc.integer({ min: 1, max: 199 }),
    });
    fc.assert(
      fc.property(fc.array(stretch, { minLength: 5, maxLength: 40 }), (stretches) => {
        const ring = new EventRing();
        let list: { name: string; target: SessionLike; sender: SessionLike }[] = [];
        let made = 0;
        let at = 0;
        for (const { pushes, takes, removals, step } of [
          { pushes: 2000, takes: 0, removals: 40, step: 1 },
          ...stretches,
        ]) {
          for (let n = 0; n < pushes; n++) {
            const event = { name: `event ${made}`, target: of(made * step), sender: of(made * 7) };
            ring.push(event.target, event.name, event.sender, undefined, 1, event, undefined, undefined, 0);
            list.push(event);
            made++;
          }
          for (let n = 0; n < takes && ring.headSeq < ring.tailSeq; n++) {
            const name = take(ring);
            if (name !== undefined) assert.equal(name, list.shift()?.name);
          }
          for (let n = 0; n < removals; n++) {
            at += step;
            const gone = of(at);
            const concerns = (event: { target: SessionLike; sender: SessionLike }) =>
              event.target === gone || event.sender === gone;
            const told: [SessionLike, SessionLike][] = [];
            const expected = list.filter(concerns).map(({ target, sender }) => [target, sender]);
            ring.removeOf(gone, expected.length, (...pair) => told.push(pair));
            assert.ok(told.length === expected.length && told.flat().every((one, n) => one === expected.flat()[n]));
            list = list.filter((event) => !concerns(event));
            assert.equal(ring.size, list.length);
          }
        }
        while (ring.headSeq < ring.tailSeq) {
          const name = take(ring);
          if (name !== undefined) assert.equal(name, list.shift()?.name);
        }
        assert.equal(list.length, 0);
      }),
      { numRuns: 15 },
    );
  });
});
