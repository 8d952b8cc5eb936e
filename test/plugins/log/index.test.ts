import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { applyPlugins, Kernel, Session } from 'poe-kernel';
import { Responder } from 'poe-kernel/ikc';
import { type LogOptions, log } from 'poe-kernel/plugins';
import { SocketFactory } from 'poe-kernel/wheels';
import { ProgramFolder } from '../../helpers/program-folder.ts';

type Line = Record<string, unknown>;

/** Runs a session that warns, fails to listen, loses a letter and throws, under the plugin; gives the lines of its file. */
async function linesOf(options: Partial<LogOptions>): Promise<string[]> {
  using folder = new ProgramFolder();
  const file = join(folder.path, 'log');
  const kernel = new Kernel();
  const undo = applyPlugins(kernel, [[log, { ...options, file }]]);
  Session.create({
    kernel,
    inlineStates: {
      _start({ kernel, session }) {
        session.option('debug', 1);
        kernel.state('late', () => {});
        kernel.state('late', () => {});
        new SocketFactory({ kernel, bindAddress: '192.0.2.1', successEvent: 'never', failureEvent: 'failed' });
        Responder.spawn({ kernel }).post('poe://Nobody/some/event', 1);
      },
      failed({ kernel }) {
        kernel.post('IKC', 'shutdown');
        throw new Error('broke\nsecond line');
      },
    },
  });
  await assert.rejects(kernel.run(), /broke/);
  undo();
  Session.create({ kernel, inlineStates: { _start() {} } });
  await kernel.run();
  return readFileSync(file, 'utf8').trimEnd().split('\n');
}

const pick = (line: string): unknown[] => {
  const { time, level, pid, message } = JSON.parse(line) as Line;
  assert.match(String(time), /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  assert.equal(pid, process.pid);
  return [level, message];
};

describe('the plugin log', () => {
  const warnings = [
    ['warn', "Redefining the handler for 'late' of session 1"],
    ['warn', 'SocketFactory cannot bind: Cannot assign requested address'],
    ['warn', "Not delivered: poe://Nobody/some/event: Unknown kernel 'Nobody'."],
  ];
  const error = ['error', 'failed threw: Error: broke'];

  test('writes warnings, failures of wheels, dead letters and exceptions as lines of JSON', async () => {
    const lines = await linesOf({});
    assert.deepEqual(
      lines.map(pick).map(([level, message]) => [level, String(message).replace(/event: \d+: /, 'event: ')]),
      [...warnings, error],
    );
    const [warning, failure, , thrown] = lines.map((line) => JSON.parse(line) as Line);
    assert.equal(warning?.code, 'POE_WARN_REDEFINED');
    assert.deepEqual([failure?.operation, failure?.session], ['bind', 1]);
    assert.match(String(thrown?.stack), /second line\n +at /);
  });

  test('writes exceptions alone with the level error', async () => {
    assert.deepEqual((await linesOf({ level: 'error' })).map(pick), [error]);
  });

  test('writes sessions that come and go with the level info', async () => {
    const lines = (await linesOf({ level: 'info' })).map(pick).filter(([level]) => level === 'info');
    assert.deepEqual(lines.at(0), ['info', 'session 2 started']);
    assert.ok(lines.some(([, message]) => message === 'session 1 stopped'));
  });

  test('writes one line for people with the format text', async () => {
    const lines = await linesOf({ format: 'text' });
    assert.match(lines[0] as string, /^\S+Z warn {2}Redefining the handler .* \(POE_WARN_REDEFINED\)$/);
    assert.match(lines[3] as string, /^\S+Z error failed threw: Error: broke$/);
  });

  test('goes through pino where it is installed, and says how to install it where not', async () => {
    const program = `
      import { applyPlugins, Kernel, Session } from 'poe-kernel';
      import { log } from 'poe-kernel/plugins';
      const kernel = new Kernel();
      applyPlugins(kernel, [[log, { format: 'pino', level: 'info' }]]);
      Session.create({ kernel, inlineStates: { _start() {} } });
      await kernel.run();
    `;
    using folder = new ProgramFolder({ 'program.mjs': program });
    const { status, stderr } = await folder.poe(['run', 'program.mjs']);
    assert.equal(status, 1);
    assert.match(stderr, /^program\.mjs: PoeUsageError: Cannot log through pino: Cannot find module 'pino'/);
    folder.write({
      'node_modules/pino/index.js': `
        module.exports = ({ level }, to) => {
          const write = (name) => (details, message) => console.log(to.dest, level, name, message, details);
          return { error: write('error'), warn: write('warn'), info: write('info') };
        };
        module.exports.destination = (options) => options;
      `,
    });
    assert.equal(
      (await folder.poe(['run', 'program.mjs'])).stdout,
      '2 info info session 1 started { session: 1 }\n2 info info session 1 stopped { session: 1 }\n',
    );
  });

  test('refuses a file that cannot be opened', () => {
    assert.throws(() => applyPlugins(new Kernel(), [[log, { file: '/nowhere/at/all' }]]), {
      code: 'POE_ERR_LOG_FILE',
    });
  });
});
