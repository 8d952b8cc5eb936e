import pc from 'picocolors';
import { ikcHooks } from '../../components/ikc/index.ts';
import { applyPlugins, Kernel } from '../../core/index.ts';
import { type ConfiguredPlugin, optionRows, readConfig, resolvePlugin } from '../../plugins/index.ts';
import { wheelHooks } from '../../wheels/index.ts';
import { type ConfigOptions, requestOf } from '../config-options.ts';
import { fail } from '../fail.ts';
import { failBy, failInJson } from '../fail-by.ts';
import { columns } from '../table.ts';

interface JsonOption {
  json?: true;
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

/** The hooks of kernel, wheels and IKC that a plugin taps when it is applied. */
function tappedBy({ plugin, options }: ConfiguredPlugin): string[] {
  const kernel = new Kernel();
  const hooks = { ...kernel.hooks, ...wheelHooks(kernel), ...ikcHooks(kernel) };
  try {
    const undo = applyPlugins(kernel, [[plugin, options]]);
    const tapped = Object.entries(hooks).flatMap(([name, { taps }]) => (taps.length > 0 ? [name] : []));
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
