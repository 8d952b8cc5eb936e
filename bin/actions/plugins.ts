import { setTimeout as sleep } from 'node:timers/promises';
import pc from 'picocolors';
import { applyPlugins, Kernel } from '../../core/index.ts';
import {
  type ConfiguredPlugin,
  optionRows,
  PeekClient,
  readConfig,
  resolvePlugin,
  type SectionRow,
} from '../../plugins/index.ts';
import { guarded } from '../commands/peek.ts';
import { type ConfigOptions, requestOf } from '../config-options.ts';
import { fail } from '../fail.ts';
import { failBy, failInJson } from '../fail-by.ts';
import { hooksOf, SECTION } from '../plugin-rows.ts';
import { columns, table } from '../table.ts';

interface JsonOption {
  json?: true;
}

export interface RunningOptions extends JsonOption {
  /** How long is measured at least. */
  seconds: number;
  folder?: string;
}

/** `poe plugins`. */
export async function list(options: ConfigOptions & JsonOption): Promise<void> {
  const { plugins } = await readConfig(requestOf('.', options)).catch(options.json ? failInJson : failBy);
  const found = plugins.map((configured) => {
    return { name: configured.plugin.name, hooks: tappedBy(configured), from: configured.from };
  });
  const rows = found.map(({ name, hooks, from }, at) => [
    `${at + 1}.`,
    name,
    hooks.join(' ') || 'taps no hook',
    pc.dim(from),
  ]);
  if (options.json) console.log(JSON.stringify(found));
  else console.log(rows.length > 0 ? columns(rows) : 'No plugin is switched on');
  process.exit();
}

/** `poe plugins --program NAME`. */
export function listRunning(name: string, { json, seconds, folder }: RunningOptions): Promise<void> {
  return guarded(async () => {
    const client = await PeekClient.connect(name, { folder });
    try {
      // The first look has the program begin to measure.
      await sectionOf(client);
      await sleep(seconds * 1000);
      const rows = await sectionOf(client);
      if (rows === undefined) fail(`${name} has no plugins of a config: 'poe run' says which there are`);
      const cells = rows.map(({ order, plugin, hook, calls, ms }) => [
        `${order}.`,
        plugin,
        hook || 'taps no hook',
        calls,
        ms,
      ]);
      console.log(json ? JSON.stringify(rows) : table(['', 'PLUGIN', 'HOOK', 'CALLS', 'MS'], cells));
    } finally {
      client.close();
    }
  });
}

async function sectionOf(client: PeekClient): Promise<readonly SectionRow[] | undefined> {
  return (await client.ask({ ask: 'sections' })).find(({ name }) => name === SECTION)?.rows;
}

/** The hooks of kernel, wheels and IKC that a plugin taps when it is applied. */
function tappedBy({ plugin, options }: ConfiguredPlugin): string[] {
  const kernel = new Kernel();
  const hooks = hooksOf(kernel);
  try {
    const undo = applyPlugins(kernel, [[plugin, options]]);
    const tapped = hooks.flatMap(([name, { taps }]) => (taps.length > 0 ? [name] : []));
    undo();
    return tapped;
  } catch (error) {
    fail(`Cannot apply the plugin '${plugin.name}': ${String(error)}`);
  }
}

/** `poe plugins NAME`. */
export async function describe(name: string, { json }: JsonOption): Promise<void> {
  const { plugin } = await resolvePlugin(name, process.cwd(), 'the command line').catch(json ? failInJson : failBy);
  const rows = optionRows(plugin);
  if (json) {
    console.log(JSON.stringify({ name: plugin.name, options: rows }));
    return;
  }
  if (plugin.schema === undefined) console.log(`The plugin ${plugin.name} takes no options`);
  else if (rows.length === 0) console.log(`The plugin ${plugin.name} takes options, which its schema cannot tell of`);
  for (const { key, type, default: preset, description } of rows) {
    console.log(`${pc.bold(key)}  ${type}${pc.dim(`  default: ${preset}`)}\n    ${description}`);
  }
}
