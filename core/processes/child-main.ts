/**
 * What runs in a child process whose program is a function: loads its module, calls it, and ends as POE's child does. Who started it says
 * what to do on descriptor 3.
 */
import { closeSync, readSync } from 'node:fs';
import { deserialize } from 'node:v8';
import { debugFor } from '../debug.ts';
import { PoeError } from '../errors.ts';
import { isOnlyLoaded, setOnlyLoaded } from '../only-loaded.ts';
import { ChildFunction, givenFunction } from './child-function.ts';
import { ORDERS_FD, type Orders } from './orders.ts';

const debug = debugFor('host:processes');
/** Exit status of a function that throws, as in POE. */
const FAILED = 255;
/** Errors that no program throws on purpose: of these the stack is told too. */
const MISTAKES: ReadonlySet<unknown> = new Set([TypeError, RangeError, ReferenceError, SyntaxError]);

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (MISTAKES.has(error.constructor)) return error.stack ?? error.message;
  if (debug.enabled) debug('fail with %s', error.stack);
  return error instanceof PoeError && error.hint !== undefined ? `${error.message}. ${error.hint}` : error.message;
}

/** Ends this process once what it has said has left. */
function end(): void {
  process.stdout.write('', () => process.stderr.write('', () => process.exit()));
}

function fail(error: unknown): void {
  if (isOnlyLoaded(error)) return;
  process.stderr.write(`${textOf(error).replace(/\n$/, '')}\n`);
  process.exitCode = FAILED;
  end();
}

async function load(called: ChildFunction): Promise<(...args: unknown[]) => unknown> {
  let exported: unknown;
  setOnlyLoaded(true);
  try {
    const names = (await import(called.module)) as Record<string, unknown>;
    exported = typeof called.target === 'string' ? names[called.target] : undefined;
  } catch (error) {
    if (!isOnlyLoaded(error)) throw error;
  } finally {
    setOnlyLoaded(false);
  }
  const found = exported ?? givenFunction(called);
  if (typeof found === 'function') return found as (...args: unknown[]) => unknown;
  throw new PoeError('POE_ERR_CHILD_FUNCTION', `Cannot call ${called.toString()} in a child process: it is not there`, {
    hint:
      typeof called.target === 'string'
        ? 'The module must export it, and begin no program of its own; childFunction(import.meta.url, function) has functions of the program itself'
        : 'The module must come to its childFunction as in the parent, above the first session and under no condition',
  });
}

/**
 * Reads without a look at what the descriptor is, as `readFileSync` takes one: after that of a socket Node follows no symbolic links
 * to the modules it imports, so that a linked copy of this package would be loaded a second time.
 */
function readOrders(): Orders {
  const chunks: Buffer[] = [];
  for (;;) {
    const chunk = Buffer.alloc(65_536);
    const octets = readSync(ORDERS_FD, chunk);
    if (octets === 0) break;
    chunks.push(chunk.subarray(0, octets));
  }
  closeSync(ORDERS_FD);
  return deserialize(Buffer.concat(chunks)) as Orders;
}

process.on('uncaughtException', fail);
try {
  const orders = readOrders();
  const { module, target, fingerprint } = orders.called;
  const run = await load(new ChildFunction(module, target, fingerprint));
  await run(...orders.args);
  end();
} catch (error) {
  fail(error);
}
