import type { PoeDataError } from '../../../core/errors.ts';
import type { Chunk } from '../../../wheels/filters/index.ts';
import type { Handshake } from './handshake.ts';
import { HandshakeLines, type HandshakeLinesOptions } from './lines.ts';
import type { HandshakeDone, HandshakeStep } from './types.ts';

/** What to do with the connection next. */
export interface HandshakeOutput {
  /** Octets to write, in one go; absent if there are none. */
  write?: Buffer;
  /** What was agreed upon. From here on there are frames; `rest` is the first of them that came already. */
  done?: HandshakeDone;
  /** Octets behind the handshake, to be given to `Reference` with `afterLines: true`. Together with `done`, perhaps empty. */
  rest?: Buffer;
  /** It came to nothing: close the connection. */
  failed?: PoeDataError;
}

/**
 * A handshake as octets in, octets out, for those who have a connection and no wheel. With a wheel, use
 * {@link HandshakeLines} as its filter and give the lines to the {@link Handshake}.
 *
 * @example
 * const stream = new HandshakeStream(new ClientHandshake(options));
 * let { write } = stream.start();
 * socket.on('data', (chunk) => ({ write, done, rest, failed } = stream.receive(chunk)));
 */
export class HandshakeStream {
  readonly #handshake: Handshake;
  readonly #lines: HandshakeLines;

  constructor(handshake: Handshake, options: HandshakeLinesOptions = {}) {
    this.#handshake = handshake;
    this.#lines = new HandshakeLines(options);
  }

  /** What to write when the connection stands. */
  start(): HandshakeOutput {
    return this.#output([this.#handshake.start()]);
  }

  /** What to do about received octets; to be called until there is `done` or `failed`. */
  receive(chunk: Chunk): HandshakeOutput {
    const steps: HandshakeStep[] = [];
    try {
      this.#lines.getOneStart([chunk]);
      for (;;) {
        const [line] = this.#lines.getOne();
        if (line === undefined) break;
        const step = this.#handshake.line(line);
        steps.push(step);
        if (step.done || step.failed) break;
      }
    } catch (error) {
      return { failed: error as PoeDataError };
    }
    return this.#output(steps);
  }

  #output(steps: readonly HandshakeStep[]): HandshakeOutput {
    const output: HandshakeOutput = {};
    const { done, failed } = steps.at(-1) ?? {};
    if (failed) return { failed };
    const octets = this.#lines.put(steps.flatMap((step) => step.send));
    if (octets.length > 0) output.write = Buffer.concat(octets);
    if (done) {
      output.done = done;
      output.rest = Buffer.concat(this.#lines.getPending() ?? []);
    }
    return output;
  }
}
