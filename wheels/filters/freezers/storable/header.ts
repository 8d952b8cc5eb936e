import { PoeDataError } from '../../../../core/errors.ts';
import { MAJOR, NATIVE_LAYOUT, NATIVE_MAGIC, NETWORK_MAGIC } from './opcodes.ts';

const DOING = 'Cannot thaw Storable octets';
const HINT = 'Let the peer freeze with nfreeze, which every version and machine can read';

/** What the header of an image says: where the values begin, and in which byte order their lengths are. */
export interface Header {
  readonly start: number;
  readonly native: boolean;
}

/**
 * Reads the header. Accepted are network order, and the native order of a 64-bit little-endian Perl; a minor version that
 * is newer than ours is accepted too, as its new opcodes will be met soon enough.
 *
 * @throws PoeDataError `POE_ERR_THAW_HEADER` with the reason.
 */
export function readHeader(image: Uint8Array): Header {
  if (image.length < 2) throw refuse(`${image.length} octets hold no header`);
  const magic = image[0] as number;
  const minor = image[1] as number;
  if (magic === NETWORK_MAGIC) return { start: 2, native: false };
  if (magic === NATIVE_MAGIC) {
    checkLayout(image);
    return { start: 2 + NATIVE_LAYOUT.length, native: true };
  }
  if (image.length >= 4 && image[0] === 0x70 && image[1] === 0x73 && image[2] === 0x74) {
    throw refuse('it begins with "pst", so it is a file written by store', 'Remove the first four octets of the file');
  }
  throw refuse(`its version is ${magic >> 1}.${minor}, and only version ${MAJOR} is known`);
}

function checkLayout(image: Uint8Array): void {
  const layout = image.subarray(2, 2 + NATIVE_LAYOUT.length);
  if (layout.every((octet, index) => octet === NATIVE_LAYOUT[index])) {
    if (layout.length === NATIVE_LAYOUT.length) return;
    throw refuse('it ends within its header');
  }
  const order = Buffer.from(image.subarray(3, 3 + Math.min(image[2] ?? 0, 8))).toString('latin1');
  if (order !== '12345678') {
    throw refuse(`its byte order is ${JSON.stringify(order)}, not that of a 64-bit little-endian Perl ("12345678")`);
  }
  throw refuse(`its sizes of int, long, pointer and double are ${[...layout.subarray(9)].join(' ')}, not 4 8 8 8`);
}

function refuse(found: string, hint = HINT): PoeDataError {
  return new PoeDataError('POE_ERR_THAW_HEADER', `${DOING}: ${found} (header, octet 0)`, { position: 0, hint });
}
