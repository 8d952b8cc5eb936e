/** The second process of a ported program that forks in Perl: the same program again, with words on its command line. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

export interface SecondProcess {
  readonly pid: number;
  /** Prints what it has printed, with something in front of each line, once it has ended. */
  print(prefix: string): Promise<void>;
}

/** What the second process was given; empty in the first. */
export const words: readonly string[] = process.argv.slice(2);

/** Starts the second process. */
export function startSecond(...given: (string | number)[]): SecondProcess {
  const child = spawn(process.execPath, [process.argv[1] as string, ...given.map(String)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = Promise.all([text(child.stdout), once(child, 'close')]);
  return {
    pid: child.pid as number,
    async print(prefix) {
      const [output] = await ended;
      for (const line of output.trimEnd().split('\n')) console.log(`${prefix}${line}`);
    },
  };
}
