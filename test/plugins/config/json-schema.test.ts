import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configJsonSchema, log, optionRows } from 'poe-kernel/plugins';
import { readText } from '../../helpers/repository.ts';

test('schema/poe.config.json is what the schemas say: `npm run schema` writes it anew', async () => {
  assert.deepEqual(JSON.parse(readText('schema/poe.config.json')), await configJsonSchema());
});

test('optionRows() has key, type, default and a sentence for each option', () => {
  for (const rows of [optionRows(), optionRows(log)]) {
    assert.ok(rows.length > 0);
    for (const { key, type, description } of rows) {
      assert.ok(description.length > 10, key);
      assert.notEqual(type, 'anything', key);
    }
  }
  assert.deepEqual(optionRows(log)[1], {
    key: 'format',
    type: '"json", "text", "pino"',
    default: '"json"',
    description: 'lines of JSON, lines for people, or through the package pino, which has to be installed',
  });
});

test('optionRows() goes into options that have keys of their own', () => {
  assert.deepEqual(
    optionRows().map(({ key }) => key),
    ['$schema', 'name', 'pidFile', 'hookFailures', 'plugins', 'plugins[].use', 'plugins[].options'],
  );
});
