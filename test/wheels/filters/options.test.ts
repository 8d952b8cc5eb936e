import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Block, HTTPD, Line, RecordBlock, Reference, Stackable, Stream } from 'poe-kernel/wheels';

const filters: (new (options: never) => object)[] = [Block, HTTPD, Line, RecordBlock, Reference, Stackable, Stream];

for (const Filter of filters) {
  test(`new ${Filter.name}() refuses what is no object of options`, () => {
    for (const options of ['\n', 4, null, ['literal', ';']]) {
      assert.throws(() => new Filter(options as never), { code: 'POE_ERR_FILTER_OPTION' });
    }
  });
}
