import { describe, it } from 'node:test';
import type { ContractCase } from 'poe-kernel/testing';

/** Makes tests of the cases of a contract. */
export function runContract(name: string, cases: readonly ContractCase[]): void {
  describe(name, () => {
    for (const { title, run } of cases) it(title, run);
  });
}
