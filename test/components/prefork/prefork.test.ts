import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Kernel } from 'poe-kernel';
import { prefork, supervisorOf, workerOf } from 'poe-kernel/components';
import { Simulation } from 'poe-kernel/testing';
import { PreforkedProgram } from '../../helpers/preforked/preforked.ts';

describe('prefork(), service', () => {
  test('children serve, the parent does not', () =>
    PreforkedProgram.use({ processes: 3 }, async (program) => {
      const pids = new Set<number>();
      for (let n = 0; n < 20; n++) pids.add((await program.ask('hello')).pid);
      assert.ok(!pids.has(program.pid));
      const known = program.serving().map(({ pid }) => pid);
      assert.ok([...pids].every((pid) => known.includes(pid)));
    }));

  for (const kind of ['TCP', 'unix'] as const) {
    test(`clients that come before the first child are not refused, over ${kind}`, async () => {
      const folder = mkdtempSync(join(tmpdir(), 'poe-prefork-'));
      const path = kind === 'unix' ? { path: join(folder, 'socket') } : {};
      try {
        // The parent alone: no child serves, none waits.
        await PreforkedProgram.use({ processes: 1, minSpares: 0, ...path }, async (program) => {
          await program.until(() => program.told.some(({ role }) => role === 'parent'), 'the parent listens');
          const clients = Array.from({ length: 5 }, () => program.connect());
          await Promise.all(clients.map(({ connected }) => connected));
          const answers = clients.map((client, n) => client.ask(String(n)));
          assert.deepEqual(program.events, []);
          program.signal('SIGTTIN');
          const lines = (await Promise.all(answers)).map(({ line }) => line);
          assert.deepEqual(lines, ['0', '1', '2', '3', '4']);
          await program.until(() => program.serving().length === 1, 'one child serves');
          for (const client of clients) client.end();
        });
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  }

  test('connections: no child accepts more, however many come at once, and nobody is refused or lost', () =>
    PreforkedProgram.use({ processes: 3, connections: 3, delay: 0.01 }, async (program) => {
      const counts = new Map<number, number>();
      for (let round = 0; round < 3; round++) {
        const answers = await Promise.all(Array.from({ length: 8 }, () => program.ask('hello')));
        for (const { pid } of answers) counts.set(pid, (counts.get(pid) ?? 0) + 1);
      }
      assert.ok(counts.size >= 8, `${counts.size} children`);
      assert.deepEqual(
        [...counts.values()].filter((count) => count > 3),
        [],
      );
      await program.until(() => program.exits().length >= 7, 'children that have had their connections end');
      assert.ok(
        program
          .exits()
          .every(({ reason, status, connections }) => reason === 'connections' && status === 0 && connections === 3),
      );
    }));

  test('a child that has had its connections serves them to their end, while another one takes the next', () =>
    PreforkedProgram.use({ processes: 2, connections: 2, drainTimeout: 0.5 }, async (program) => {
      const first = program.connect();
      const second = program.connect();
      const { pid } = await first.ask('a');
      assert.equal((await second.ask('b')).pid, pid);
      second.end();
      // Longer than a child has that is told to end.
      await sleep(800);
      assert.equal((await first.ask('c')).pid, pid);
      assert.notEqual((await program.ask('d')).pid, pid);
      first.end();
      await program.until(() => program.exits().some((exit) => exit.pid === pid), 'it ends with its last connection');
    }));

  test('concurrency: a child that is full leaves further connections to others', () =>
    PreforkedProgram.use({ processes: 3, concurrency: 1 }, async (program) => {
      const clients = [program.connect(), program.connect(), program.connect()];
      const answers = await Promise.all(clients.slice(0, 2).map((client) => client.ask('hello')));
      assert.equal(new Set(answers.map(({ pid }) => pid)).size, 2);
      const third = clients[2]?.ask('patience');
      assert.equal(await Promise.race([third, sleep(200, 'waits')]), 'waits');
      clients[0]?.end();
      assert.equal((await third)?.pid, answers[0]?.pid);
      for (const client of clients) client.end();
      // And once more, on a socket that was handed to the child again.
      assert.equal((await program.ask('again')).line, 'again');
    }));

  test('a unix socket: its path stays through a handover and goes with the last parent', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'poe-prefork-'));
    const path = join(folder, 'socket');
    try {
      await PreforkedProgram.use({ processes: 2, path, concurrency: 1 }, async (program) => {
        const { pid } = await program.ask('hello');
        const first = program.pid;
        const { ino } = statSync(path);
        program.signal('SIGALRM');
        await program.until(() => program.told.some(({ ended }) => ended === first), 'the first parent ends');
        assert.equal(statSync(path).ino, ino);
        const answer = await program.ask('hello');
        assert.notEqual(answer.pid, pid);
        // The second answer needs the socket anew: a path is sent to a child as a port is.
        assert.equal((await program.ask('again')).line, 'again');
        program.signal('SIGTERM');
        await program.until(() => program.told.some(({ ended }) => ended === program.pid), 'the second parent ends');
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('a ServerTCP that is full pauses, and others take the next connections', () =>
    PreforkedProgram.use(
      { processes: 3 },
      async (program) => {
        await program.until(() => program.told.some(({ role }) => role === 'parent'), 'the parent tells where it is');
        const clients = Array.from({ length: 4 }, () => program.connect());
        const answers: number[] = [];
        for (const client of clients) answers.push((await client.ask('hello')).pid);
        assert.equal(new Set(answers).size, 2);
        const waiting = program.connect();
        const answer = waiting.ask('patience');
        clients[0]?.end();
        assert.equal((await answer).pid, answers[0]);
        for (const client of [...clients, waiting]) client.end();
      },
      'tcp.js',
    ));

  test('an address in use is a failure of the wheel', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    try {
      await PreforkedProgram.use({ processes: 2, port }, async (program) => {
        const { failed, errno } = program.told.find((told) => 'failed' in told) ?? {};
        assert.deepEqual({ failed, errno }, { failed: 'bind', errno: constants.errno.EADDRINUSE });
      });
    } finally {
      other.close();
    }
  });

  test('children do not pass on what they were told, nor the sockets', () =>
    PreforkedProgram.use({ processes: 2 }, async (program) => {
      const { line } = await program.ask('descendants');
      assert.deepEqual(JSON.parse(line), { announced: false, sockets: 0 });
    }));
});

describe('prefork(), refusals', () => {
  test('options that cannot be', () => {
    const kernel = new Kernel();
    const handoverSignals = ['FOO', 'SIGUSR2', 'KILL', 'TERM'].map((handoverSignal) => ({ handoverSignal }));
    for (const options of [
      { process: 2 },
      { processes: 1.5 },
      { drainTimeout: 0 },
      { orphans: 'kill' },
      ...handoverSignals,
    ]) {
      assert.throws(
        () => prefork(kernel, options as never),
        { code: 'POE_ERR_PREFORK_OPTION' },
        JSON.stringify(options),
      );
    }
  });

  test('a host whose sockets cannot be shared', () => {
    const kernel = new Kernel({ host: new Simulation().host() });
    assert.throws(() => prefork(kernel), { code: 'POE_ERR_PREFORK_HOST' });
  });

  test('a second kernel; a program without a file', async () => {
    const program = process.argv[1] as string;
    process.argv.splice(1, 1);
    try {
      assert.throws(() => prefork(new Kernel()), { code: 'POE_ERR_PREFORK_PROGRAM' });
    } finally {
      process.argv.splice(1, 0, program);
    }
    const kernel = new Kernel();
    // Nothing is started before the kernel runs.
    const preforked = prefork(kernel, { processes: 2 });
    assert.equal(preforked.role, 'parent');
    assert.equal(prefork(kernel, { processes: 9 }), preforked);
    assert.equal(supervisorOf(kernel)?.size, 1);
    assert.equal(workerOf(kernel), undefined);
    assert.throws(() => prefork(new Kernel()), { code: 'POE_ERR_PREFORK_KERNEL' });
    supervisorOf(kernel)?.stop();
    await kernel.run();
  });
});
