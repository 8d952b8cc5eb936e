import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Kernel, Session } from 'poe-kernel';
import type { ChildState, PreforkOptions } from 'poe-kernel/components';
import { Simulation } from 'poe-kernel/testing';
import { preforkSettings } from '../../../components/prefork/options.ts';
import { Supervisor } from '../../../components/prefork/supervisor.ts';
import { FakeLauncher, type FakeProcess } from '../../helpers/preforked/fake-launcher.ts';

class Stage {
  readonly simulation = new Simulation({ time: 'manual', seed: 1 });
  readonly kernel = new Kernel({ host: this.simulation.host() });
  readonly launcher = new FakeLauncher();
  readonly supervisor: Supervisor;
  readonly run: Promise<void>;
  readonly signals: string[] = [];

  constructor(options: PreforkOptions = {}) {
    const { signals } = this;
    Session.create({
      kernel: this.kernel,
      inlineStates: {
        _start({ kernel }) {
          kernel.aliasSet('program');
          for (const name of ['__parent', 'TERM', 'INT']) kernel.sig(name, 'signal');
        },
        signal: (_, name: string) => void signals.push(name),
      },
    });
    this.supervisor = new Supervisor(this.kernel, preforkSettings(options), this.launcher);
    this.run = this.kernel.run();
  }

  /** Lets so many seconds pass. */
  async pass(seconds: number): Promise<void> {
    await this.simulation.advance(seconds);
  }

  /** All children that are started boot, again and again, for so many seconds. */
  async boot(): Promise<void> {
    for (let round = 0; round < 8; round++) {
      await this.pass(0);
      this.launcher.bootAll();
    }
    await this.pass(0);
  }

  count(state: ChildState): number {
    return this.supervisor.children().filter((child) => child.state === state).length;
  }

  process(pid: number): FakeProcess {
    return this.launcher.children.find((child) => child.pid === pid) as FakeProcess;
  }

  serving(): FakeProcess[] {
    return this.supervisor
      .children()
      .filter(({ state }) => state === 'serving')
      .map(({ pid }) => this.process(pid));
  }

  get states(): string {
    const { children } = this.launcher;
    return `${children.length} started, ${this.count('serving')} serve, ${this.count('spare')} spare, ${this.count('starting')} boot, ${this.count('draining')} drain`;
  }

  /** Ends all. */
  async end(): Promise<void> {
    this.supervisor.stop();
    for (const child of this.launcher.running) child.end(0);
    this.kernel.signal(this.kernel, 'KILL');
    await this.pass(0);
    this.kernel.stop();
    await this.run;
  }
}

async function on(options: PreforkOptions, act: (stage: Stage) => Promise<void>): Promise<void> {
  const stage = new Stage(options);
  try {
    await act(stage);
  } finally {
    await stage.end();
  }
}

