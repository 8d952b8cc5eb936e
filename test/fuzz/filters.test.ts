import { describe, it } from 'node:test';
import { fuzzFilters } from './filters.ts';

describe('filters and hostile streams', () => {
  it('every filter gives records or errors with a code, and the same ones wherever the stream is cut', () => {
    fuzzFilters({ count: 300, seed: 20261122 });
  });
});
