import assert from 'node:assert/strict';
import { test } from 'node:test';
import { redact, redactedJson } from '../../../plugins/peek/redact.ts';
import { processorMs } from '../../helpers/processor-time.ts';

test('redact, hides what stands behind a word for a secret, and leaves the rest', () => {
  const cases: [string, string][] = [
    ['password=hunter2', 'password=[redacted]'],
    ['db?user=me&token=abc&x=1', 'db?user=me&token=[redacted]&x=1'],
    ['Secret: "two words", next', 'Secret: [redacted], next'],
    ['apiKey = s3cr3t; path=/', 'apiKey = [redacted]; path=/'],
    ['postgres://me:pw@host/db', 'postgres://me:[redacted]@host/db'],
    ['the key of the door', 'the key of the door'],
    ['session 4 (tokenizer)', 'session 4 (tokenizer)'],
    ['Socket 127.0.0.1:50122 to 127.0.0.1:3137', 'Socket 127.0.0.1:50122 to 127.0.0.1:3137'],
  ];
  for (const [text, expected] of cases) assert.equal(redact(text), expected);
});

test('redact, takes time in line with the length of the text', () => {
  for (const text of [
    'key='.repeat(16_384),
    `key${' '.repeat(65_536)}`,
    ':'.repeat(65_536),
    `://${'a'.repeat(65_536)}`,
    '://a:'.repeat(13_000),
  ]) {
    // What grows with the square takes many seconds.
    const begun = processorMs();
    redact(text);
    assert.ok(processorMs() - begun < 1000, text.slice(0, 10));
  }
});

test('redactedJson, is one line of JSON, whatever values it is given', () => {
  const text = redactedJson({ a: 'token=1\n', b: 10n ** 20n, c: [null, 'x'] });
  assert.equal(text.includes('\n'), false);
  assert.deepEqual(JSON.parse(text), { a: 'token=[redacted]\n', b: '100000000000000000000', c: [null, 'x'] });
});
