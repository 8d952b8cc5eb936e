import { relative, resolve } from 'node:path';
import pc from 'picocolors';
import { preforkRole } from '../../components/index.ts';
import { debugFor, type Kernel, kernel, PoeError, PoeUsageError, type TapTime } from '../../core/index.ts';
import { answerPeeks, importFile, loadPlugins, peek } from '../../plugins/index.ts';
import { type ConfigOptions, requestOf } from '../config-options.ts';
import { fail } from '../fail.ts';
import { failBy } from '../fail-by.ts';
import { handOverPidFile, keepPidFile, writePidFile } from '../pid-file.ts';
import { tellOfPlugins } from '../plugin-rows.ts';
import { leavePaths, takeListeners } from '../systemd/listeners.ts';
import { tellSystemd } from '../systemd/readiness.ts';
import { columns } from '../table.ts';
import { endWithUnrunKernel, watchedEndings } from '../unrun-kernel.ts';
import { whenParent } from '../when-parent.ts';

const debug = debugFor('command:run');

/** What `poe run` takes. */
export interface RunOptions extends ConfigOptions {
  name?: string;
  pidfile?: string;
  pluginTimes?: true;
  /** This is one of the further processes of a program. */
  again?: true;
}

/** `poe run PROGRAM`, of a program that is there and will import this copy of the package. */
export async function run(path: string, args: string[], options: RunOptions): Promise<void> {
  const file = resolve(path);
  const times = options.pluginTimes ? kernel.measureTaps() : undefined;
  kernel.host.identity.restart = restartArguments(file, args, options);
  // As if node had been given the program itself, also for plugins.
  process.argv.splice(1, Number.POSITIVE_INFINITY, file, ...args);
  await prepare(file, options, times);
  if (times) process.once('exit', () => console.error(timesTable(times())));
  try {
    await importFile(file);
    await runKernel(kernel);
  } catch (error) {
    fail(`${relative('.', file)}: ${reasonOf(error)}`);
  }
}

/** All that comes before the program: the config is right, and its plugins are at work. */
async function prepare(file: string, options: RunOptions, times: (() => TapTime[]) | undefined): Promise<void> {
  const { name, pidfile, again = false } = options;
  const request = { ...requestOf(file, options), overrides: { name, pidFile: pidfile && resolve(pidfile) } };
  try {
    const { config } = await loadPlugins(kernel, request);
    const watched = watchedEndings();
    if (config.name !== undefined) process.title = config.name;
    if (config.plugins.length > 0) {
      tellOfPlugins(
        kernel,
        config.plugins.map(({ plugin }) => plugin.name),
        times,
      );
    }
    // A child is its parent's, and nobody else needs to know of it.
    if (preforkRole === 'child') return;
    if (!config.plugins.some(({ plugin }) => plugin === peek)) answerCommands();
    // Whoever runs the program once more by itself has said all of this already.
    if (again && preforkRole === undefined) return;
    if (config.pidFile !== undefined) havePidFile(config.pidFile);
    if (again) leavePaths(kernel);
    else takeListeners(kernel);
    tellSystemd(kernel);
    endWithUnrunKernel(kernel, watched);
  } catch (error) {
    failBy(error);
  }
}

/** Without the plugin that does more: `poe ls`, `stop`, `reload` and the like reach every program that this command runs. */
function answerCommands(): void {
  try {
    answerPeeks(kernel);
  } catch (error) {
    // A program that nobody has asked to answer is not told that it cannot.
    if (!(error instanceof PoeError)) throw error;
    debug('answer no commands: %s', error.message);
  }
}

/** One that takes the place of another gets its file once it serves. */
function havePidFile(path: string): void {
  if (preforkRole === 'successor') keepPidFile(path);
  else writePidFile(path);
  whenParent(kernel, ({ hooks }) => {
    hooks.handover.tap('poe run', (stage, pid) => {
      if (stage === 'done') handOverPidFile(path, pid);
    });
  });
}

/** What node needs to run the program once more under the same config. */
function restartArguments(file: string, args: readonly string[], { config, name, pidfile }: RunOptions): string[] {
  const own = process.execArgv.filter((argument) => !argument.startsWith('--inspect'));
  const command = [...own, process.argv[1] as string, 'run', '--again'];
  if (config === false) command.push('--no-config');
  else if (typeof config === 'string') command.push('--config', resolve(config));
  if (name !== undefined) command.push('--name', name);
  if (pidfile !== undefined) command.push('--pidfile', resolve(pidfile));
  return [...command, file, ...args];
}

/** Runs a kernel that has sessions, but that its program has not run. */
async function runKernel(kernel: Kernel): Promise<void> {
  if (kernel.getSessionCount() === 0) return;
  try {
    await kernel.run();
  } catch (error) {
    if (!(error instanceof PoeUsageError && error.code === 'POE_ERR_ALREADY_RUNNING')) throw error;
  }
}

/** What was thrown and where, on one line. */
function reasonOf(error: unknown): string {
  if (debug.enabled) debug('end by %O', error);
  const [text = ''] = String(error).split('\n', 1);
  if (!(error instanceof Error)) return `ended by ${text}`;
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at .*(file:\/\/|\/)/.test(line));
  const own = frames.find((line) => !/\(?node:|\/node_modules\/|\/poe-kernel\//.test(line));
  return `${text}${own === undefined ? '' : ` (${own.trim().replace('file://', '')})`}`;
}

function timesTable(times: readonly TapTime[]): string {
  if (times.length === 0) return 'No plugin was called';
  const rows = [...times]
    .sort((a, b) => b.seconds - a.seconds)
    .map(({ tap, hook, calls, seconds }) => [tap, hook, `${calls}`, (seconds * 1000).toFixed(3)]);
  const [titles = '', ...lines] = columns([['plugin', 'hook', 'calls', 'ms'], ...rows]).split('\n');
  return [pc.bold(titles), ...lines].join('\n');
}
