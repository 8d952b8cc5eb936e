import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Key, KeyDecoder, keysOf } from '../../../wheels/readline/key-decoder.ts';
import { fc } from '../../helpers/property.ts';

function decode(...chunks: (string | Uint8Array)[]): Key[] {
  const decoder = new KeyDecoder();
  return chunks.flatMap((chunk) => decoder.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk));
}

function brief(keys: readonly Key[]): string[] {
  return keys.map(({ kind, raw }) => `${kind[0]}:${raw}`);
}

/** Keys of a paste in one piece, however they came. */
function joined(keys: readonly Key[]): Key[] {
  const all: Key[] = [];
  for (const key of keys) {
    const last = all.at(-1);
    if (key.kind !== 'paste' || last?.kind !== 'paste') all.push(key);
    else all[all.length - 1] = { ...last, raw: last.raw + key.raw };
  }
  return all;
}

describe('KeyDecoder', () => {
  for (const [what, text, keys] of [
    ['characters', 'aé日', ['c:a', 'c:é', 'c:日']],
    ['control characters', '\x03\x7f\r', ['c:\x03', 'c:\x7f', 'c:\r']],
    ['an arrow', '\x1b[A\x1bOB', ['f:\x1b[A', 'f:\x1bOB']],
    ['keys with numbers and modifiers', '\x1b[15~\x1b[1;5C', ['f:\x1b[15~', 'f:\x1b[1;5C']],
    ['function keys of the Linux console', '\x1b[[Ax', ['f:\x1b[[A', 'c:x']],
    ['Meta with a character', '\x1bb', ['c:\x1b', 'c:b']],
    ['Meta with an arrow', '\x1b\x1b[A', ['c:\x1b', 'f:\x1b[A']],
    ['text that was pasted', '\x1b[200~ls\r\x1b[A\x1b[201~x', ['p:ls\r\x1b[A', 'c:x']],
    ['nothing that was pasted', '\x1b[200~\x1b[201~', []],
    ['an emoji of two units', '👍', ['c:👍']],
  ] as const) {
    test(`makes keys of ${what}`, () => assert.deepEqual(brief(decode(text)), keys));
  }

  test('makes the same keys of any pieces', () => {
    const piece = fc.constantFrom(
      'a',
      'é',
      '日',
      '👍',
      '\x1b[A',
      '\x1bOP',
      '\x1b[1;5C',
      '\x1bx',
      '\x03',
      '\x1b[200~p\x1b[\x1b[201~',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.array(fc.nat(60), { maxLength: 6 }), (pieces, cuts) => {
        const octets = Buffer.from(pieces.join(''));
        const places = [0, ...cuts.map((cut) => Math.min(cut, octets.length)).sort((a, b) => a - b), octets.length];
        const chunks = places.slice(1).map((place, index) => octets.subarray(places[index], place));
        assert.deepEqual(joined(decode(...chunks)), joined(decode(octets)));
      }),
    );
  });

  test('waits for the rest of a sequence, and gives it up when told so', () => {
    const decoder = new KeyDecoder();
    assert.deepEqual(decoder.push(Buffer.from('a\x1b')), [{ raw: 'a', kind: 'character' }]);
    assert.equal(decoder.held, '\x1b');
    assert.deepEqual(brief(decoder.flush()), ['c:\x1b']);
    assert.equal(decoder.held, '');
    decoder.push(Buffer.from('\x1b['));
    assert.equal(decoder.held, '\x1b[');
    assert.deepEqual(brief(decoder.flush()), ['c:\x1b', 'c:[']);
  });

  test('holds no more than a key can be long', () => {
    const decoder = new KeyDecoder();
    const keys = decoder.push(Buffer.from(`\x1b[${'1'.repeat(100_000)}`));
    assert.ok(keys.length > 99_000);
    assert.ok(decoder.held.length < 40);
  });

  test('passes a paste on as it comes, and keeps back only what may be its end', () => {
    const decoder = new KeyDecoder();
    assert.deepEqual(brief(decoder.push(Buffer.from('\x1b[200~abc\x1b[20'))), ['p:abc']);
    assert.equal(decoder.held, '', 'nothing that a wait would end');
    assert.deepEqual(decoder.flush(), []);
    assert.deepEqual(brief(decoder.push(Buffer.from('1~d'))), ['c:d']);
  });

  test('replaces octets that are no UTF-8', () => {
    assert.deepEqual(brief(decode(Uint8Array.of(0x61, 0xff, 0x62))), ['c:a', 'c:\ufffd', 'c:b']);
  });

  test('keysOf() takes all of a text, also what is begun', () => {
    assert.deepEqual(brief(keysOf('a\x1b')), ['c:a', 'c:\x1b']);
  });
});
