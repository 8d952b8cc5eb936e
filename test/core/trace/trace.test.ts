import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { TRACES } from '../../../core/switches.ts';
import { root } from '../../helpers/repository.ts';

const program = join(root, 'dist/test/core/trace/program.js');

/** Runs the program and gives the lines of its traces: the name, and what is told. Times are no part of them. */
function traced(switches: Record<string, string>): {
  lines: string[];
  stdout: string;
  stderr: string;
  status: number | null;
} {
  const { PATH } = process.env;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--no-warnings', program], {
    env: { PATH, ...switches },
    encoding: 'utf8',
  });
  return { lines: linesOf(stderr), stdout, stderr, status };
}

function linesOf(text: string): string[] {
  return [...text.matchAll(/^.*?\bpoe:kernel:(\w+ .*)$/gm)].map(([, line = '']) => {
    return line
      .replace(/(\d+\.\d+) s\b/g, 'N s')
      .replace(/\(\d+ a second\)/, '(N a second)')
      .replace(/\d+ % /, 'N % ');
  });
}

/** What each trace has to tell of the program, among other things, in this order. */
const TOLD: Record<(typeof TRACES)[number], string[]> = {
  events: [
    "events dispatch '_start' of session 1 from the kernel",
    "events set timer 'tick' of session 1 (clock) in N s: 'first'",
    "events return from '_start' of session 1 (clock): undefined",
    'events queue the turn of grace of session 1 (clock)',
    "events dispatch 'input' of session 1 (clock) from session 1 (clock): PipeEnd, 0",
    "events fire timer 'tick' of session 1 (clock)",
    "events dispatch 'tick' of session 1 (clock) from session 1 (clock): 'first'",
    "events call 'sum' of session 1 (clock) from session 1 (clock): 1, 'first'",
    "events return from 'sum' of session 1 (clock): '1first'",
    "events remove timer 'never' of session 1 (clock)",
    'events queue signal RELOAD for session 1 (clock) from session 1 (clock)',
    "events queue 'unheard' for session 1 (clock) from session 1 (clock): session 1 (clock)",
    "events dispatch 'reload' of session 1 (clock) from the kernel: 'RELOAD'",
    "events find no handler for 'unheard' in session 1 (clock)",
    "events throw from 'fail' of session 2: Error: on purpose",
  ],
  files: [
    "files watch PipeEnd for reading, for session 1 (clock) by 'input'",
    "files find PipeEnd ready for reading, for session 1 (clock) by 'input'",
    'files unwatch PipeEnd for reading, for session 1 (clock)',
  ],
  refcnt: [
    "refcnt raise session 1 (clock) for name 'clock': events 0, posted 0, references 1",
    "refcnt raise session 1 (clock) for timer 'tick': events 1, posted 0, references 1",
    "refcnt raise session 1 (clock) for tag 'work': events 1, posted 0, references 2",
    'refcnt raise session 1 (clock) for handle PipeEnd: events 1, posted 0, references 3',
    'refcnt raise session 1 (clock) for its turn of grace: events 2, posted 0, references 3',
    'refcnt raise the kernel for its child session 1 (clock): events 0, posted 0, references 1',
    'refcnt lower session 1 (clock) for its turn of grace: events 1, posted 0, references 2',
    "refcnt lower session 1 (clock) for timer 'tick': events 0, posted 0, references 2",
    "refcnt raise session 1 (clock) for event 'unheard': events 2, posted 0, references 2",
    "refcnt raise session 1 (clock) for the promise of 'reload': events 1, posted 0, references 3",
    "refcnt lower session 1 (clock) for event 'unheard': events 0, posted 0, references 3",
    "refcnt lower session 1 (clock) for tag 'work': events 0, posted 0, references 2",
    "refcnt lower session 1 (clock) for the promise of 'reload': events 0, posted 0, references 2",
  ],
  retvals: ["retvals miss in post: ESRCH, 'nobody'"],
  sessions: [
    'sessions allocate session 1 below the kernel',
    'sessions allocate session 2 below session 1 (clock)',
    'sessions stop session 2',
    'sessions free session 2',
    'sessions stop session 1 (clock)',
  ],
  signals: [
    "signals watch RELOAD for session 1 (clock) by 'reload'",
    'signals dispatch RELOAD to session 1 (clock)',
    "signals bring RELOAD to session 1 (clock) by 'reload'",
    'signals handle RELOAD: some handler says so',
    'signals dispatch DIE to session 2',
    'signals terminate session 2 by DIE',
    'signals terminate session 1 (clock) by DIE',
    'signals unwatch RELOAD for session 1 (clock)',
  ],
  destroy: ['destroy leave heap of session 2: {}', "destroy leave heap of session 1 (clock): { left: [ 'over' ] }"],
  statistics: [
    'statistics count in N s: 12 handlers (N a second), 6 events queued, 1 calls, 1 timers, 1 handles ready, 2 signals',
    'statistics count sessions: 2 started, 2 stopped, 0 alive; longest queue 2; N % of the time in handlers',
  ],
};

