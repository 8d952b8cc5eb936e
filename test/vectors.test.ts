import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { fixture } from './helpers/fixture.ts';
import type { VectorFile } from './helpers/vector-cases.ts';

const script = fileURLToPath(new URL('vectors.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'poe-kernel-vectors-'));
after(() => rmSync(folder, { recursive: true }));

function vectors(...files: string[]): { status: number | null; lines: string[] } {
  const { status, stdout } = spawnSync(process.execPath, [script, ...files], {
    cwd: '/',
    env: { ...process.env, INIT_CWD: folder },
    encoding: 'utf8',
  });
  return { status, lines: stdout.trimEnd().split('\n') };
}

/** Writes a file of vectors into the folder of the caller, and returns its name there. */
function vectorFile(name: string, content: unknown): string {
  writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  return name;
}

function base64(text: string): string {
  return Buffer.from(text, 'latin1').toString('base64');
}

describe('npm run vectors', () => {
  it('passes on every recorded file, and counts its cases', () => {
    const files = ['storable', 'freezethaw', 'dumper'].map((format) => fixture(`ikc/${format}/vectors.json`));
    const count = files
      .map((file) => JSON.parse(readFileSync(file, 'utf8')) as VectorFile)
      .reduce((sum, file) => sum + (file.vectors ?? []).length + (file.malformed ?? []).length, 0);
    const { status, lines } = vectors(...files);
    assert.equal(status, 0);
    assert.equal(lines.pop(), `${count} passed, 0 failed`);
    assert.equal(lines.length, count);
    for (const line of lines) assert.match(line, /^ok [\w-]+(: .+)?$/);
    assert.ok(lines.includes('ok deep-10000-arrays: read with raised limits'));
  });

  it('takes paths relative to where it was called, and fails if one case does', () => {
    const file = vectorFile('mixed.json', {
      vectors: [
        { name: 'right', frozen: base64('FrT;@1|@1|$1|a'), expect: { t: 'array', v: [{ t: 'bytes', v: 'a' }] } },
        { name: 'wrong-value', frozen: base64('FrT;@1|@1|$1|a'), expect: { t: 'array', v: [{ t: 'bytes', v: 'b' }] } },
        { name: 'wrong-flag', frozen: base64('FrT;@1|@1|$1|a'), expect: { t: 'array', v: [{ t: 'text', v: 'a' }] } },
        { name: 'no-image', frozen: base64('FrT;@1|'), expect: { t: 'undef' } },
        { name: 'no-error', frozen: base64('FrT;@1|_'), expect: { t: 'error', v: 'x' } },
      ],
      malformed: [
        { name: 'accepted', frozen: base64('FrT;@1|_'), expect: 'error' },
        { name: 'refused', frozen: base64('FrT;@1|'), expect: 'value' },
        { name: 'either', frozen: base64('FrT;@1|'), expect: 'error-or-value' },
        { name: 'prefix', frozen: base64('FrT;@0|;'), expect: 'error', rule: 'every proper prefix must be rejected' },
        { name: 'rule', frozen: base64('FrT;@0|'), expect: 'error', rule: 'every other octet must be rejected' },
      ],
    });
    const { status, lines } = vectors(file);
    assert.equal(status, 1);
    assert.equal(lines.pop(), '2 passed, 8 failed');
    assert.deepEqual(
      lines.map((line) => line.split(':')[0]),
      [
        'ok right',
        'not ok wrong-value',
        'not ok wrong-flag',
        'not ok no-image',
        'not ok no-error',
        'not ok accepted',
        'not ok refused',
        'ok either',
        'not ok prefix',
        'not ok rule',
      ],
    );
    assert.match(lines[1] ?? '', /\$\[0\]: expected "b", found "a"/);
  });

  it('joins the parts of an entry and takes prefixes of its base', () => {
    const file = vectorFile('storable.json', {
      malformed: [
        {
          name: 'parts',
          parts: [
            [base64('\x05\x0b'), 1],
            [base64('\x04'), 3],
            [base64('\x08\x81'), 1],
          ],
          expect: 'value',
        },
        {
          name: 'deep',
          parts: [
            [base64('\x05\x0b'), 1],
            [base64('\x04'), 90000],
            [base64('\x08\x81'), 1],
          ],
          expect: 'no-crash',
        },
        {
          name: 'base',
          base: base64('\x05\x0b\x02\0\0\0\x01\x08\x81'),
          expect: 'error',
          rule: 'every proper prefix of base must be rejected',
        },
      ],
    });
    assert.deepEqual(vectors(file), {
      status: 0,
      lines: ['ok parts', 'ok deep', 'ok base: 9 prefixes', '3 passed, 0 failed'],
    });
  });

  it('says so when an image is refused because JavaScript cannot hold its characters', () => {
    const expect = { t: 'array', v: [{ t: 'text', cps: ['110000'] }] };
    const frozen = base64('$POE::Component::IKC::Freezer::VAR1 = ["\\x{110000}"];');
    const { status, lines } = vectors(vectorFile('beyond.json', { vectors: [{ name: 'beyond', frozen, expect }] }));
    assert.equal(status, 0);
    assert.match(lines[0] ?? '', /^ok beyond: refused, since no JavaScript string/);
  });

  it('fails on a file that is absent, no JSON or of no known format, and without files', () => {
    const broken = [vectorFile('text.json', 'text'), vectorFile('empty.json', { vectors: [] }), 'absent.json'];
    const { status, lines } = vectors(...broken);
    assert.equal(status, 1);
    assert.equal(lines.pop(), '0 passed, 3 failed');
    assert.deepEqual(
      lines.map((line) => line.split(':')[0]),
      broken.map((name) => `not ok ${name}`),
    );
    assert.equal(vectors().status, 2);
  });
});
