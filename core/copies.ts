import { readFileSync } from 'node:fs';
import { packageRoot } from './package-root.ts';
import { warn } from './warn.ts';

/** A copy of this package that has been loaded into the process. */
export interface Copy {
  /** Of the module that tells of it. */
  readonly url: string;
  /** Asked for only when there is something to say. */
  version(): string;
}

/** Where all copies can see it, of whatever version they are. */
const KEY = Symbol.for('poe-kernel');

interface Room {
  [KEY]?: readonly Copy[];
}

/**
 * Notes that a copy is loaded, and warns with `POE_WARN_SECOND_COPY` if there is another one: each has a default kernel of its own, so
 * that plugins may watch over one kernel while the program runs the other, and what one copy has made is strange to the other.
 */
export function noteCopy(own: Copy, room: Room = globalThis as Room): void {
  const [first] = room[KEY] ?? [];
  room[KEY] = [...(room[KEY] ?? []), own];
  if (first === undefined) return;
  warn(
    'POE_WARN_SECOND_COPY',
    `poe-kernel is loaded a second time, and both have a kernel of their own: ${described(first)}, and now ${described(own)}`,
  );
}

function described({ url, version }: Copy): string {
  return `${version()} at ${url}`;
}

/** The copy that a module at this place belongs to. */
export function copyOf(url: string): Copy {
  return {
    url,
    version() {
      try {
        return JSON.parse(readFileSync(new URL('package.json', packageRoot(url)), 'utf8')).version;
      } catch {
        // Bundled into something else.
        return 'some version';
      }
    },
  };
}
