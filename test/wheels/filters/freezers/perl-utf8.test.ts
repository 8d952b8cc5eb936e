import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  decodeLaxUtf8,
  type FastBuffer,
  laxUtf8Length,
  writeLaxUtf8,
} from '../../../../wheels/filters/freezers/perl-utf8.ts';
import { fc } from '../../../helpers/property.ts';

function encode(text: string): FastBuffer {
  const octets = Buffer.alloc(laxUtf8Length(text)) as FastBuffer;
  assert.equal(writeLaxUtf8(octets, text, 0), octets.length);
  return octets;
}

function decode(...octets: number[]): string | undefined {
  return decodeLaxUtf8(Buffer.from(octets) as FastBuffer, 0, octets.length);
}

describe('Perl UTF-8', () => {
  it('carries every string, surrogates on their own too', () => {
    const unit = fc.oneof(
      fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
      fc.constantFrom('\ud800', '\udfff', '\ufffd', '\uffff', '\u{10ffff}', '\u{1f600}', 'a'),
    );
    fc.assert(
      fc.property(fc.string({ unit }), (text) => {
        const octets = encode(text);
        assert.equal(decodeLaxUtf8(octets, 0, octets.length), text);
      }),
    );
  });

  it('is UTF-8 for strings that UTF-8 can carry', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        assert.deepEqual(Buffer.from(encode(text)), Buffer.from(text));
      }),
    );
  });

  it('has three octets for a surrogate', () => {
    assert.deepEqual([...encode('\ud800x')], [0xed, 0xa0, 0x80, 0x78]);
    assert.equal(decode(0xed, 0xbf, 0xbf), '\udfff');
  });

  it('decodes a part of the octets', () => {
    assert.equal(decodeLaxUtf8(Buffer.from('a€b') as FastBuffer, 1, 4), '€');
  });

  it('refuses what is not UTF-8', () => {
    const malformed = [
      [0x80],
      [0xc3],
      [0xc3, 0x28],
      [0xc0, 0x80],
      [0xc1, 0xbf],
      [0xe0, 0x80, 0x80],
      [0xe2, 0x82],
      [0xf0, 0x80, 0x80, 0x80],
      [0xf4, 0x90, 0x80, 0x80],
      [0xf8, 0x88, 0x80, 0x80, 0x80],
      [0xff],
      [0xef, 0xbf, 0xbd, 0xff],
    ];
    for (const octets of malformed) assert.equal(decode(...octets), undefined, octets.join());
    assert.equal(decode(0xef, 0xbf, 0xbd), '\ufffd');
  });
});
