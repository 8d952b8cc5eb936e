import { describe, it } from 'node:test';
import { fuzzHandshakes } from './handshake.ts';

describe('handshakes and hostile peers', () => {
  it('Handshake, fed with random lines, never crashes, keeps its limits, and is silent behind the end', () => {
    fuzzHandshakes({ count: 1000, seed: 20261121 });
  });
});
