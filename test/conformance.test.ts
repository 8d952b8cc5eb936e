import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LIMIT_SECONDS, listCases, runCase } from './helpers/conformance-cases.ts';
import { diffLines } from './helpers/diff-lines.ts';

describe('a ported POE program prints what the Perl original prints', { concurrency: 2 }, () => {
  for (const one of listCases()) {
    it(one.name, { timeout: (LIMIT_SECONDS + 10) * 1000 }, async () => {
      const { passed, stdout, stderr, trouble } = await runCase(one);
      const report = [trouble ?? 'it prints something else:', ...diffLines(one.expected, stdout), stderr];
      assert.ok(passed, report.join('\n'));
    });
  }
});
