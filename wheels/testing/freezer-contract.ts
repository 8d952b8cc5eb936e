import assert from 'node:assert/strict';
import { PoeDataError, PoeLimitError, PoeUsageError } from '../../core/index.ts';
import {
  blessed,
  type ClassCodec,
  DEFAULT_THAW_LIMITS,
  type Freezer,
  PerlRef,
  PerlString,
  type ThawLimits,
  type ThawOptions,
} from '../filters/index.ts';
import { type ContractCase, type ContractRounds, randomCase } from './contract.ts';
import { HOSTILE_KEYS, hostileValue } from './hostile-values.ts';
import { assertSameGraph } from './same-graph.ts';

/** What the contract needs to know about a freezer. */
export interface FreezerSubject extends ContractRounds {
  /** Makes a freezer that thaws with the given options and freezes values of any depth. */
  make(options?: ThawOptions): Freezer;
  /** Whether only characters 0 to 255 can travel. Default false. */
  octetsOnly?: boolean;
}

class Point {
  readonly x: unknown;
  readonly next: unknown;
  constructor(x: unknown, next: unknown) {
    this.x = x;
    this.next = next;
  }
}

const POINT: ClassCodec = {
  type: Point,
  revive: (data) => {
    const { x, next } = data as { x: unknown; next: unknown };
    return new Point(x, next);
  },
  reduce: (instance) => {
    const { x, next } = instance as Point;
    return { x, next };
  },
};

/** An object that holds on to the data it is made of, so that it may lead back to itself. */
class Node {
  readonly data: Record<string, unknown>;
  constructor(data: Record<string, unknown>) {
    this.data = data;
  }
}

const NODE: ClassCodec = {
  type: Node,
  revive: (data) => new Node(data as Record<string, unknown>),
  reduce: (instance) => (instance as Node).data,
};

const CLASSES = new Map([
  ['My::Point', POINT],
  ['My::Node', NODE],
]);

/** Takes a case: its title, and what it runs. */
type Add = (title: string, run: () => void) => void;

/**
 * The suite that every freezer passes: values, classes, sharing and circles survive, hashes have no prototype, nothing is
 * instantiated that was not registered, and each limit holds.
 *
 * @returns Cases with a title, to be run by any test runner.
 * @example
 * const cases = freezerContract({ make: (options) => new FreezeThaw(options), octetsOnly: true });
 * for (const { title, run } of cases) test(title, run);
 */
export function freezerContract(subject: FreezerSubject): ContractCase[] {
  const { make, octetsOnly = false } = subject;
  const cases = [
    randomCase(
      'freeze() and thaw() keep values, classes, sharing and circles',
      { rounds: 500, ...subject },
      (random) => {
        const value = [hostileValue(random, { octetsOnly })];
        assertSameGraph(make().thaw(make().freeze(value)), value);
      },
    ),
  ];
  const add: Add = (title, run) => {
    cases.push({ title, run });
  };
  addValues(make, add);
  addClasses(make, add);
  addLimits(make, add);
  return cases;
}

type Make = FreezerSubject['make'];

