import pc from 'picocolors';
import { configJsonSchema, originText, readConfig } from '../../plugins/index.ts';
import { type ConfigOptions, requestOf } from '../config-options.ts';
import { failBy, failInJson } from '../fail-by.ts';
import { columns } from '../table.ts';

/** `poe check`. */
export async function check(of: string, options: ConfigOptions & { json?: true }): Promise<void> {
  const { file, plugins } = await readConfig(requestOf(of, options)).catch(options.json ? failInJson : failBy);
  if (options.json) {
    const found = plugins.map(({ plugin, from }) => ({ name: plugin.name, from }));
    console.log(JSON.stringify({ ok: true, file: file ?? null, plugins: found }));
    return;
  }
  if (file === undefined) console.log('There is no config, and nothing wrong with the environment');
  else console.log(`${pc.green('right')}  ${file}`);
  for (const { plugin, from } of plugins) console.log(`  ${plugin.name}${pc.dim(`  ${from}`)}`);
}

/** `poe config print`. */
export async function print(of: string, options: ConfigOptions & { json?: true }): Promise<void> {
  const { settings } = await readConfig(requestOf(of, options)).catch(failBy);
  if (options.json) {
    console.log(JSON.stringify(settings, shownInJson, 2));
    return;
  }
  const rows = settings.map(({ key, value, origin }) => [
    key,
    JSON.stringify(value, shownInJson) ?? 'undefined',
    originText(origin),
  ]);
  console.log(columns(rows));
}

/** What JSON does not have. */
function shownInJson(_key: string, value: unknown): unknown {
  return typeof value === 'function' || typeof value === 'bigint' || typeof value === 'symbol' ? String(value) : value;
}

/** `poe config schema`. */
export async function printSchema(): Promise<void> {
  console.log(JSON.stringify(await configJsonSchema(), null, 2));
}