describe('Supervisor, as many as there should be', () => {
  test('start: n - 1 children and a spare; everybody is told __parent once', () =>
    on({ processes: 3 }, async (stage) => {
      await stage.pass(0);
      assert.equal(stage.states, '3 started, 0 serve, 0 spare, 3 boot, 0 drain');
      await stage.boot();
      assert.equal(stage.states, '3 started, 2 serve, 1 spare, 0 boot, 0 drain');
      await stage.pass(200);
      assert.deepEqual(stage.signals, ['__parent']);
    }));

  test('a child that ends: the spare takes its place at once, and then another spare is started', () =>
    on({ processes: 3 }, async (stage) => {
      await stage.boot();
      await stage.pass(10);
      stage.serving()[0]?.end(null, 'SIGKILL');
      // Before the kernel's next turn, and before the milliseconds that it takes to start a process.
      assert.equal(stage.states, '3 started, 2 serve, 0 spare, 0 boot, 0 drain');
      await stage.pass(0);
      assert.equal(stage.states, '4 started, 2 serve, 0 spare, 1 boot, 0 drain');
      const [exit] = stage.supervisor.exits();
      assert.equal(exit?.reason, 'killed by SIGKILL');
      assert.equal(exit?.status, 9);
    }));

  test('each thing that happens to a child is told, in order', () =>
    on({ processes: 2, minSpares: 0 }, async (stage) => {
      const told: string[] = [];
      const { hooks } = stage.supervisor;
      for (const name of [
        'childStarted',
        'childReady',
        'childServing',
        'childHeard',
        'childDraining',
        'childExited',
      ] as const)
        hooks[name].tap('test', ({ state, reason = '' }) => told.push(`${name} ${state} ${reason}`.trim()));
      hooks.stopping.tap('test', (reason) => told.push(`stopping ${reason}`));
      await stage.boot();
      const [child] = stage.serving();
      child?.events.message({ type: 'stats', connections: 1, open: 1 });
      stage.supervisor.stop('enough');
      child?.end(0);
      assert.deepEqual(told, [
        'childStarted starting',
        'childReady spare',
        'childServing serving',
        'childHeard serving',
        'stopping enough',
        'childDraining draining enough',
        'childExited exited enough',
      ]);
    }));

  test('a child that has had its connections is replaced while it finishes, however long that takes', () =>
    on({ processes: 2 }, async (stage) => {
      await stage.boot();
      const [child] = stage.serving() as [FakeProcess];
      child.events.message({ type: 'draining', reason: 'connections' });
      assert.equal(stage.states, '2 started, 1 serve, 0 spare, 0 boot, 1 drain');
      await stage.pass(0);
      assert.equal(stage.states, '3 started, 1 serve, 0 spare, 1 boot, 1 drain');
      await stage.boot();
      await stage.pass(3600);
      assert.deepEqual(child.signals, []);
      child.end(0);
      assert.equal(stage.supervisor.exits().at(-1)?.reason, 'connections');
    }));

  test('scale(): more are promoted and started, too many finish what they have', () =>
    on({ processes: 2 }, async (stage) => {
      await stage.boot();
      stage.supervisor.scale(3);
      await stage.boot();
      assert.equal(stage.count('serving'), 3);
      stage.supervisor.scale(1);
      assert.equal(stage.count('serving'), 1);
      assert.deepEqual(
        stage.supervisor
          .children()
          .filter(({ state }) => state === 'draining')
          .map(({ reason }) => reason),
        ['scale', 'scale'],
      );
      assert.throws(() => stage.supervisor.scale(-1), { code: 'POE_ERR_PREFORK_OPTION' });
    }));

  test('more spares are kept while children go faster than they boot, fewer when that is over', () =>
    on({ processes: 3, maxSpares: 3 }, async (stage) => {
      await stage.boot();
      await stage.pass(10);
      for (let n = 0; n < 2; n++) for (const child of stage.serving()) child.end(null, 'SIGKILL');
      await stage.boot();
      assert.ok(stage.count('spare') > 1, stage.states);
      for (let n = 0; n < 6; n++) {
        await stage.pass(10);
        for (const child of stage.launcher.running) if (child.sent.includes('retire')) child.end(0);
      }
      assert.equal(stage.states.replace(/^\d+ started, /, ''), '2 serve, 1 spare, 0 boot, 0 drain');
    }));

  test('all that are missing are started at once, none waits for another to boot', () =>
    on({ processes: 4, minSpares: 2 }, async (stage) => {
      await stage.boot();
      await stage.pass(10);
      for (const child of stage.launcher.running) child.end(null, 'SIGKILL');
      await stage.pass(0);
      // One spare more than before: there was none left when one was needed.
      assert.match(stage.states, /^\d+ started, 0 serve, 0 spare, [67] boot, 0 drain$/);
    }));

  test('a spare that does not take over is replaced by another one', () =>
    on({ processes: 2, drainTimeout: 10 }, async (stage) => {
      await stage.boot();
      await stage.pass(10);
      const [serving] = stage.serving();
      const spare = stage.launcher.running.find((child) => child !== serving) as FakeProcess;
      spare.isMute = true;
      serving?.end(null, 'SIGKILL');
      await stage.pass(0);
      for (const child of stage.launcher.running) if (child !== spare) child.boot();
      // Clients wait until then.
      assert.equal(stage.count('serving'), 0);
      await stage.pass(1);
      assert.equal(stage.count('serving'), 1);
      await stage.boot();
      assert.deepEqual(spare.sent, ['serve', 'retire']);
      await stage.pass(10);
      assert.deepEqual(spare.signals, ['KILL']);
      spare.end(null, 'SIGKILL');
      const { reason, killed } = stage.supervisor.exits().at(-1) ?? {};
      assert.deepEqual({ reason, killed }, { reason: 'takeover timeout', killed: true });
    }));

  test('a spare that takes over late serves as long as there is no other', () =>
    on({ processes: 2, minSpares: 1 }, async (stage) => {
      await stage.boot();
      await stage.pass(10);
      const [serving] = stage.serving();
      const spare = stage.launcher.running.find((child) => child !== serving) as FakeProcess;
      spare.isMute = true;
      serving?.end(null, 'SIGKILL');
      await stage.pass(2.5);
      assert.deepEqual(spare.sent, ['serve', 'serve', 'serve']);
      spare.isMute = false;
      spare.events.message({ type: 'serving' });
      assert.deepEqual(stage.serving(), [spare]);
      await stage.boot();
      assert.equal(stage.count('serving'), 1);
      assert.ok(spare.sent.includes('retire'));
    }));

  test('no more boot at the same time than get on with it, and those that are missing take the first', () =>
    on({ processes: 5, minSpares: 2 }, async (stage) => {
      stage.launcher.atOnce = 2;
      await stage.pass(0);
      assert.equal(stage.states, '2 started, 0 serve, 0 spare, 2 boot, 0 drain');
      stage.launcher.children[0]?.boot();
      await stage.pass(0);
      assert.equal(stage.states, '3 started, 1 serve, 0 spare, 2 boot, 0 drain');
      stage.launcher.children[1]?.end(null, 'SIGKILL');
      await stage.pass(0);
      assert.equal(stage.states, '4 started, 1 serve, 0 spare, 2 boot, 0 drain');
      await stage.boot();
      assert.equal(stage.count('serving'), 4);
      assert.ok(stage.count('spare') >= 2, stage.states);
    }));

  test('spares that are killed are replaced by more of them, for as long as that goes on', () =>
    on({ processes: 2 }, async (stage) => {
      await stage.boot();
      await stage.pass(10);
      const loseSpare = async (): Promise<void> => {
        const [spare] = stage.supervisor.children().filter(({ state }) => state === 'spare');
        stage.process(spare?.pid as number).end(null, 'SIGKILL');
        await stage.boot();
      };
      await loseSpare();
      assert.equal(stage.count('spare'), 2);
      for (let n = 0; n < 5; n++) {
        await stage.pass(5);
        await loseSpare();
        assert.equal(stage.count('spare'), 2);
      }
      await stage.pass(11);
      assert.equal(stage.count('spare'), 1);
    }));

  test('a process that cannot be started is tried again after a second', () =>
    on({ processes: 2 }, async (stage) => {
      stage.launcher.fails = true;
      await stage.pass(0);
      assert.equal(stage.launcher.children.length, 0);
      stage.launcher.fails = false;
      await stage.pass(0.9);
      assert.equal(stage.launcher.children.length, 0);
      await stage.pass(0.2);
      assert.equal(stage.launcher.children.length, 2);
    }));
});