function addValues(make: Make, add: Add): void {
  const roundTrip = (value: unknown, options?: ThawOptions): unknown => make(options).thaw(make(options).freeze(value));
  add('thaw() gives hashes without prototype, whatever their keys', () => {
    for (const key of HOSTILE_KEYS) {
      const hash = roundTrip({ [key]: { [key]: 'v' }, other: null }) as Record<string, Record<string, unknown>>;
      assert.equal(Object.getPrototypeOf(hash), null);
      assert.deepEqual(Object.keys(hash).sort(), [key, 'other'].sort());
      assert.equal(hash[key]?.[key], 'v');
    }
    assert.equal(({} as { polluted?: unknown }).polluted, undefined);
  });

  add('freeze() sends true, false, undefined and empty slots as Perl has them', () => {
    const sparse: unknown[] = [undefined, true, false];
    sparse.length = 4;
    const [undef, yes, no, hole] = roundTrip(sparse) as unknown[];
    assert.equal(undef, null);
    assert.equal(String(yes), '1');
    assert.equal(no, '');
    assert.equal(hole ?? null, null);
  });

  add('freeze() sends a Map as a hash', () => {
    const map = new Map<unknown, unknown>([
      ['__proto__', 'p'],
      [7, ['x']],
    ]);
    const hash = roundTrip([map, map]) as Record<string, unknown>[];
    assert.deepEqual(Object.entries(hash[0] as object), [
      ['7', ['x']],
      ['__proto__', 'p'],
    ]);
    assert.equal(hash[0], hash[1]);
    assert.throws(() => make().freeze([new Map([[{}, 1]])]), { code: 'POE_ERR_FREEZE_VALUE' });
  });

  add('freeze() sends a Uint8Array as the byte string that it is', () => {
    assert.deepEqual(roundTrip([Uint8Array.of(0, 39, 92, 255)]), ["\0'\\\xff"]);
    assert.deepEqual(roundTrip([Buffer.from('abc').subarray(1)]), ['bc']);
  });

  add('numericStrings turns texts that spell numbers into numbers, and no others', () => {
    const texts = ['1.5', '-7', '12345678901', '9007199254740993', '007', '1e3', '5 ', 'x', ''];
    const numbers = [1.5, -7, 12345678901, 9007199254740993n, '007', '1e3', '5 ', 'x', ''];
    assert.deepEqual(roundTrip(texts, { numericStrings: true }), numbers);
    assert.deepEqual(roundTrip(texts), texts);
    for (const value of [0, 1, -1, 0.1, 1e20, -1e-7, 2 ** 40, 2n ** 63n, 12.25]) {
      assert.deepEqual(roundTrip([value], { numericStrings: true }), [value]);
    }
  });

  add('freezeBehind(), if there is one, puts text in front of what freeze() gives', () => {
    const freezer = make();
    if (freezer.freezeBehind === undefined) return;
    for (const value of [['a'], { k: 'x'.repeat(10_000) }]) {
      const image = Buffer.from(freezer.freeze(value));
      const framed = freezer.freezeBehind((octets) => `${octets}\0`, value);
      assert.deepEqual(Buffer.from(framed), Buffer.concat([Buffer.from(`${image.length}\0`), image]));
    }
  });

  add('thawWithin(), if there is one, gives what thaw() gives, and nothing that is a view', () => {
    const freezer = make({ strings: 'bytes' });
    if (freezer.thawWithin === undefined) return;
    const image = freezer.freeze({ list: ['a', 1, null], text: 'x'.repeat(1000) });
    const octets = Buffer.concat([image, image, image]);
    const value = freezer.thawWithin(octets, image.length, 2 * image.length);
    octets.fill(0);
    assert.deepEqual(value, freezer.thaw(image));
  });

  add('freeze() refuses what is no data, and says where it is', () => {
    const refused = [() => 1, Symbol('s'), new Date(), new Set(), /x/, new Point('1', null), Promise.resolve()];
    for (const value of refused) {
      assert.throws(
        () => make().freeze({ params: ['a', new PerlRef(value)] }),
        (error) =>
          error instanceof PoeUsageError &&
          error.code === 'POE_ERR_FREEZE_VALUE' &&
          error.hint !== undefined &&
          error.message.startsWith('Cannot freeze the value at $.params[1].value: it is a'),
      );
    }
  });

  add("strings: 'bytes' gives Uint8Arrays for byte strings, and leaves keys alone", () => {
    assert.deepEqual(roundTrip(['a\xff', ''], { strings: 'bytes' }), [Uint8Array.of(97, 255), new Uint8Array()]);
    assert.deepEqual(Object.keys(roundTrip({ 'k\xff': null }, { strings: 'bytes' }) as object), ['k\xff']);
  });

  add("strings: 'utf8' decodes what is UTF-8 and leaves the rest", () => {
    const octets = new TextEncoder().encode('€ é');
    const value = roundTrip([octets, 'a\xff', 'plain'], { strings: 'utf8' });
    assert.deepEqual(value, ['€ é', 'a\xff', 'plain']);
    const key = Buffer.from(octets).toString('latin1');
    assert.deepEqual(Object.keys(roundTrip({ [key]: null }, { strings: 'utf8' }) as object), ['€ é']);
  });

  add("strings: 'exact' tells byte strings from flagged ones", () => {
    assert.deepEqual(roundTrip(['a\xff'], { strings: 'exact' }), [new PerlString('a\xff', false)]);
    assert.deepEqual(roundTrip([new PerlString('it', false)]), ['it']);
  });
}

function addClasses(make: Make, add: Add): void {
  const roundTrip = (value: unknown, options?: ThawOptions): unknown => make(options).thaw(make(options).freeze(value));
  add('classes: revives instances of registered classes, inner ones first', () => {
    const options = { classes: CLASSES };
    const inner = new Point('1', null);
    const [first, second, again] = roundTrip([new Point('2', inner), inner, inner], options) as Point[];
    assert.ok(first instanceof Point && second instanceof Point);
    assert.equal(first.x, '2');
    assert.equal(first.next, second);
    assert.equal(second, again);
    assert.equal(second.x, '1');
  });

  add('classes: closes circles through instances that keep their data', () => {
    const node = new Node({ name: 'n' });
    node.data.self = node;
    node.data.list = [node];
    const back = roundTrip(node, { classes: CLASSES }) as Node;
    assert.ok(back instanceof Node);
    assert.equal(back.data.self, back);
    assert.equal((back.data.list as unknown[])[0], back);
    assert.equal((back.data as { [blessed]?: string })[blessed], undefined);
  });

  add('classes: marks data of other classes, and instantiates nothing', () => {
    const value = roundTrip([Object.assign(['1'], { [blessed]: 'constructor' }), new Point('1', null)], {
      classes: new Map([['Other::Name', POINT]]),
    }) as [{ [blessed]?: string }, Point];
    assert.equal(value[0][blessed], 'constructor');
    assert.ok(value[1] instanceof Point);
    const data = make().thaw(make({ classes: CLASSES }).freeze(new Point('1', null))) as { [blessed]?: string };
    assert.equal(data[blessed], 'My::Point');
    assert.equal(Object.getPrototypeOf(data), null);
  });

  add('classes: reports a codec that throws as a data error with its cause', () => {
    const cause = new TypeError('no');
    const broken: ClassCodec = {
      ...POINT,
      revive: () => {
        throw cause;
      },
    };
    const image = make({ classes: CLASSES }).freeze(new Point('1', null));
    assert.throws(
      () => make({ classes: new Map([['My::Point', broken]]) }).thaw(image),
      (error) => error instanceof PoeDataError && error.code === 'POE_ERR_THAW_REVIVE' && error.cause === cause,
    );
  });
}

