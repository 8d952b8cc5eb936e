/** A program and its arguments, and what POE calls it when it cannot be started. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly name: string;
}

/** What makes Perl give a line to the shell. */
const FOR_THE_SHELL = /[$&*(){}[\]'";\\|?<>~`\n]/;
/** Begins as a variable that is set, or with the shell's own `exec`. */
const SHELL_START = /^(?:\w*=|exec\s)/;

/**
 * What Perl's `exec` does with a program: a line without anything that a shell would understand is split at its blanks
 * and started without one, so that its process is the program itself; any other line is the shell's. A list is started as
 * it is, but a list of one is a line.
 */
export function commandOf(program: string | readonly unknown[], programArgs: readonly unknown[]): Command {
  const given = typeof program === 'string' ? [program] : program.map(String);
  const name = given.join(' ');
  // POE: a line takes its arguments as more words of the line, a list as more of the list.
  const list =
    typeof program === 'string' ? [[program, ...programArgs].join(' ')] : [...given, ...programArgs.map(String)];
  const [first = '', ...others] = list;
  if (others.length > 0) return { file: first, args: others, name };
  const line = first.trimStart().replace(/\n$/, '');
  if (FOR_THE_SHELL.test(line) || SHELL_START.test(line)) return { file: '/bin/sh', args: ['-c', first], name };
  const [file = '', ...args] = line.split(/\s+/).filter((word) => word !== '');
  return { file, args, name };
}
