import { PoeLimitError } from '../../core/errors.ts';
import type { Chunk } from './filter.ts';
import type { OctetBuffer } from './octet-buffer.ts';

/**
 * Takes received chunks into a buffer, up to a limit. What is given while too much waits already is not kept.
 *
 * @param records - What the octets will be, in words: 'lines'.
 * @param owned - Whether nobody else will look at the chunks any more.
 * @throws PoeLimitError `POE_ERR_BUFFER_LIMIT` when more than `maxBuffer` octets wait.
 */
export function fill(
  buffer: OctetBuffer,
  chunks: readonly Chunk[],
  maxBuffer: number,
  records: string,
  owned = false,
): void {
  for (const chunk of chunks) {
    if (buffer.length > maxBuffer) break;
    buffer.push(chunk, owned);
  }
  if (buffer.length <= maxBuffer) return;
  throw new PoeLimitError(
    'POE_ERR_BUFFER_LIMIT',
    `Cannot buffer more ${records}: ${buffer.length} octets wait, ${maxBuffer} are allowed`,
    { hint: 'Take records out before more is read, or raise maxBuffer' },
  );
}
