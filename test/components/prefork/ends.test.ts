import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { PreforkedProgram } from '../../helpers/preforked/preforked.ts';

describe('prefork(), ends of processes', () => {
  test('a child that is killed: a spare serves in its place', () =>
    PreforkedProgram.use({ processes: 2 }, async (program) => {
      await program.until(() => program.spares().length === 1, 'there is a spare');
      const [victim] = program.serving();
      const [spare] = program.spares();
      program.signal('SIGKILL', victim?.pid);
      assert.equal((await program.ask('hello')).pid, spare?.pid);
      await program.until(() => program.errors.some((line) => line.includes('POE_WARN_PREFORK_EXIT')), 'it is told');
    }));

  test('a child that does not finish is closed in time, and its clients see a regular end', () =>
    PreforkedProgram.use({ processes: 2, drainTimeout: 10 }, async (program) => {
      const client = program.connect();
      const { pid } = await client.ask('hello');
      program.signal('SIGHUP');
      await program.until(() => program.exits().some((exit) => exit.pid === pid), 'it ends');
      const exit = program.exits().find((one) => one.pid === pid);
      assert.deepEqual(
        { reason: exit?.reason, killed: exit?.killed, status: exit?.status },
        { reason: 'reload', killed: false, status: 0 },
      );
      await assert.rejects(client.ask('late'), /closed/);
      const toldInChild = program.told.filter((one) => one.event === 'draining' || one.event === 'closing');
      assert.deepEqual(
        toldInChild.filter((one) => one.pid === pid).map(({ event, reason }) => [event, reason]),
        [
          ['draining', 'retire'],
          ['closing', undefined],
        ],
      );
    }));

  test('TTIN and TTOU: one child more, one fewer', () =>
    PreforkedProgram.use({ processes: 2 }, async (program) => {
      program.signal('SIGTTIN');
      await program.until(() => program.serving().length === 2, 'two serve');
      program.signal('SIGTTOU');
      await program.until(() => program.exits().some(({ reason }) => reason === 'scale'), 'one is let go');
      assert.equal(program.serving().length, 1);
    }));

  test('INT to the parent ends all', () =>
    PreforkedProgram.use({ processes: 3 }, async (program) => {
      program.signal('SIGINT');
      assert.deepEqual(await program.ended(), { code: 0, signal: null });
      assert.ok(program.exits().every(({ reason }) => reason === 'INT'));
    }));

  test('TERM to a child: it finishes what it has and is replaced', () =>
    PreforkedProgram.use({ processes: 2 }, async (program) => {
      const client = program.connect();
      const { pid } = await client.ask('hello');
      program.signal('SIGTERM', pid);
      await program.until(
        () => program.events.some((event) => event.pid === pid && event.event === 'childDraining'),
        'it drains',
      );
      assert.equal((await client.ask('still')).pid, pid);
      assert.notEqual((await program.ask('other')).pid, pid);
      client.end();
      await program.until(() => program.exits().length === 1, 'it ends');
      assert.equal(program.exits()[0]?.reason, 'TERM');
    }));

  test('the parent is killed: children finish what they have and end', () =>
    PreforkedProgram.use({ processes: 2 }, async (program) => {
      const client = program.connect();
      const { pid } = await client.ask('hello');
      program.signal('SIGKILL');
      await sleep(300);
      assert.equal((await client.ask('still')).pid, pid);
      client.end();
      await program.until(() => !isRunning(pid), 'it ends');
      await program.until(
        () => program.pids.filter((one) => one !== program.pid).every((one) => !isRunning(one)),
        'all end',
      );
      // The next one starts where this one was.
      const { port } = program;
      await PreforkedProgram.use({ processes: 2, port }, async (next) => {
        assert.equal(next.port, port);
        assert.equal((await next.ask('hello')).line, 'hello');
      });
    }));

  test("the parent is killed, orphans: 'continue': children go on", () =>
    PreforkedProgram.use({ processes: 2, orphans: 'continue' }, async (program) => {
      const { pid } = await program.ask('hello');
      program.signal('SIGKILL');
      await sleep(500);
      assert.equal((await program.ask('hello')).pid, pid);
    }));
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
