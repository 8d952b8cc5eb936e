import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PoeLimitError } from '../../../../core/errors.ts';
import { FREEZER_NAMES, freezerFor } from '../../../../wheels/filters/freezers/registry.ts';

describe('freezerFor()', () => {
  it('knows the three freezers of Perl peers by their names', () => {
    assert.deepEqual(FREEZER_NAMES, ['Storable', 'FreezeThaw', 'POE::Component::IKC::Freezer']);
    for (const name of FREEZER_NAMES) {
      const freezer = freezerFor(name)?.();
      assert.ok(freezer);
      assert.equal(freezer.name, name);
      assert.deepEqual(freezer.thaw(freezer.freeze(['a', null])), ['a', null]);
    }
  });

  it('hands the options to what it makes', () => {
    for (const name of FREEZER_NAMES) {
      const freezer = freezerFor(name)?.({ limits: { maxDepth: 1 }, numericStrings: true });
      assert.ok(freezer);
      assert.deepEqual(freezer.thaw(freezer.freeze(['1.5'])), [1.5]);
      assert.throws(() => freezer.thaw(freezer.freeze([[['x']]])), PoeLimitError);
    }
  });

  it('gives undefined for every other name, whatever it means elsewhere', () => {
    const names = ['', 'storable', 'Storable ', 'Storable\n', 'JSON', 'Data::Dumper', 'YAML', '../Storable', 'node:fs'];
    for (const name of [...names, '__proto__', 'constructor', 'toString', 'get', 'Storable\0']) {
      assert.equal(freezerFor(name), undefined, name);
    }
  });
});