describe('Supervisor, replacing', () => {
  test('reload(): one after the other, each once the next one serves', () =>
    on({ processes: 4 }, async (stage) => {
      await stage.boot();
      const seen: number[] = [];
      stage.supervisor.hooks.childDraining.tap('test', () => seen.push(stage.count('serving')));
      stage.supervisor.reload();
      for (let n = 0; n < 8; n++) await stage.boot();
      // The one that is retired has been counted out already: as many serve as should, at any time.
      assert.ok(
        seen.every((serving) => serving >= 3),
        String(seen),
      );
      const serving = stage.supervisor.children().filter(({ state }) => state === 'serving');
      assert.deepEqual(
        serving.map(({ generation }) => generation),
        [1, 1, 1],
      );
    }));

  test('reload() to a program that does not come up leaves the old children alone', () =>
    on({ processes: 3 }, async (stage) => {
      await stage.boot();
      const before = stage.serving();
      stage.supervisor.reload();
      for (let n = 0; n < 50; n++) {
        await stage.pass(1);
        for (const child of stage.launcher.running) if (child.sent.length === 0) child.end(1);
      }
      assert.deepEqual(stage.serving(), before);
      assert.ok(before.every((child) => !child.sent.includes('retire')));
    }));

  test('replace(): the reason is kept; unknown children are not', () =>
    on({ processes: 2 }, async (stage) => {
      await stage.boot();
      const [child] = stage.serving() as [FakeProcess];
      assert.equal(stage.supervisor.replace(1, 'rss'), false);
      assert.equal(stage.supervisor.replace(child.pid, 'rss'), true);
      await stage.boot();
      assert.deepEqual(child.sent, ['serve', 'retire']);
      child.end(0);
      assert.equal(stage.supervisor.exits().at(-1)?.reason, 'rss');
      assert.equal(stage.count('serving'), 1);
    }));

  test('signal(): the reason it was given is kept if the child ends by it', () =>
    on({ processes: 2 }, async (stage) => {
      await stage.boot();
      const [child] = stage.serving() as [FakeProcess];
      assert.equal(stage.supervisor.signal(child.pid, 'KILL', 'silent'), true);
      assert.deepEqual(child.signals, ['KILL']);
      child.end(null, 'SIGKILL');
      assert.equal(stage.supervisor.exits().at(-1)?.reason, 'silent');
      assert.equal(stage.supervisor.signal(1, 'KILL'), false);
    }));
});

