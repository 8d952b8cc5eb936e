import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Callback, Kernel, KernelView, Postback, Session } from 'poe-kernel';
import { SimulatedHandle } from 'poe-kernel/testing';
import { assertPeekAgrees, watchSweeps } from '../helpers/peek-agrees.ts';
import { fc } from '../helpers/property.ts';
import { Simulation } from '../helpers/run-sessions.ts';

/** What a handler may do; the numbers choose among sessions, names and times. */
const KINDS = [
  'post',
  'yield',
  'call',
  'callVoid',
  'delay',
  'alarm',
  'clear',
  'adjust',
  'remove',
  'alias',
  'unalias',
  'hold',
  'release',
  'postback',
  'invoke',
  'drop',
  'weaken',
  'callback',
  'select',
  'pause',
  'unselect',
  'sig',
  'unsig',
  'signal',
  'handle',
  'create',
  'detach',
  'detachChild',
  'state',
  'await',
  'throw',
  'reject',
  'child',
  'reap',
  'stop',
] as const;
type Kind = (typeof KINDS)[number];
interface Action {
  readonly kind: Kind;
  readonly a: number;
  readonly b: number;
}

const MOST_EVENTS = 400;
/** Calls within calls: a program must not go on calling for ever. */
const MOST_NESTED = 4;
const SIGNALS = ['TERM', 'NOISE', 'DIE', 'IDLE', 'ZOMBIE', 'USR1'];
const EVENTS = ['one', 'two', 'three', '_stop', '_child', '_default'];

// Stopping everything, throwing and terminal signals would leave little of a program if they came as often as the rest.
const action: fc.Arbitrary<Action> = fc.record({
  kind: fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...KINDS.filter((kind) => !/throw|reject|stop|signal$/.test(kind))) },
    { weight: 1, arbitrary: fc.constantFrom<Kind>('throw', 'reject', 'stop', 'signal') },
  ),
  a: fc.nat(20),
  b: fc.nat(20),
});
const program = fc.record({
  /** Handlers by session and event, each a list of actions. */
  handlers: fc.array(fc.array(action, { maxLength: 5 }), { minLength: 3, maxLength: 18 }),
  sessions: fc.integer({ min: 1, max: 4 }),
});

/** Runs a random program to its end and then looks for anything left behind. `begin` gets its kernel, and gives what is called at
 * the start of each handler. */
async function play(
  { handlers, sessions }: { handlers: Action[][]; sessions: number },
  begin: (kernel: Kernel) => () => void = () => () => {},
): Promise<void> {
  const simulation = new Simulation();
  const { kernel, simulated } = simulation;
  const look = begin(kernel);
  const all: Session[] = [];
  const postbacks: (Postback | Callback)[] = [];
  const handles = [new SimulatedHandle(), new SimulatedHandle()];
  let events = 0;
  let depth = 0;
  let pids = 0;

  const end = (pid: number, status: number): void => {
    if (simulated.processes.isChild(pid)) simulated.ended(pid, status);
  };
  const pick = <T>(list: readonly T[], n: number): T | undefined => list[n % Math.max(list.length, 1)];
  const target = (n: number): Session | string => pick(all, n) ?? 'nobody';

  function act({ kind, a, b }: Action, own: KernelView, session: Session, heap: { timers: number[] }): unknown {
    const event = EVENTS[b % 3] as string;
    switch (kind) {
      case 'post':
        return own.post(target(a), event, ...Array(b % 6).fill(b));
      case 'yield':
        return own.yield(event, ...Array(a % 6).fill(a));
      case 'call':
        return depth > MOST_NESTED ? undefined : own.call(target(a), event);
      case 'callVoid':
        return depth > MOST_NESTED ? undefined : own.callVoid(target(a), event);
      case 'delay':
        return void heap.timers.push(own.delaySet(event, a / 4) ?? 0);
      case 'alarm':
        return own.alarmAdd(event, 1e9 + a - 5);
      case 'clear':
        return own.alarm(event);
      case 'adjust':
        return own.alarmAdjust(pick(heap.timers, a) ?? 0, b - 10);
      case 'remove':
        return own.alarmRemove(pick(heap.timers, a) ?? 0);
      case 'alias':
        return own.aliasSet(`name ${a % 5}`);
      case 'unalias':
        return own.aliasRemove(`name ${a % 5}`);
      case 'hold':
        return own.refcountIncrement(target(a), `tag ${b % 3}`);
      case 'release':
        return own.refcountDecrement(target(a), `tag ${b % 3}`);
      case 'postback':
        return void postbacks.push(session.postback(event, a));
      case 'callback':
        return void postbacks.push(session.callback(event, a));
      case 'invoke':
        return depth > MOST_NESTED ? undefined : pick(postbacks, a)?.();
      case 'drop':
        return pick(postbacks, a)?.destroy();
      case 'weaken':
        return void pick(postbacks, a)?.weaken();
      case 'select':
        return own.select(pick(handles, a) as SimulatedHandle, event, b % 2 ? event : null);
      case 'pause':
        return own.selectPauseRead(pick(handles, a) as SimulatedHandle);
      case 'unselect':
        return own.select(pick(handles, a) as SimulatedHandle);
      case 'sig':
        return own.sig(SIGNALS[a % SIGNALS.length] as string, event);
      case 'unsig':
        return own.sig(SIGNALS[a % SIGNALS.length] as string);
      case 'signal':
        return own.signal(b % 3 ? target(a) : kernel, SIGNALS[b % SIGNALS.length] as string, { errorStr: 'made up' });
      case 'handle':
        return own.sigHandled();
      case 'create':
        return all.length < 12 && depth <= MOST_NESTED ? void make() : undefined;
      case 'detach':
        return own.detachMyself();
      case 'detachChild':
        return own.detachChild(target(a));
      case 'state':
        return own.state(event, a % 2 ? () => {} : null);
      case 'await':
        return Promise.resolve();
      case 'throw':
        throw new Error('thrown');
      case 'reject':
        return Promise.reject(new Error('rejected'));
      case 'child':
        simulated.born(++pids);
        return own.sigChild(pids, event);
      case 'reap':
        return void setImmediate(() => end(1 + (a % Math.max(pids, 1)), b));
      case 'stop':
        return own.stop();
    }
  }

  function make(): void {
    const nth = all.length;
    const states: Record<
      string,
      (context: { kernel: KernelView; session: Session; heap: { timers: number[] } }) => unknown
    > = {};
    for (const [at, event] of ['_start', ...EVENTS].entries()) {
      const actions = handlers[(nth * 7 + at) % handlers.length] ?? [];
      states[event] = ({ kernel: own, session, heap }) => {
        look();
        if (++events > MOST_EVENTS) {
          // Long enough: whatever is left is to end.
          own.stop();
          return undefined;
        }
        const promises: Promise<unknown>[] = [];
        depth++;
        try {
          for (const one of actions) {
            const result = act(one, own, session, heap);
            if (result instanceof Promise) promises.push(result);
          }
        } catch (error) {
          // An exception alone is thrown as it is, so that both ways are tried.
          if (promises.length === 0) throw error;
          promises.push(Promise.reject(error));
        } finally {
          depth--;
        }
        if (promises.length === 0) return undefined;
        // One promise for all, so that no rejection is lost.
        return Promise.all(promises);
      };
    }
    const made = simulation.session(states as never, { heap: { timers: [] } });
    all.push(made);
  }

  for (let n = 0; n < sessions; n++) make();
  // Whoever waits for a handle or a child for ever is ended from outside.
  const patience = setInterval(() => {
    for (const handle of handles) handle.set(0);
    for (let pid = 1; pid <= pids; pid++) end(pid, 0);
    if (++events > MOST_EVENTS / 2) kernel.stop();
  }, 1);
  try {
    await kernel.run();
  } catch (error) {
    assert.match(String(error), /thrown|rejected|made up/);
  } finally {
    clearInterval(patience);
  }

  const { _engine: engine } = kernel;
  assert.equal(engine.sessions.count, 0, 'sessions');
  assert.equal(kernel.getEventCount(), 0, 'events');
  assert.equal(engine.extrefs.count, 0, 'tagged references');
  assert.equal(engine.handles.count, 0, 'handles');
  assert.equal(engine.pendingPromises, 0, 'promises');
  assert.equal(engine.signals.awaitsProcesses, false, 'processes');
  assert.deepEqual(simulated.watchedSignals, [], 'signals');
  assert.deepEqual(
    handles.map(({ watched }) => watched),
    [[], []],
    'watched modes',
  );
  assert.equal(kernel.getActiveSession(), kernel, 'active session');
  for (const { id, _eventsTo, _eventsFrom, _references, _children, _alive } of [engine.kernelSession, ...all]) {
    assert.deepEqual([_eventsTo, _eventsFrom, _references, _children?.size ?? 0], [0, 0, 0, 0], `counts of ${id}`);
    assert.equal(_alive, id === kernel.id, `life of ${id}`);
  }
}

