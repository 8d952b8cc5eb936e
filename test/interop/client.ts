/**
 * The client program of the interop contract: works through its script against a server and reports every result to it.
 *
 *     npm run --silent interop:client -- (--host H --port N | --unix PATH) [--protocol IKC|IKC0]
 */
import { type KernelView, kernel, Session } from 'poe-kernel';
import { Client, Responder } from 'poe-kernel/ikc';
import { blessed, PerlRef } from 'poe-kernel/wheels';
import { interopOptions } from './options.ts';

const SERVER = 'poe://Interop/interop';
/** How long a step may take, in seconds, and how long the whole script. */
const STEP_SECONDS = 10;
const SCRIPT_SECONDS = 60;
/** How long `nothing` stays silent. */
const SILENCE_SECONDS = 0.3;

const { host, port, unix, protocol } = interopOptions();
const ikc = Responder.spawn();
let status = 1;

/** Something that will come as an event. */
function awaited<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

/** What the monitor for errors was told last, handed to whoever waits for it. */
let nextError: ((error: [text: string, operation: string]) => void) | undefined;
const finished = awaited<unknown>();
const answered = awaited<unknown>();
const later = awaited<unknown>();

/** Calls an event of the server. */
function call(event: string, value?: unknown, options: { list?: boolean } = {}): Promise<unknown> {
  return ikc.call(`${SERVER}/${event}`, value ?? null, { timeout: STEP_SECONDS, ...options });
}

/** Posts to an event of the server on behalf of the session `me`, so that the server knows the sender. */
function post(me: KernelView, event: string, value?: unknown): void {
  me.post('IKC', 'post', `${SERVER}/${event}`, value ?? null);
}

function error(act: () => void): Promise<[text: string, operation: string]> {
  return new Promise((resolve) => {
    nextError = resolve;
    act();
  });
}

function giveUp(why: string): never {
  console.error(why);
  process.exit(1);
}

/** Waits, and fails if it takes too long. */
async function within<T>(what: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} takes too long`)), STEP_SECONDS * 1000);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

const TYPES: [label: string, value: unknown][] = [
  ['int', 5],
  ['string', 'abc'],
  ['text', '€'],
  ['undef', null],
  ['array', []],
  ['hash', {}],
  ['ref', new PerlRef('x')],
  ['object', { [blessed]: 'My::Class' }],
  ['big', 3_000_000_000],
  ['fraction', 1.5],
];

/** The script: labels and how to get their results, one after the other. */
function* script(me: KernelView): Generator<[label: string, result: () => Promise<unknown>]> {
  yield ['echo', () => call('echo', 'hello')];
  yield ['echo-empty', () => call('echo', '')];
  yield ['echo-deep', () => call('echo', { list: [1, [2, { x: null }], 'three'], map: {} })];
  yield ['echo-text', () => call('echo', '€uro')];
  yield ['echo-bytes', () => call('echo', Buffer.from([0x00, 0x01, 0xfe, 0xff]))];
  yield ['add', () => call('add', [40, 2])];
  yield ['list', () => call('list', 3)];
  yield ['list-wanted', () => call('list', 3, { list: true })];
  yield [
    'count',
    async () => {
      await call('reset');
      for (let n = 0; n < 100; n++) post(me, 'sink', n);
      return call('count');
    },
  ];
  for (const [label, value] of TYPES) yield [`type:${label}`, () => call('type', value)];
  yield [
    'multi',
    async () => {
      await new Promise((resolve) => ikc.subscribe(SERVER, resolve));
      me.post(SERVER, 'multi', 1, 'two', [3]);
      return call('last_multi');
    },
  ];
  yield ['refused', async () => (await error(() => ikc.subscribe('poe://Interop/private/secret')))[0]];
  yield ['error', () => error(() => me.post('IKC', 'post', 'poe://Interop/private/secret', null))];
  yield ['failed', () => error(() => post(me, 'fail', 'boom'))];
  yield ['nothing', () => silence()];
  yield [
    'slow',
    () => {
      ikc.publish('me', ['later']);
      post(me, 'slow', [[50, 'later'], { kernel: me.id, session: 'me', state: 'later' }]);
      return later.promise;
    },
  ];
  yield ['blob', async () => String(await call('blob', 1_048_576)).length];
  yield [
    'answer',
    () => {
      post(me, 'reply_sender', 'to the sender');
      return answered.promise;
    },
  ];
  yield ['ping', () => ikc.call('poe://Interop/IKC/ping', null, { timeout: STEP_SECONDS })];
}

/** Calls what never answers. */
async function silence(): Promise<unknown> {
  try {
    return await ikc.call(`${SERVER}/nothing`, null, { timeout: SILENCE_SECONDS });
  } catch {
    return 'silent';
  }
}

Session.create({
  inlineStates: {
    _start({ kernel, heap }) {
      kernel.aliasSet('me');
      heap.notes = [];
      ikc.publish('me', ['double', 'note', 'noted', 'fail', 'finish', 'answer']);
      ikc.monitor('*', { error: 'on_error', unregister: 'lost' });
    },
    async work({ kernel }) {
      for (const [label, result] of script(kernel)) {
        const value = await within(label, result()).catch((error: Error) => giveUp(`${label}: ${error.message}`));
        post(kernel, 'report', [label, value]);
      }
      // Not every server has something to finish with.
      await within('finish', finished.promise).then(
        (value) => post(kernel, 'report', ['finish', value]),
        (error: Error) => console.error(error.message),
      );
      status = 0;
      post(kernel, 'done');
      kernel.aliasRemove('me');
      kernel.post('IKC', 'shutdown');
    },
    double: (_, x) => 2 * Number(x),
    note: ({ heap }, x) => {
      heap.notes.push(x);
      return null;
    },
    noted: ({ heap }) => heap.notes,
    fail(_, text) {
      throw new Error(text);
    },
    finish(_, x) {
      finished.resolve(x);
      return null;
    },
    answer(_, x) {
      answered.resolve(x);
      return null;
    },
    later(_, x) {
      later.resolve(x);
      return null;
    },
    lost() {
      if (status !== 0) giveUp('the connection has ended');
    },
    hidden: () => 'must not be reached',
    on_error(_, _name, _kernel, _real, _data, operation, text) {
      // What the server has done wrong on purpose is not what the script waits for.
      if (operation === 'subscribe' || operation.startsWith('remote-')) {
        const resolve = nextError;
        nextError = undefined;
        resolve?.([text, operation]);
      }
    },
  },
});

Client.spawn({
  ...(unix === undefined ? { ip: host, port } : { unix }),
  name: 'InteropClient',
  aliases: ['ClientAlias'],
  serializers: 'Storable',
  protocol,
  onConnect() {
    kernel.post('me', 'work');
  },
  onError: (operation, errno, message) => giveUp(`${operation} error ${errno}: ${message}`),
});
setTimeout(() => giveUp('the script takes too long'), SCRIPT_SECONDS * 1000).unref();

await kernel.run();
process.exitCode = status;
