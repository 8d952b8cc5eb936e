/**
 * Thaws images of 1 MiB that are made to be as expensive as they can be, and prints for each the least time that it took, as JSON.
 * Run it with `--max-old-space-size=64` to see that the memory suffices.
 *
 *   node --max-old-space-size=64 dist/test/fuzz/storable-bombs.js [ROUNDS]
 */
import { PoeDataError } from '../../core/errors.ts';
import { Storable } from '../../wheels/filters/freezers/storable/index.ts';
import { processorMs } from '../helpers/processor-time.ts';

const SIZE = 1024 * 1024;
const HEADER = Buffer.of(5, 11);

/** An array of as many equal elements as fit. */
function arrayOf(hex: string): Buffer {
  const element = Buffer.from(hex, 'hex');
  const count = Math.floor((SIZE - 7) / element.length);
  const head = Buffer.alloc(5, 2);
  head.writeUInt32BE(count, 1);
  return Buffer.concat([HEADER, head, Buffer.alloc(count * element.length, element)]);
}

/** The same piece, opened again and again and never complete. */
function nested(hex: string): Buffer {
  return Buffer.concat([HEADER, Buffer.alloc(SIZE, Buffer.from(hex, 'hex'))]);
}

/** A hash of as many different keys as fit. */
function hash(): Buffer {
  const count = Math.floor((SIZE - 7) / 9);
  const image = Buffer.alloc(7 + count * 9, 5);
  image[1] = 11;
  image[2] = 3;
  image.writeUInt32BE(count, 3);
  for (let index = 0; index < count; index++) {
    image.writeUInt32BE(4, 8 + index * 9);
    image.writeUInt32BE(0x20202020 + index, 12 + index * 9);
  }
  return image;
}

const BOMBS: Readonly<Record<string, Buffer>> = {
  'nested arrays': nested('040200000001'),
  'nested arrays of huge counts': nested('04027fffffff'),
  'nested hashes': nested('040300000001'),
  'nested references': nested('04'),
  'classes of nothing': nested('110141'),
  'hooks of hooks': nested('1342'),
  undef: arrayOf('05'),
  'missing elements': arrayOf('0e'),
  'empty strings': arrayOf('0a00'),
  'short texts': arrayOf('1702c3a9'),
  'version strings': arrayOf('1d000a00'),
  'empty arrays': arrayOf('040200000000'),
  'empty hashes': arrayOf('040300000000'),
  'empty flag hashes': arrayOf('04190000000000'),
  'hashes of one key': arrayOf('0403000000010500000000'),
  'objects of one class': arrayOf('041101410200000000'),
  'references to undef': arrayOf('0405'),
  'references to references': arrayOf('040405'),
  'objects that are scalars': arrayOf('0411014105'),
  'scalars with a class': arrayOf('11014105'),
  'the array itself': arrayOf('040000000000'),
  'references to the root element': arrayOf('040000000001'),
  'hook records': arrayOf('041300014100'),
  patterns: arrayOf('0420000000'),
  code: arrayOf('041a0a00'),
  'tied arrays': arrayOf('040b05'),
  'tied scalars': arrayOf('040d05'),
  'tied elements': arrayOf('04150505'),
  'different keys': hash(),
};

const rounds = Number(process.argv[2] ?? 1);
const storable = new Storable();
const results = Object.entries(BOMBS).map(([name, image]) => {
  let milliseconds = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const started = processorMs();
    try {
      storable.thaw(image);
    } catch (error) {
      if (!(error instanceof PoeDataError)) throw error;
    }
    milliseconds = Math.min(milliseconds, processorMs() - started);
  }
  return { name, milliseconds: Math.round(milliseconds) };
});
console.log(JSON.stringify(results));
