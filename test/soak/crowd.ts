/**
 * A crowd in one kernel: what idle sessions and pending timers cost, that they all work, and that they all can end.
 *
 *     npm run --silent soak:crowd -- [--sessions N] [--timers M]      default 100,000 and 1,000,000
 *
 * Status 0 if everything did what it should, nothing was left behind, and no step took longer than its limit of CPU time.
 */
import assert from 'node:assert/strict';
import { parseArgs } from 'node:util';
import { type HandlerContext, Kernel, Peek, Session } from 'poe-kernel';
import { heldOctets, mebi } from '../helpers/memory.ts';

const { values } = parseArgs({
  options: { sessions: { type: 'string', default: '100000' }, timers: { type: 'string', default: '1000000' } },
});
const [sessions, timers] = [Number(values.sessions), Number(values.timers)];
const perSession = Math.floor(timers / sessions);
assert.ok(
  Number.isInteger(sessions) && sessions > 0 && perSession > 0,
  'give whole numbers, and at least one timer a session',
);

/** Microseconds of CPU time that a step may take for each session and each timer: some twenty times what it needs. */
const LIMIT_US = 100;
/** Octets that a session and its timers may leave behind when all have gone: tables that have grown and are kept for the next ones. */
const LEFT = 40;

const kernel = new Kernel();
const peek = new Peek(kernel);
const all: Session[] = [];
/** One timer id of each session, by its number. In place before anything is measured, so that it does not count. */
const someTimer = new Float64Array(sessions + 2);
let [pinged, fired, stopped] = [0, 0, 0];

/** Three handlers and, in `_start`, an alias. */
const inlineStates = {
  _start({ kernel, session }: HandlerContext): void {
    kernel.aliasSet(`session-${session.id}`);
  },
  ping({ kernel, session }: HandlerContext, what: string): void {
    pinged++;
    if (what === 'set timers') {
      for (let n = 0; n < perSession; n++) {
        someTimer[session.id] = kernel.delaySet('fire', 3600 + ((session.id * 7919 + n) % 3600)) as number;
      }
    } else if (what === 'move one') {
      assert.ok(kernel.delayAdjust(someTimer[session.id] as number, 0.001) !== undefined);
    } else if (what === 'cancel one') {
      assert.equal(kernel.alarmRemove(someTimer[session.id] as number)?.[0], 'fire');
    }
  },
  fire(): void {
    fired++;
  },
};

/** Does something, and says what that took. */
async function step<T>(title: string, things: number, what: () => T | Promise<T>): Promise<T> {
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  const value = await what();
  const { user, system } = process.cpuUsage(cpu);
  const seconds = ((performance.now() - start) / 1000).toFixed(2);
  console.log(`${title.padEnd(58)} ${seconds.padStart(6)} s, CPU ${((user + system) / 1e6).toFixed(2).padStart(5)} s`);
  const allowed = things * LIMIT_US;
  assert.ok(user + system <= 1e6 + allowed, `${title}: more than ${(1 + allowed / 1e6).toFixed(1)} s of CPU time`);
  return value;
}

/** Posts an event to everybody and runs until it has come. */
async function ping(what: string): Promise<void> {
  const before = pinged;
  for (const session of all) kernel.post(session, 'ping', what);
  await kernel.runWhile(() => pinged < before + all.length);
  assert.equal(pinged - before, sessions);
}

const count = (n: number): string => n.toLocaleString('en');
const waiting = (): number => peek.kernel().counts.timers;

// Without anything that can still happen, sessions that only have names would end.
const keeper = Session.create({
  kernel,
  inlineStates: { _start: ({ kernel, session }) => void kernel.refcountIncrement(session, 'crowd') },
});
kernel.hooks.sessionStopped.tap('crowd', (session) => {
  if (session !== keeper) stopped++;
});
const empty = heldOctets();
await step(`make ${count(sessions)} sessions`, sessions, async () => {
  for (let n = 0; n < sessions; n++) all.push(Session.create({ kernel, inlineStates }));
  await kernel.runWhile(() => kernel.getEventCount() > 0);
});
const withSessions = heldOctets();
await step(`each sets ${count(perSession)} timers`, timers, () => ping('set timers'));
const set = sessions * perSession;
assert.equal(waiting(), set);
const withTimers = heldOctets();

await step('an event to each', sessions, () => ping('say nothing'));
await step('each moves a timer to now', sessions, () => ping('move one'));
await step('they fire', sessions, () => kernel.runWhile(() => fired < sessions));
assert.deepEqual([fired, waiting()], [sessions, set - sessions]);
await step('each sets its timers anew, and cancels one', timers + sessions, async () => {
  await ping('set timers');
  await ping('cancel one');
});
assert.equal(waiting(), 2 * set - 2 * sessions);
const { sessions: listed, queue } = await step('a look at 1,000 of each', sessions + timers, () => peek.dump());
assert.deepEqual([listed.length, queue.length], [Math.min(1000, sessions), Math.min(1000, waiting())]);

await step('half of them end at once, with something queued', sessions + timers, async () => {
  for (const session of all) kernel.post(session, 'ping', 'say nothing');
  for (const [n, session] of all.entries()) if (n % 2 === 0) kernel.signal(session, 'KILL');
  await kernel.runWhile(() => stopped < Math.ceil(sessions / 2));
});
await step('stop() ends the rest, with something queued', sessions + timers, async () => {
  for (const session of all) kernel.post(session, 'ping', 'say nothing');
  kernel.stop();
  await kernel.run();
});
assert.deepEqual([stopped, kernel.getSessionCount(), kernel.getEventCount()], [sessions, 0, 0]);
all.length = 0;
await step(`${count(sessions)} others end by themselves: nothing can happen any more`, sessions, async () => {
  for (let n = 0; n < sessions; n++) Session.create({ kernel, inlineStates });
  await kernel.run();
});
assert.equal(stopped, 2 * sessions);
const left = heldOctets() - empty;

console.log(
  `A session with 3 handlers and an alias: ${Math.round((withSessions - empty) / sessions)} octets. ` +
    `A pending timer: ${Math.round((withTimers - withSessions) / set)} octets. ` +
    `Held in all: ${mebi(withTimers - empty)}; when all had gone: ${mebi(left)}.`,
);
// And what the engine below has compiled meanwhile.
const allowed = 2 ** 22 + LEFT * sessions;
assert.ok(left <= allowed, `${mebi(left)} are still held, ${mebi(allowed)} are allowed`);