function addLimits(make: Make, add: Add): void {
  const nest = (depth: number, wrap: (inner: unknown) => unknown): unknown => {
    let value: unknown = null;
    for (let level = 0; level < depth; level++) value = wrap(value);
    return value;
  };
  const holds = (limits: Partial<ThawLimits>, value: unknown): void => {
    make({ limits }).thaw(make().freeze(value));
  };
  const breaks = (limits: Partial<ThawLimits>, value: unknown): void => {
    const image = make().freeze(value);
    assert.throws(
      () => make({ limits }).thaw(image),
      (error) =>
        error instanceof PoeLimitError &&
        /^POE_ERR_THAW_(NODES|DEPTH|STRING|CLASS_NAME)$/.test(error.code) &&
        typeof error.position === 'number' &&
        error.position < image.length &&
        error.message.includes(`octet ${error.position}`) &&
        error.hint?.includes(`limits.${Object.keys(limits)[0]}`) === true,
    );
  };

  /** A value for which the limit has just the given size. */
  const sized: Record<keyof ThawLimits, (size: number) => unknown> = {
    maxNodes: (size) => Array(size - 1).fill('x'),
    maxDepth: (size) => nest(size, (inner) => [inner]),
    maxHashDepth: (size) => nest(size, (inner) => ({ k: inner })),
    maxString: (size) => ['x'.repeat(size)],
    maxClassName: (size) => Object.assign([], { [blessed]: 'C'.repeat(size) }),
  };

  for (const limit of Object.keys(sized) as (keyof ThawLimits)[]) {
    add(`limits: ${limit} holds at the limit and breaks one past it`, () => {
      for (const size of [7, 8]) holds({ [limit]: 8 }, sized[limit](size));
      breaks({ [limit]: 8 }, sized[limit](9));
    });

    add(`limits: ${limit} is ${DEFAULT_THAW_LIMITS[limit]} if nothing is said`, () => {
      make().thaw(make().freeze(sized[limit](DEFAULT_THAW_LIMITS[limit])));
      assert.throws(() => make().thaw(make().freeze(sized[limit](DEFAULT_THAW_LIMITS[limit] + 1))), PoeLimitError);
    });
  }

  add('limits: maxDepth counts references like arrays', () => {
    holds(
      { maxDepth: 8 },
      nest(8, (inner) => new PerlRef(inner)),
    );
    breaks(
      { maxDepth: 8 },
      nest(9, (inner) => new PerlRef(inner)),
    );
    const alternating = (depth: number): unknown => nest(depth / 2, (inner) => [new PerlRef(inner)]);
    holds({ maxDepth: 8 }, alternating(8));
    breaks({ maxDepth: 8 }, alternating(10));
  });

  add('limits: maxString and maxNodes hold for keys of hashes too', () => {
    holds({ maxString: 8 }, { [`k`.repeat(8)]: null });
    breaks({ maxString: 8 }, { [`k`.repeat(9)]: null });
    holds({ maxNodes: 3 }, { a: null, b: null });
    breaks({ maxNodes: 3 }, { a: null, b: null, c: null });
  });

  add('limits: depth is counted along one way, not over all', () => {
    holds({ maxDepth: 2, maxHashDepth: 2 }, Array(100).fill(['x']));
    holds({ maxDepth: 2, maxHashDepth: 2 }, [{ a: { b: null } }, { a: { b: null } }]);
  });

  add('limits: very deep values need no stack if the limits allow them', () => {
    const limits = { maxDepth: 200_000, maxHashDepth: 200_000 };
    for (const wrap of [
      (inner: unknown) => [inner],
      (inner: unknown) => ({ k: inner }),
      (inner: unknown) => new PerlRef(inner),
      (inner: unknown) => Object.assign([inner], { [blessed]: 'My::Node' }),
    ]) {
      const image = make().freeze(nest(100_000, wrap));
      assert.ok(make({ limits, classes: CLASSES }).thaw(image));
      assert.throws(() => make().thaw(image), PoeLimitError);
    }
  });
}
