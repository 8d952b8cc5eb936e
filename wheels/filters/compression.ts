import { deflateSync, inflateSync } from 'node:zlib';
import { PoeDataError, PoeLimitError } from '../../core/errors.ts';

/** How many octets one compressed octet may become. */
const MAX_RATIO = 100;
/** Up to this size no ratio is too good: short payloads that repeat themselves compress very well, and harm nobody. */
const ALWAYS_ALLOWED = 64 * 1024;

/** Compresses as Perl's Compress::Zlib does (`compress`: a zlib stream). */
export function compress(octets: Uint8Array): Buffer {
  return deflateSync(octets);
}

/**
 * Undoes {@link compress}, within limits: at most `maxOctets`, and beyond 64 KiB at most a hundred times the input.
 *
 * @throws PoeLimitError `POE_ERR_COMPRESSION_LIMIT` for more than that.
 * @throws PoeDataError `POE_ERR_COMPRESSED_DATA` for octets that are no whole zlib stream.
 */
export function uncompress(octets: Uint8Array, maxOctets: number): Buffer {
  const allowed = Math.min(maxOctets, Math.max(ALWAYS_ALLOWED, MAX_RATIO * octets.length));
  try {
    return inflateSync(octets, { maxOutputLength: allowed });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new PoeLimitError(
        'POE_ERR_COMPRESSION_LIMIT',
        `Cannot uncompress a frame: ${octets.length} octets become more than ${allowed}`,
        { hint: 'Send it uncompressed, or in parts', cause },
      );
    }
    throw new PoeDataError('POE_ERR_COMPRESSED_DATA', 'Cannot uncompress a frame: it is no zlib stream', {
      hint: 'Both sides must be set to the same compression',
      cause,
    });
  }
}