describe('random programs', () => {
  it('leave no event, reference, watcher or session behind, however they end', async () => {
    await fc.assert(
      fc.asyncProperty(program, (one) => play(one)),
      { numRuns: 100 },
    );
  });

  it('are seen by a Peek as the kernel sees them: who has no reason to live is who is stopped', async () => {
    let moments = 0;
    let swept = 0;
    const property = fc.asyncProperty(program, async (one) => {
      let seen = { swept: 0 };
      await play(one, (kernel) => {
        seen = watchSweeps(kernel);
        return () => {
          moments++;
          assertPeekAgrees(kernel);
        };
      });
      swept += seen.swept;
    });
    await fc.assert(property, { numRuns: 40 });
    assert.ok(moments > 300 && swept > 30, `${moments} moments, ${swept} sessions swept`);
  });

  it('deliver every event once and in order, whichever handlers throw', async () => {
    const posts = fc.array(
      fc.record({ from: fc.nat(3), to: fc.nat(3), how: fc.constantFrom('fine', 'throws', 'rejects') }),
    );
    const property = fc.asyncProperty(posts, async (list) => {
      const simulation = new Simulation();
      const { kernel } = simulation;
      const delivered: number[] = [];
      let died = 0;
      const sessions: Session[] = [0, 1, 2, 3].map(() =>
        simulation.session({
          _start({ kernel, session }) {
            kernel.refcountIncrement(session, 'test');
            kernel.sig('DIE', 'died');
          },
          note(_, n: number, how: string) {
            delivered.push(n);
            if (how === 'throws') throw new Error('thrown');
            return how === 'rejects' ? Promise.reject(new Error('rejected')) : undefined;
          },
          send: ({ kernel }, to: number, n: number, how: string) =>
            kernel.post(sessions[to] as Session, 'note', n, how),
          died({ kernel }) {
            died++;
            kernel.sigHandled();
          },
        }),
      );
      for (const [n, { from, to, how }] of list.entries()) kernel.post(sessions[from] as Session, 'send', to, n, how);
      simulation.sleep(2).then(() => {
        for (const session of sessions) kernel.refcountDecrement(session, 'test');
      });
      await kernel.run();
      assert.deepEqual(delivered, [...list.keys()]);
      assert.equal(died, list.filter(({ how }) => how !== 'fine').length);
      assert.equal(kernel.getEventCount(), 0);
    });
    await fc.assert(property, { numRuns: 50 });
  });
});
