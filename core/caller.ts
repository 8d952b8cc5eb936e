import { fileURLToPath } from 'node:url';

/** Where an event was sent from. Noted only by a kernel that was asked to, with `traceCallers`. */
export class Caller {
  /** The event that was being handled. */
  readonly state: string | undefined;
  readonly file: string | undefined;
  readonly line: number | undefined;

  constructor(state: string | undefined, file: string | undefined, line: number | undefined) {
    this.state = state;
    this.file = file;
    this.line = line;
  }
}

/** What an event carries of its origin: the name of the event being handled, or that and the place in the program. */
export type From = string | undefined | Caller;

export function stateOf(from: From): string | undefined {
  return from instanceof Caller ? from.state : from;
}

export function fileOf(from: From): string | undefined {
  return from instanceof Caller ? from.file : undefined;
}

export function lineOf(from: From): number | undefined {
  return from instanceof Caller ? from.line : undefined;
}

/** Frames of the kernel itself are not the caller: this folder, or the file into which all of it was bundled. */
const OWN = import.meta.url.replace(/caller\.js$/, '');

/** Notes the innermost place outside of the kernel. */
export function noteCaller(state: string | undefined): Caller {
  for (const frame of new Error().stack?.split('\n').slice(1) ?? []) {
    const [, place, line] = /(?:\(|at )([^()]+):(\d+):\d+\)?$/.exec(frame) ?? [];
    if (place === undefined || place.startsWith(OWN) || place.startsWith('node:')) continue;
    return new Caller(state, place.startsWith('file:') ? fileURLToPath(place) : place, Number(line));
  }
  return new Caller(state, undefined, undefined);
}
