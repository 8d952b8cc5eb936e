import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PreforkedProgram } from '../helpers/preforked/preforked.ts';
import { Load } from './load.ts';
import { bootSeconds, Findings, gaps, percentile, type Scenario, summary, zombiesOf } from './scenario.ts';

const PROCESSES = 4;
const SIZE = PROCESSES - 1;
const KILL_EVERY_MS = 500;
/** Within which a replacement serves; and where the machine is so busy that a boot alone takes longer, in how many boots. */
const MOST_GAP_SECONDS = 1;
const MOST_GAP_BOOTS = 4;
const HANDOVERS = 5;

/** Ends the program as a person would, and looks for what it leaves. */
async function end(program: PreforkedProgram, findings: Findings): Promise<void> {
  // Each child that has ended is one, until its parent has been told.
  let zombies = zombiesOf(program.pid);
  for (let looks = 0; looks < 300 && zombies.length > 0; looks++) {
    await sleep(100);
    zombies = zombiesOf(program.pid);
  }
  findings.none('zombies', zombies);
  const parent = program.pid;
  program.signal('SIGTERM');
  await program.until(() => program.told.some(({ ended }) => ended === parent), 'the parent ends');
  await program.until(() => program.pids.every(hasGone), 'nobody is left');
}

function hasGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}

/** (a) A child is killed every 500 ms: only what was inside it is lost, and its caller is told. */
export const killed: Scenario = {
  name: 'kill',
  async run(seconds) {
    const findings = new Findings();
    let figures = '';
    await PreforkedProgram.use({ processes: PROCESSES, delay: 0.005 }, async (program) => {
      const load = new Load(program);
      for (const until = Date.now() + seconds * 1000; Date.now() < until; ) {
        await sleep(KILL_EVERY_MS);
        const running = program.children().filter(({ state }) => state !== 'exited');
        const victim = running[Math.floor(Math.random() * running.length)];
        if (victim === undefined) continue;
        load.journal.faults.push({ at: Date.now(), pid: victim.pid });
        program.signal('SIGKILL', victim.pid);
      }
      await program.until(() => program.serving().length === SIZE, 'all children serve again');
      const journal = await load.stop();
      const lacking = gaps(program, SIZE);
      findings.none('connections refused', journal.refused);
      findings.none('requests unheard of', journal.silent);
      findings.none('requests lost outside of killed processes', journal.unexplained);
      findings.atLeast('requests answered', seconds * 2, journal.answered);
      const boot = bootSeconds(program);
      const most = Math.max(MOST_GAP_SECONDS, boot * MOST_GAP_BOOTS);
      findings.atMost('seconds until a replacement served, p99', most, percentile(lacking, 0.99));
      figures = `a boot takes ${boot.toFixed(3)} s; ${journal.faults.length} killed, replaced after ${percentile(lacking, 0.5).toFixed(3)} s (p99 ${percentile(lacking, 0.99).toFixed(3)}); ${summary(journal)}`;
      await end(program, findings);
    });
    return { figures, wrong: findings.wrong };
  },
};

/** (b) All children are replaced, again and again: nothing is lost. */
export const reloaded: Scenario = {
  name: 'reload',
  async run(seconds) {
    const findings = new Findings();
    let figures = '';
    await PreforkedProgram.use({ processes: PROCESSES, delay: 0.005 }, async (program) => {
      const load = new Load(program);
      const every = Math.min(5, seconds / 2);
      let reloads = 0;
      for (const until = Date.now() + seconds * 1000; Date.now() < until; ) {
        program.signal('SIGHUP');
        reloads++;
        await sleep(every * 1000);
      }
      await program.until(
        () => program.serving().filter(({ generation }) => generation === reloads).length === SIZE,
        'the last reload is through',
      );
      const journal = await load.stop();
      findings.none('connections refused', journal.refused);
      findings.none('requests lost', journal.failed);
      findings.none('requests unheard of', journal.silent);
      findings.atLeast('requests answered', seconds * 2, journal.answered);
      figures = `${reloads} reloads, ${program.exits().length} children replaced; ${summary(journal)}`;
      await end(program, findings);
    });
    return { figures, wrong: findings.wrong };
  },
};