describe('Supervisor, limits in time', () => {
  test('a child that does not end by its deadline is killed', () =>
    on({ processes: 2, drainTimeout: 10 }, async (stage) => {
      await stage.boot();
      const [child] = stage.serving() as [FakeProcess];
      stage.supervisor.replace(child.pid, 'rss');
      await stage.boot();
      await stage.pass(9.9);
      assert.deepEqual(child.signals, []);
      await stage.pass(0.2);
      assert.deepEqual(child.signals, ['KILL']);
      child.end(null, 'SIGKILL');
      const { reason, killed } = stage.supervisor.exits().at(-1) ?? {};
      assert.deepEqual({ reason, killed }, { reason: 'rss', killed: true });
    }));

  test('a child that does not boot is killed', () =>
    on({ processes: 2, bootTimeout: 30 }, async (stage) => {
      await stage.pass(30.1);
      assert.deepEqual(stage.launcher.children[0]?.signals, ['KILL']);
    }));

  test('children that end as soon as they start: 5 at most are tried in 60 s, and all is well once one stays', () =>
    on({ processes: 3 }, async (stage) => {
      await stage.pass(0);
      for (const child of stage.launcher.running) child.end(1);
      const atOnce = stage.launcher.children.length;
      assert.equal(atOnce, 3);
      const tries: number[] = [];
      for (let step = 0; step < 590; step++) {
        await stage.pass(0.1);
        for (const child of stage.launcher.running) {
          tries.push(step / 10);
          child.end(1);
        }
      }
      assert.equal(tries.length, 5);
      const pauses = tries.map((time, n) => time - (tries[n - 1] ?? 0));
      assert.deepEqual(
        pauses,
        [...pauses].sort((a, b) => a - b),
      );
      await stage.pass(30);
      for (let n = 0; n < 20; n++) {
        await stage.boot();
        await stage.pass(6);
      }
      assert.equal(stage.states.replace(/^\d+ started, /, ''), '2 serve, 1 spare, 0 boot, 0 drain');
    }));

  test('children that are killed while they boot do not slow it down if others boot', () =>
    on({ processes: 3 }, async (stage) => {
      await stage.boot();
      await stage.pass(10);
      for (let n = 0; n < 20; n++) {
        stage.serving()[0]?.end(null, 'SIGKILL');
        const [booting] = stage.launcher.running.filter(({ sent }) => sent.length === 0);
        if (n % 2 === 0) booting?.end(null, 'SIGKILL');
        await stage.boot();
        assert.equal(stage.count('serving'), 2);
      }
    }));
});

