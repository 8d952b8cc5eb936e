import { Duplex, type DuplexOptions } from 'node:stream';
import { errnoFailure, errnoNumber, type SystemError } from '../errno.ts';
import { MODE_READ, MODE_WRITE, type Mode, type Port, port } from './handles.ts';

/** Octets that one direction holds before its writer has to wait, as a pipe of Linux does. */
const CAPACITY = 65_536;

type Done = (error?: Error) => void;

/** One direction of a pipe: octets go from the writing end into the buffer of the reading end, as far as there is room. */
class Lane {
  /** Octets written that the reading end has no room for. */
  unwritten = 0;
  /** The writing end will send no more, and all it sent is with the reading end. */
  ended = false;
  /** The reading end has gone: nothing can be written any more. */
  broken = false;
  readonly #writer: PipeEnd;
  readonly #reader: PipeEnd;
  readonly #waiting: { octets: Uint8Array; done: Done | null }[] = [];
  #atEnd: Done | null = null;

  constructor(writer: PipeEnd, reader: PipeEnd) {
    this.#writer = writer;
    this.#reader = reader;
  }

  get room(): number {
    return Math.max(CAPACITY - this.#reader.readableLength - this.unwritten, 0);
  }

  send(octets: Uint8Array, done: Done | null): void {
    if (this.broken) {
      done?.(brokenPipe());
      return;
    }
    this.#waiting.push({ octets, done });
    this.unwritten += octets.length;
    this.pass();
  }

  /** Hands over what there is room for. */
  pass(): void {
    for (let parcel = this.#waiting[0]; parcel !== undefined; parcel = this.#waiting[0]) {
      const room = CAPACITY - this.#reader.readableLength;
      if (room <= 0) return;
      const part = parcel.octets.subarray(0, room);
      parcel.octets = parcel.octets.subarray(part.length);
      this.unwritten -= part.length;
      const whole = parcel.octets.length === 0;
      if (whole) this.#waiting.shift();
      if (part.length > 0) this.#reader.push(part);
      this.#reader[port].notify(MODE_READ);
      if (whole) parcel.done?.();
    }
    if (this.#atEnd !== null) this.#finish(this.#atEnd);
    this.#writer[port].notify(MODE_WRITE);
  }

  /** The writing end has said all it will say. */
  end(done: Done): void {
    if (this.#waiting.length === 0) this.#finish(done);
    else this.#atEnd = done;
  }

  #finish(done: Done): void {
    this.#atEnd = null;
    this.writerGone();
    done();
  }

  writerGone(): void {
    if (this.ended) return;
    this.ended = true;
    this.#waiting.length = 0;
    this.unwritten = 0;
    if (!this.broken) this.#reader.push(null);
    this.#reader[port].notify(MODE_READ);
  }

  readerGone(): void {
    this.broken = true;
    this.unwritten = 0;
    for (const { done } of this.#waiting.splice(0)) done?.(brokenPipe());
    this.#atEnd?.();
    this.#atEnd = null;
    this.#writer[port].notify(MODE_WRITE);
  }
}

function brokenPipe(): Error {
  return Object.assign(new Error('write EPIPE'), { code: 'EPIPE', errno: -errnoNumber('EPIPE'), syscall: 'write' });
}

class PipePort implements Port {
  onReady: ((mode: Mode) => void) | null = null;
  readonly error: SystemError | null = null;
  writeError: SystemError | null = null;
  readonly #end: PipeEnd;
  readonly #watched: [boolean, boolean, boolean] = [false, false, false];

  constructor(end: PipeEnd) {
    this.#end = end;
  }

  ready(mode: Mode): boolean {
    const { input } = this.#end;
    if (mode === MODE_READ) return input !== null && (this.#end.readableLength > 0 || input.ended);
    return mode === MODE_WRITE && this.room > 0;
  }

  watch(mode: Mode): void {
    this.#watched[mode] = true;
  }

  unwatch(mode: Mode): void {
    this.#watched[mode] = false;
  }

  notify(mode: Mode): void {
    if (this.#watched[mode]) this.onReady?.(mode);
  }

  read(maxOctets: number): Uint8Array | null | undefined {
    const end = this.#end;
    const chunk: unknown = end.read(end.readableLength > maxOctets ? maxOctets : undefined);
    if (chunk !== null) return typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Uint8Array);
    return end.input === null || end.input.ended ? undefined : null;
  }

  get room(): number {
    const { output } = this.#end;
    if (output === null) return 0;
    // Who cannot write any more is told so when trying.
    return output.broken || output.ended ? CAPACITY : output.room;
  }

  write(octets: Uint8Array): void {
    const { output } = this.#end;
    if (output === null || output.broken || output.ended) this.writeError ??= errnoFailure('write', 'EPIPE');
    else output.send(octets, null);
  }

  get unwritten(): number {
    return this.#end.output?.unwritten ?? 0;
  }

  shutdown(mode: typeof MODE_READ | typeof MODE_WRITE): void {
    if (mode === MODE_WRITE) this.#end.end();
    else this.#end.readNoMore();
  }

  close(): void {
    // What has been handed over still reaches the other end, as it does from the buffers of the system.
    if (this.unwritten > 0) this.#end.end(() => this.#end.destroy());
    else this.#end.destroy();
  }
}

/** One end of a pipe: a Node stream whose octets are at the other end as soon as `write` returns. */
class PipeEnd extends Duplex {
  readonly [port] = new PipePort(this);
  input: Lane | null = null;
  output: Lane | null = null;

  constructor(options: DuplexOptions & { readable?: boolean; writable?: boolean } = {}) {
    super({ ...options, readableHighWaterMark: CAPACITY });
    // As in Perl, where SIGPIPE is ignored: writing to nobody is a failed write, not the end of the program.
    this.on('error', () => {});
  }

  override read(octets?: number): unknown {
    // All there is, as from a descriptor: without a size, later versions of Node give what one write brought.
    const chunk: unknown = super.read(octets ?? (this.readableLength || undefined));
    if (chunk !== null) this.input?.pass();
    return chunk;
  }

  /** Throws away what is there. The other end of a `twoWay` is told when it writes, as that of a pair of sockets; a pipe of one direction knows no shutdown. */
  readNoMore(): void {
    if (this.output !== null && this.input !== null && !this.input.broken) {
      if (!this.input.ended) this.push(null);
      this.input.readerGone();
    }
    this.resume();
  }

  override _read(): void {}

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: Done): void {
    (this.output as Lane).send(chunk, done);
  }

  override _final(done: Done): void {
    if (this.output === null) done();
    else this.output.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.output?.writerGone();
    this.input?.readerGone();
    done(error);
  }
}

/**
 * A pipe inside this process: what is written to `writer` can be read from `reader` at once. It holds 65,536 octets; then the
 * writer has to wait, as with a pipe of the system.
 *
 * @returns Two Node streams, which the kernel can watch: `reader.read()` gives what is there, or null.
 * @example
 * const [reader, writer] = oneWay();
 * kernel.selectRead(reader, 'readable');
 * writer.write('hello');
 * @remarks Mirrors POE::Pipe::OneWay. Both ends are in memory, so that no other process can have one.
 */
export function oneWay(): [reader: Duplex, writer: Duplex] {
  const reader = new PipeEnd({ writable: false });
  const writer = new PipeEnd({ readable: false });
  writer.output = new Lane(writer, reader);
  reader.input = writer.output;
  return [reader, writer];
}

/**
 * Two connected ends inside this process, each to read from and to write to, as from `socketpair`.
 *
 * @example
 * const [near, far] = twoWay();
 * heap.wheel = new ReadWrite({ handle: near, inputEvent: 'line' });
 * far.write('hello\n');
 * @remarks Mirrors POE::Pipe::TwoWay, which gives four handles: one for each direction of each end.
 */
export function twoWay(): [left: Duplex, right: Duplex] {
  const left = new PipeEnd();
  const right = new PipeEnd();
  left.output = new Lane(left, right);
  right.input = left.output;
  right.output = new Lane(right, left);
  left.input = right.output;
  return [left, right];
}
