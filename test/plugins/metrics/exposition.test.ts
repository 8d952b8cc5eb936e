import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exposition, merge } from '../../../plugins/metrics/exposition.ts';
import { Histogram } from '../../../plugins/metrics/histogram.ts';
import { readExposition } from '../../helpers/prometheus.ts';
import { fc } from '../../helpers/property.ts';

test('exposition() writes help, type and samples', () => {
  const text = exposition([
    { name: 'a_total', help: 'One\nline \\', type: 'counter', samples: [{ labels: { x: 'a"b\\c\nd' }, value: 1 }] },
    { name: 'b', help: 'Two', type: 'gauge', samples: [{ value: Number.POSITIVE_INFINITY }] },
  ]);
  assert.equal(
    text,
    '# HELP a_total One\\nline \\\\\n# TYPE a_total counter\na_total{x="a\\"b\\\\c\\nd"} 1\n# HELP b Two\n# TYPE b gauge\nb +Inf\n',
  );
});

test('exposition() is read back, whatever labels and values hold', () => {
  const sample = fc.record({ labels: fc.record({ x: fc.string() }), value: fc.double({ noNaN: true }) });
  fc.assert(
    fc.property(fc.uniqueArray(sample, { minLength: 1, selector: ({ labels }) => labels.x }), (samples) => {
      const read = readExposition(exposition([{ name: 'x', help: 'X', type: 'gauge', samples }])).get('x');
      assert.deepEqual(
        read?.samples.map(({ labels, value }) => [labels.x, value]),
        samples.map(({ labels, value }) => [labels.x, value === 0 ? 0 : value]),
      );
    }),
  );
});

test('merge() has each family once, with the samples of all processes', () => {
  const family = (value: number) => ({ name: 'x', help: 'X', type: 'gauge', samples: [{ value }] }) as const;
  assert.deepEqual(
    merge([
      [{ pid: '1' }, [family(1)]],
      [{ pid: '2' }, [family(2)]],
    ]),
    [
      {
        name: 'x',
        help: 'X',
        type: 'gauge',
        samples: [
          { labels: { pid: '1' }, value: 1 },
          { labels: { pid: '2' }, value: 2 },
        ],
      },
    ],
  );
});

test('Histogram counts a value in every bucket that it fits into', () => {
  const histogram = new Histogram([1, 2]);
  for (const value of [0.5, 1, 1.5, 3]) histogram.observe(value);
  assert.deepEqual(
    histogram.samples({ a: 'b' }).map(({ suffix, labels, value }) => [suffix, labels?.le, value]),
    [
      ['_bucket', '1', 2],
      ['_bucket', '2', 3],
      ['_bucket', '+Inf', 4],
      ['_sum', undefined, 6],
      ['_count', undefined, 4],
    ],
  );
});

test('readExposition() refuses what is not as the format has it', () => {
  const head = '# HELP x_total X\n# TYPE x_total counter\n';
  for (const [text, why] of [
    [`${head}x_total 1`, /no end/],
    ['x_total 1\n', /no family/],
    ['# TYPE x_total counter\nx_total 1\n', /without HELP/],
    [`${head}x_total 1\nx_total 2\n`, /twice/],
    [`${head}x_total{a="b" 1\n`, /No metric/],
    [`${head}x_total{a=b} 1\n`, /Bad labels/],
    [`${head}x_total one\n`, /No metric/],
    [`${head}x_total -1\n`, /below 0/],
    [head, /no metrics/],
    ['# HELP x X\n# TYPE x counter\nx 1\n', /_total/],
    ['# HELP x X\n# TYPE x histogram\nx_bucket{le="1"} 1\nx_sum 1\nx_count 1\n', /incomplete/],
  ] as const) {
    assert.throws(() => readExposition(text), why, text);
  }
});