/** Whether all the lines are there, in their order; names the first that is not. */
function assertTold(lines: readonly string[], told: readonly string[]): void {
  let from = 0;
  for (const line of told) {
    const at = lines.indexOf(line, from);
    assert.notEqual(at, -1, `no line "${line}" from line ${from} on of:\n${lines.join('\n')}`);
    from = at + 1;
  }
}

describe('POE_TRACE_*', () => {
  it('off tell nothing', () => {
    for (const off of ['', '0', '0.0']) {
      const { lines, stdout, stderr } = traced({ POE_TRACE_EVENTS: off, POE_TRACE_DEFAULT: off });
      assert.deepEqual(lines, []);
      assert.deepEqual([stdout, stderr], ['on purpose\n', '']);
    }
  });

  for (const name of TRACES) {
    it(`${name.toUpperCase()} tells of ${name}, and of nothing else`, () => {
      const { lines, stdout } = traced({ [`POE_TRACE_${name.toUpperCase()}`]: '1' });
      assert.equal(stdout, 'on purpose\n');
      assertTold(lines, TOLD[name]);
      assert.deepEqual(
        lines.filter((line) => !line.startsWith(`${name} `)),
        [],
      );
    });
  }

  it('is the same as the debug name', () => {
    for (const name of ['events', 'sessions']) {
      const bySwitch = traced({ [`POE_TRACE_${name.toUpperCase()}`]: 'yes' });
      const byName = traced({ DEBUG: `poe:kernel:${name}` });
      assert.deepEqual(byName.lines, bySwitch.lines);
    }
  });

  it('DEFAULT turns all on that are not switched themselves', () => {
    const { lines } = traced({ POE_TRACE_DEFAULT: '1', POE_TRACE_EVENTS: '0' });
    assert.deepEqual(
      [...new Set(lines.map((line) => line.split(' ')[0]))].sort(),
      TRACES.filter((name) => name !== 'events'),
    );
  });

  it('FILENAME sends all debug output to a file, and appends to it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'poe-trace-'));
    try {
      const file = join(folder, 'trace.log');
      const switches = { POE_TRACE_SESSIONS: '1', DEBUG: 'poe:kernel:signals', POE_TRACE_FILENAME: file };
      const once = [...TOLD.sessions.slice(0, 1), ...TOLD.signals.slice(0, 1)];
      for (const expected of [once, [...once, ...once]]) {
        assert.equal(traced(switches).stderr, '');
        assertTold(linesOf(readFileSync(file, 'utf8')), expected);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('FILENAME that cannot be opened ends the program before it begins, and says so', () => {
    const { status, stdout, stderr } = traced({ POE_TRACE_FILENAME: join(root, 'no such folder', 'trace.log') });
    assert.equal(status, 1);
    assert.equal(stdout, '');
    assert.match(stderr, /POE_ERR_TRACE_FILE/);
  });
});
