import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cut, filterContract } from 'poe-kernel/testing';
import { HandshakeLines } from '../../../../components/ikc/handshake/index.ts';
import { fc } from '../../../helpers/property.ts';
import { runContract } from '../../../helpers/run-contract.ts';

const octets = (...texts: string[]) => texts.map((text) => Buffer.from(text, 'latin1'));

runContract(
  'HandshakeLines, as a filter',
  filterContract<string>({
    make: () => new HandshakeLines(),
    records: ['', 'IAM a', ' ', '\u00e9'],
    unfinished: Buffer.from('IAM no'),
    noHandOver: 'half of a line end may come after the change, which the next filter has to expect (afterLines)',
  }),
);

describe('HandshakeLines', () => {
  it('get() takes CR LF, LF CR, CR and LF in any mixture', () => {
    assert.deepEqual(new HandshakeLines().get(octets('a\r\nb\n\rc\rd\ne\r\n\r\n\n')), [
      'a',
      'b',
      'c',
      'd',
      'e',
      '',
      '',
    ]);
  });

  it('get() completes a line at the first octet of its end, and drops the other half when it comes', () => {
    const filter = new HandshakeLines();
    assert.deepEqual(filter.get(octets('HELLO\r')), ['HELLO']);
    assert.deepEqual(filter.get(octets('\n')), []);
    assert.deepEqual(filter.get(octets('OK\r\n')), ['OK']);
    assert.deepEqual(filter.get(octets('a\n', '\rb\n', '\nc\r')), ['a', 'b', '', 'c']);
  });

  it('get() reads any stream the same way, however it is cut', () => {
    const text = fc.string({ unit: fc.constantFrom('\r', '\n', '\r\n', 'a'), maxLength: 30 }) as fc.Arbitrary<string>;
    fc.assert(
      fc.property(text, fc.array(fc.nat(), { maxLength: 12 }), (stream, places) => {
        const whole = new HandshakeLines();
        const pieces = new HandshakeLines();
        const [all] = octets(stream) as [Buffer];
        const expected = whole.get([all]);
        assert.deepEqual(
          cut(all, places).flatMap((piece) => pieces.get([piece])),
          expected,
        );
        assert.deepEqual(pieces.getPending(), whole.getPending());
      }),
    );
  });

  it('getPending() gives what is behind the last line, without the other half of its end', () => {
    for (const end of ['\r\n', '\n\r', '\r', '\n']) {
      const filter = new HandshakeLines();
      filter.getOneStart(octets(`WORLD${end}3\0[1]`));
      assert.deepEqual(filter.getOne(), ['WORLD']);
      assert.deepEqual(filter.getPending(), octets('3\0[1]'));
      assert.deepEqual(filter.getPending(), octets('3\0[1]'));
    }
  });

  it('put() ends lines in CR LF', () => {
    assert.deepEqual(
      new HandshakeLines().put(['DONE', 'FREEZER Storable']),
      octets('DONE\r\n', 'FREEZER Storable\r\n'),
    );
  });

  it('maxLine lets a line of 4 KiB through, not a longer one', () => {
    for (const length of [4095, 4096]) {
      assert.deepEqual(new HandshakeLines().get(octets('x'.repeat(length), '\r\n')), ['x'.repeat(length)]);
    }
    for (const long of [octets('x'.repeat(4097)), octets(`${'x'.repeat(4097)}\n`), octets('x'.repeat(4096), 'x')]) {
      const filter = new HandshakeLines();
      const limit = { name: 'PoeLimitError', code: 'POE_ERR_IKC_HANDSHAKE_LIMIT' };
      assert.throws(() => filter.get(long), limit);
      assert.throws(() => filter.get(octets('OK\r\n')), limit, 'and that is the end');
      assert.equal(filter.getPending(), null, 'nothing is kept');
    }
  });

  it('maxLine can be set, and a clone has it', () => {
    assert.throws(() => new HandshakeLines({ maxLine: 3 }).clone().get(octets('four')), {
      message: 'Cannot shake hands: the other side has sent a line of more than 3 octets',
    });
  });
});
