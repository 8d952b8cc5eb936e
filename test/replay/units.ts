/** A stream of octets cut into the lines of a handshake and the frames behind it. */

/** A line without its end, the payload of a frame, or octets that are neither. */
export interface Unit {
  kind: 'line' | 'frame' | 'raw';
  octets: Buffer;
  /** Where it begins and ends in the stream. */
  start: number;
  end: number;
}

const HEADER = /^(\d{1,15})\0/;
// A CR at the very end may be half of an end that is still to come.
const LINE = /^([^\r\n]*)(\r\n|\n\r|\n|\r(?!$))/;

/**
 * Takes the first complete unit off a stream.
 *
 * @param at - Where in the stream the octets begin.
 * @returns Undefined if there is none yet.
 */
export function takeUnit(octets: Buffer, at: number): Unit | undefined {
  const head = octets.toString('latin1', 0, Math.min(octets.length, 8192));
  const header = HEADER.exec(head);
  if (header !== null) {
    const start = header[0].length;
    const end = start + Number(header[1]);
    if (octets.length < end) return undefined;
    return { kind: 'frame', octets: octets.subarray(start, end), start: at, end: at + end };
  }
  const line = /^\d*$/.test(head) ? null : LINE.exec(head);
  if (line === null) return undefined;
  const [all, text = ''] = line;
  return { kind: 'line', octets: octets.subarray(0, text.length), start: at, end: at + all.length };
}

/** Cuts a whole stream; what is left at its end is one raw unit. */
export function cutUnits(octets: Buffer): Unit[] {
  const units: Unit[] = [];
  let at = 0;
  while (at < octets.length) {
    const rest = octets.subarray(at);
    const unit = takeUnit(rest, at) ?? { kind: 'raw', octets: rest, start: at, end: octets.length };
    units.push(unit);
    at = unit.end;
  }
  return units;
}

/** A payload with the header that makes it a frame. */
export function frameOf(payload: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`${payload.length}\0`), payload]);
}