describe('Supervisor, ends', () => {
  test('TERM: children finish what they have, then the other sessions get the signal', async () => {
    const stage = new Stage({ processes: 3 });
    await stage.boot();
    stage.kernel.signal(stage.kernel, 'TERM');
    await stage.pass(0);
    assert.equal(stage.count('draining'), 3);
    const children = stage.launcher.running;
    assert.ok(children.every(({ sent, signals }) => sent.includes('retire') && signals.length === 0));
    assert.deepEqual(stage.signals, ['__parent', 'TERM']);
    for (const child of children) child.end(0);
    await stage.pass(0);
    assert.deepEqual(stage.signals, ['__parent', 'TERM', 'TERM']);
    assert.equal(stage.launcher.children.length, 3);
    await stage.run;
  });

  test('INT: children are interrupted; a second one kills them', async () => {
    const stage = new Stage({ processes: 2 });
    await stage.boot();
    stage.kernel.signal(stage.kernel, 'INT');
    await stage.pass(0);
    stage.kernel.signal(stage.kernel, 'INT');
    await stage.pass(0);
    for (const child of stage.launcher.running) {
      assert.deepEqual(child.signals, ['INT', 'KILL']);
      child.end(null, 'SIGKILL');
    }
    await stage.run;
  });

  test('handover(): ends once the successor serves, and lets go of paths', async () => {
    const stage = new Stage({ processes: 2 });
    await stage.boot();
    const stages: string[] = [];
    stage.supervisor.hooks.handover.tap('test', (what) => stages.push(what));
    const pid = stage.supervisor.handover();
    assert.equal(pid, stage.launcher.successors[0]?.pid);
    assert.equal(stage.supervisor.handover(), undefined);
    assert.equal(stage.count('serving'), 1);
    stage.launcher.successors[0]?.events.message({ type: 'ready' });
    assert.equal(stage.launcher.handedOverCount, 1);
    for (const child of stage.launcher.running) child.end(0);
    await stage.run;
    assert.deepEqual(stages, ['started', 'done']);
  });

  for (const [how, fail] of [
    ['ends', async (stage: Stage) => stage.launcher.successors[0]?.end(1)],
    ['takes too long', (stage: Stage) => stage.pass(31)],
  ] as const) {
    test(`handover() to a program that ${how} changes nothing`, () =>
      on({ processes: 2 }, async (stage) => {
        await stage.boot();
        const before = stage.serving();
        const stages: string[] = [];
        stage.supervisor.hooks.handover.tap('test', (what) => stages.push(what));
        stage.supervisor.handover();
        await fail(stage);
        assert.deepEqual(stages, ['started', 'failed']);
        assert.deepEqual(stage.launcher.successors[0]?.signals, ['KILL']);
        assert.deepEqual(stage.serving(), before);
        assert.equal(stage.supervisor.stopping, false);
      }));
  }

  test('a tap that throws is named, harms nobody, and is switched off after ten times in a row', () =>
    on({ processes: 2 }, async (stage) => {
      const warnings: string[] = [];
      stage.kernel.hooks.warn.tap('test', (code, text) => {
        if (code !== 'POE_WARN_HOOK_FAILED') return undefined;
        warnings.push(text);
        return false;
      });
      stage.supervisor.hooks.childHeard.tap('bad', () => {
        throw new Error('oops');
      });
      await stage.boot();
      const [child] = stage.serving();
      for (let n = 0; n < 12; n++) child?.events.message({ type: 'stats', connections: n, open: 0 });
      assert.equal(stage.supervisor.children()[0]?.connections, 11);
      assert.equal(warnings.length, 10);
      assert.equal(warnings[0], "The tap 'bad' of the hook childHeard threw: Error: oops");
      assert.match(warnings[9] as string, /switched off/);
    }));
});
