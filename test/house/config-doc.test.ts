import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type OptionRow, optionRows, resolvePlugin } from 'poe-kernel/plugins';
import { BUILTINS } from '../../plugins/builtins.ts';
import { readText } from '../helpers/repository.ts';

/** The rows that a table of docs/config.md should have. */
const expected = (rows: readonly OptionRow[]): string[] =>
  rows.map(({ key, type, default: preset, description }) => {
    return `| \`${key}\` | ${type} | ${preset} | ${description.replaceAll('|', '\\|')} |`;
  });

/** The rows of the first table below a heading. */
function rowsBelow(heading: string): string[] {
  const [, section = ''] = readText('docs/config.md').split(`\n${heading}\n`);
  const [table = ''] = /^\|[^\n]*\n\|[-|]+\n((?:\|[^\n]*\n)*)/m.exec(section)?.slice(1) ?? [];
  return table.trimEnd().split('\n');
}

describe('docs/config.md', () => {
  test('has the keys of a config as its schema has them', () => {
    assert.deepEqual(rowsBelow('## Keys'), expected(optionRows()));
  });

  for (const name of Object.keys(BUILTINS)) {
    test(`has the options of the plugin ${name} as its schema has them`, async () => {
      const { plugin } = await resolvePlugin(name, '.', 'a test');
      assert.deepEqual(rowsBelow(`### \`${name}\``), expected(optionRows(plugin)));
    });
  }
});
