import { createHash } from 'node:crypto';
import { kernel } from '../default-kernel.ts';
import { PoeUsageError } from '../errors.ts';

/** A function that a child process can find: its module, and what it is there. Made by {@link childFunction}. */
export class ChildFunction {
  /** URL of the module. */
  readonly module: string;
  /** The name it is exported by, or its number among those that the module has given to {@link childFunction}. */
  readonly target: string | number;
  /** Tells whether a function of that number is the same one in the child. */
  readonly fingerprint: string;

  /** @internal */
  constructor(module: string, target: string | number, fingerprint: string) {
    this.module = module;
    this.target = target;
    this.fingerprint = fingerprint;
  }

  toString(): string {
    return typeof this.target === 'string'
      ? `${this.target} of ${this.module}`
      : `function ${this.target} of ${this.module}`;
  }
}

interface Given {
  readonly run: (...args: never[]) => unknown;
  readonly fingerprint: string;
}

/** Where all copies of this package can see what they were given: the child may be another copy than the one its module finds. */
const KEY = Symbol.for('poe-kernel.child-functions');

const room = globalThis as { [KEY]?: Map<string, Given[]> };

/** Per module, the functions it has given, in order. */
const given = room[KEY] ?? new Map<string, Given[]>();
room[KEY] = given;

/**
 * Makes a function fit for being the program of a child process, where Perl has a code reference.
 *
 * The child is a new process of Node. It loads the module anew, from its top to where its program begins, that is to the first
 * `Session.create` or `kernel.run`, and calls the function with the wheel's `programArgs`. So what the function uses has to stand
 * above the first session, and this call at the top of the module, in no handler. Of the parent's variables the child knows nothing but
 * their first values and `programArgs`.
 *
 * @param module - `import.meta.url`, for a function of the same file; otherwise the URL of the module that exports it.
 * @param target - The function, of the same file; or the name it is exported by.
 * @returns What the wheel Run takes as its `program`.
 * @throws PoeUsageError `POE_ERR_CHILD_FUNCTION` in a handler, or for what is neither.
 * @example
 * const count = childFunction(import.meta.url, (limit) => {
 *   for (let n = 1; n <= limit; n++) console.log(n);
 * });
 * const job = childFunction(new URL('./jobs.js', import.meta.url), 'resize');
 * // later, in a handler: new Run({ program: count, programArgs: [3], stdoutEvent: 'line' })
 * @remarks Stands for code references in POE::Wheel::Run, "Program".
 */
export function childFunction(
  module: string | URL,
  // biome-ignore lint/suspicious/noExplicitAny: parameters are whatever programArgs brings
  target: string | ((...args: any[]) => unknown),
): ChildFunction {
  const url = String(module);
  if (!/^[a-z][-+.a-z0-9]*:/i.test(url)) {
    throw refusal(`'${url}' is no URL of a module`, 'Pass import.meta.url, or new URL(path, import.meta.url)');
  }
  if (typeof target === 'string' && target !== '') return new ChildFunction(url, target, '');
  if (typeof target !== 'function') {
    throw refusal(
      `${String(target)} is neither a function nor a name`,
      'Pass the function, or the name it is exported by',
    );
  }
  if (kernel.getActiveSession().id !== kernel.id) {
    throw refusal(
      'a handler runs, and the child has none',
      'Call childFunction at the top of the module, above the first session, and pass what it gives to the wheel',
    );
  }
  const functions = given.get(url) ?? [];
  given.set(url, functions);
  const fingerprint = createHash('sha256').update(String(target)).digest('base64');
  functions.push({ run: target, fingerprint });
  return new ChildFunction(url, functions.length, fingerprint);
}

/** The function of a module that has been loaded, in the child. */
export function givenFunction({ module, target, fingerprint }: ChildFunction): Given['run'] | undefined {
  if (typeof target === 'string') return undefined;
  const found = given.get(module)?.[target - 1];
  return found?.fingerprint === fingerprint ? found.run : undefined;
}

function refusal(found: string, hint: string): PoeUsageError {
  return new PoeUsageError('POE_ERR_CHILD_FUNCTION', `Cannot make a function of a child process: ${found}`, { hint });
}
