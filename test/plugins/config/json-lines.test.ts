import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { lineOfFault, placesInJson } from '../../../plugins/config/json-lines.ts';
import { keyText } from '../../../plugins/config/key-path.ts';
import { fc } from '../../helpers/property.ts';

describe('placesInJson()', () => {
  test('knows the line of every value, whatever texts hold', () => {
    const json = `{
  "a": "x: {[,]}\\"",
  "list": [1,
    {"b": null}, [],
    "two"
  ], "odd key": {
    "n": -1.5e3 }
}`;
    assert.deepEqual(Object.fromEntries(placesInJson(json).lines), {
      a: 2,
      list: 3,
      'list[0]': 3,
      'list[1]': 4,
      'list[1].b': 4,
      'list[2]': 4,
      'list[3]': 5,
      '["odd key"]': 6,
      '["odd key"].n': 7,
    });
  });

  test('has the keys of any JSON, and no others', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(0, 2), (value, indent) => {
        const keys = new Set<string>();
        const walk = (inner: unknown, path: (string | number)[]): void => {
          if (path.length > 0) keys.add(keyText(path));
          if (Array.isArray(inner)) for (const [at, one] of inner.entries()) walk(one, [...path, at]);
          else if (typeof inner === 'object' && inner !== null) {
            for (const [key, one] of Object.entries(inner)) walk(one, [...path, key]);
          }
        };
        const json = JSON.stringify(value, null, indent);
        walk(JSON.parse(json), []);
        const { lines, twice } = placesInJson(json);
        assert.deepEqual([...lines.keys()].sort(), [...keys].sort());
        assert.deepEqual(twice, []);
      }),
      { numRuns: 300 },
    );
  });
});

describe('placesInJson(), keys that are there twice', () => {
  test('are told with the line of the first, each time one of them comes again', () => {
    const json = `{
  "a": 1, "b": [{ "x": 1 }, {
    "x": 2, "y": 0,
    "\\u0078": 3
  }],
  "a": {}, "__proto__": 1,
  "a": 4
}`;
    const { lines, twice } = placesInJson(json);
    assert.deepEqual(twice, [
      { path: ['b', 1, 'x'], firstLine: 3 },
      { path: ['a'], firstLine: 2 },
      { path: ['a'], firstLine: 2 },
    ]);
    assert.equal(lines.get('b[1].x'), 4);
  });
});

describe('lineOfFault()', () => {
  test('finds the line that cannot go on as JSON', () => {
    const cases: readonly [json: string, line: number][] = [
      ['{\n"a": 1,\n}', 3],
      ['{\n"a": 1\n"b": 2\n}', 3],
      ['{\n"a": "x\ny"\n}', 2],
      ['[\n1,\n// two\n2\n]', 3],
      ['{}\n{}', 2],
      ['{\n"a": [', 2],
      ['hello', 1],
    ];
    for (const [json, line] of cases) assert.equal(lineOfFault(json), line, json);
  });

  test('finds a line that is no JSON in any text that is', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { minLength: 1 }), fc.nat(), (value, seed) => {
        const lines = JSON.stringify(value, null, 1).split('\n');
        const at = seed % lines.length;
        lines.splice(at, 0, '#');
        assert.equal(lineOfFault(lines.join('\n')), at + 1);
      }),
    );
  });
});
