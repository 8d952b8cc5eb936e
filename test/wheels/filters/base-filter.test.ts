import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BaseFilter } from 'poe-kernel/wheels';

test('new BaseFilter() is refused, as POE::Filter->new is', () => {
  const Base = BaseFilter as unknown as new () => BaseFilter;
  assert.throws(() => new Base(), { name: 'PoeUsageError', code: 'POE_ERR_FILTER_BASE' });
});