/** (c) The program hands over to a new one, once to one that does not start: nothing is lost. */
export const handedOver: Scenario = {
  name: 'handover',
  async run(seconds) {
    const findings = new Findings();
    const folder = mkdtempSync(join(tmpdir(), 'poe-faults-'));
    const breakFile = join(folder, 'broken');
    const version = join(folder, 'version');
    let figures = '';
    writeFileSync(version, '0');
    try {
      await PreforkedProgram.use({ processes: PROCESSES, delay: 0.005, breakFile, version }, async (program) => {
        const load = new Load(program);
        for (let n = 1; n <= HANDOVERS; n++) {
          const parent = program.pid;
          const fails = n === 2;
          writeFileSync(version, String(n));
          if (fails) writeFileSync(breakFile, 'all');
          program.signal('SIGALRM');
          const stage = fails ? 'failed' : 'done';
          const before = count(program, stage);
          await program.until(() => count(program, stage) > before, `handover ${n}: ${stage}`);
          rmSync(breakFile, { force: true });
          if (!fails)
            await program.until(() => program.told.some(({ ended }) => ended === parent), 'the old parent ends');
          else if (program.pid !== parent || hasGone(parent))
            findings.wrong.push('the failing program has replaced the old one');
          const { version: answering } = await program.ask('version');
          if (answering !== String(fails ? n - 1 : n))
            findings.wrong.push(`version ${answering} answers after handover ${n}`);
          await sleep((seconds * 1000) / HANDOVERS);
        }
        const journal = await load.stop();
        findings.none('connections refused', journal.refused);
        findings.none('requests lost', journal.failed);
        findings.none('requests unheard of', journal.silent);
        findings.atLeast('requests answered', 50, journal.answered);
        figures = `${count(program, 'done')} handovers, ${count(program, 'failed')} failed; ${summary(journal)}`;
        await end(program, findings);
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
    return { figures, wrong: findings.wrong };
  },
};

function count(program: PreforkedProgram, wanted: string): number {
  return program.told.filter(({ event, stage }) => event === 'handover' && stage === wanted).length;
}

/** (d) A child is stopped: the others go on, and what it had is answered once it goes on itself. */
export const stopped: Scenario = {
  name: 'stop',
  async run(seconds) {
    const findings = new Findings();
    let figures = '';
    await PreforkedProgram.use({ processes: PROCESSES, delay: 0.005 }, async (program) => {
      const load = new Load(program);
      await sleep(200);
      const [victim] = program.serving();
      if (victim === undefined) throw new Error('nobody serves');
      program.signal('SIGSTOP', victim.pid);
      await sleep(200);
      const asked = program.serving().length;
      const before = load.journal.answered;
      await sleep(seconds * 1000);
      // Clients that the stopped one had accepted wait for it; others come and go.
      let served = 0;
      for (let n = 0; n < 5; n++) {
        const { pid } = await program.ask('hello');
        if (pid !== victim.pid) served++;
      }
      const during = load.journal.answered - before;
      program.signal('SIGCONT', victim.pid);
      const journal = await load.stop();
      findings.none('connections refused', journal.refused);
      findings.none('requests lost', journal.failed);
      findings.none('requests unheard of', journal.silent);
      findings.atLeast('new connections served by others', 5, served);
      figures = `${asked} serve, of which one is stopped for ${seconds} s, in which ${during} were answered; ${summary(journal)}`;
      await end(program, findings);
    });
    return { figures, wrong: findings.wrong };
  },
};

/** (e) Children end as soon as they start: nobody is refused, few are tried, and all is well once the reason has gone. */
export const crashLoop: Scenario = {
  name: 'crash-loop',
  async run(seconds) {
    const findings = new Findings();
    const folder = mkdtempSync(join(tmpdir(), 'poe-faults-'));
    const breakFile = join(folder, 'broken');
    let figures = '';
    try {
      await PreforkedProgram.use({ processes: PROCESSES, breakFile }, async (program) => {
        writeFileSync(breakFile, 'child');
        const load = new Load(program);
        const running = program.children();
        for (const { pid } of running) {
          load.journal.faults.push({ at: Date.now(), pid });
          program.signal('SIGKILL', pid);
        }
        await program.until(() => program.exits().length >= running.length, 'all are dead');
        const waiting = program.connect();
        await waiting.connected;
        const answer = waiting.ask('patience');
        await sleep(seconds * 1000);
        const crash = program.exits().findIndex(({ reason }) => reason === 'exited with 3');
        const crashedAt = program.exits()[crash]?.at ?? Number.POSITIVE_INFINITY;
        const tried = program.events.filter(({ event, at }) => event === 'childStarted' && at > crashedAt).length;
        const reasons = program.errors.filter((line) => line.includes('more slowly')).length;
        rmSync(breakFile);
        await program.until(() => program.serving().length >= 1, 'somebody serves', 65_000);
        await answer;
        waiting.end();
        const journal = await load.stop(20);
        findings.none('connections refused', journal.refused);
        findings.none('requests unheard of', journal.silent);
        findings.none('requests lost outside of killed processes', journal.unexplained);
        findings.atMost('restarts', 5, tried);
        findings.atMost('times the reason was told', 1, reasons);
        figures = `${tried} restarts after the first crash in ${seconds} s, reason told ${reasons} times; ${summary(journal)}`;
        await end(program, findings);
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
    return { figures, wrong: findings.wrong };
  },
};

export const scenarios: readonly Scenario[] = [killed, reloaded, handedOver, stopped, crashLoop];
