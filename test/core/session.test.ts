import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { events, type HandlerContext, NFA, PoeUsageError, Session } from 'poe-kernel';
import { Simulation } from '../helpers/run-sessions.ts';

const _start = (): void => {};
const usage = (code: string, text: RegExp) => (error: unknown) =>
  error instanceof PoeUsageError && error.code === code && text.test(error.message);

describe('Session.create()', () => {
  it('is the only way: new throws and says so', () => {
    for (const Class of [Session, NFA] as unknown as (new (
      options: object,
    ) => unknown)[]) {
      const made = () => new Class({ inlineStates: { _start() {} } });
      assert.throws(made, usage('POE_ERR_SESSION_PARAMETER', /^Cannot make a session with new/));
    }
  });

  it('refuses parameters that are unknown or of the wrong kind, and says which', () => {
    const { kernel } = new Simulation();
    const refused = (options: unknown, text: RegExp): void =>
      assert.throws(() => Session.create(options as never), usage('POE_ERR_SESSION_PARAMETER', text));
    refused(undefined, /parameters are undefined/);
    refused('inlineStates', /parameters are string 'inlineStates'/);
    refused({ kernel, inline_states: {} }, /unknown parameter 'inline_states'/);
    refused({ kernel, inlineStates: [] }, /inlineStates are an array/);
    refused({ kernel, inlineStates: { _start }, options: 'trace' }, /options are string 'trace'/);
    refused({ kernel, inlineStates: { _start }, objectStates: {} }, /objectStates are an object of Object/);
    refused(
      { kernel, inlineStates: { _start }, objectStates: [{}] },
      /objectStates are an object of Object, not pairs/,
    );
    refused({ kernel, inlineStates: { _start }, packageStates: [[{}, null]] }, /packageStates are an array/);
  });

  it('refuses handlers that are no functions and methods that do not exist', () => {
    const { kernel } = new Simulation();
    const refused = (options: object, text: RegExp): void =>
      assert.throws(() => Session.create({ kernel, ...options }), usage('POE_ERR_SESSION_HANDLER', text));
    refused({ inlineStates: { _start: 5 } }, /'_start': its handler is number '5'/);
    refused({ inlineStates: { _start, _signal() {} } }, /_signal/);
    refused({ objectStates: [[{}, ['go']]] }, /an object of Object has no method 'go' \(in objectStates\)/);
    refused({ objectStates: [[null, ['go']]] }, /null has no method 'go'/);
    refused(
      { packageStates: [[class Tools {}, { go: 'run' }]] },
      /class Tools has no method 'run' \(in packageStates\)/,
    );
  });

  it('discards a session without _start, warns, and spends no number', () => {
    const { kernel, warnings, session } = withSession();
    assert.equal(Session.create({ kernel, inlineStates: { go() {} } }), undefined);
    assert.deepEqual(
      warnings.map(([code]) => code),
      ['POE_WARN_NO_START'],
    );
    assert.throws(() => Session.create({ kernel, inlineStates: { _start: 1 as never } }));
    assert.equal(session({}).id, 1);
  });

  it('spreads args that are an array and passes anything else as one', () => {
    const { kernel } = new Simulation();
    const got = (options: object): unknown[] => {
      let seen: unknown[] = [];
      Session.create({
        kernel,
        inlineStates: {
          _start(_, ...args) {
            seen = args;
          },
        },
        ...options,
      });
      return seen;
    };
    assert.deepEqual(got({}), []);
    assert.deepEqual(got({ args: [1, 2, 3, 4, 5] }), [1, 2, 3, 4, 5]);
    assert.deepEqual(got({ args: 'solo' }), ['solo']);
    assert.deepEqual(got({ args: null }), [null]);
    assert.deepEqual(got({ args: { a: 1 } }), [{ a: 1 }]);
  });

  it('gives each session an own heap that inherits nothing, or the one it is given', () => {
    const { session } = withSession();
    const inherited = ['toString', 'constructor', '__proto__'].filter((name) => name in session({}).getHeap());
    assert.deepEqual(inherited, []);
    assert.notEqual(session({}).getHeap(), session({}).getHeap());
    const heap = [1];
    assert.equal(session({}, { heap }).getHeap(), heap);
    assert.equal(session({}, { heap: null }).getHeap(), null);
  });

  it('makes many sessions of one frozen object, each with the handlers that it sets for itself', () => {
    const { kernel } = new Simulation();
    for (const more of [0, 20]) {
      const names = Array.from({ length: more }, (_, n) => `event ${n}`);
      const inlineStates = Object.freeze({
        _start() {},
        name: () => 'all',
        change: ({ kernel }: HandlerContext) => kernel.state('name', () => 'own'),
        remove: ({ kernel }: HandlerContext) => kernel.state('name'),
        ...Object.fromEntries(names.map((name) => [name, () => name])),
      });
      const make = (): Session => Session.create({ kernel, inlineStates });
      const [plain, changed, removed] = [make(), make(), make()];
      kernel.call(changed, 'change');
      kernel.call(removed, 'remove');
      assert.deepEqual(
        [plain, changed, removed].map((session) => kernel.call(session, 'name')),
        ['all', 'own', undefined],
      );
      for (const name of names) assert.equal(kernel.call(removed, name), name);
    }
  });

  it('makes an instance of the class it is called on', async () => {
    const { kernel, said, say } = new Simulation();
    class Greeter extends Session {
      greeting(): string {
        return `hello from ${this.id}`;
      }
    }
    const made = Greeter.create({
      kernel,
      inlineStates: { _start: ({ session }) => say((session as unknown as Greeter).greeting()) },
    });
    await kernel.run();
    assert.ok(made instanceof Greeter);
    assert.deepEqual(said, ['hello from 1']);
  });

  it('types the arguments of declared events', async () => {
    interface Events {
      add: [left: number, right: number];
    }
    const { kernel, said, say } = new Simulation();
    Session.create({
      kernel,
      heap: { sum: 0 },
      events: events<Events>(),
      inlineStates: {
        _start({ kernel }) {
          kernel.yield('add', 1, 2);
        },
        add({ heap }, left, right) {
          heap.sum = left + right;
          say(heap.sum.toFixed(1));
        },
      },
    });
    await kernel.run();
    assert.deepEqual(said, ['3.0']);
  });
});

describe('object and package states', () => {
  it('are looked up when the event comes, with the object as this and in the context', async () => {
    const { kernel, said, say } = new Simulation();
    class Counter {
      count = 0;
      tick({ object }: HandlerContext, ...args: unknown[]) {
        assert.equal(object, this);
        this.count++;
        say(`tick ${this.count} (${args.join(' ')})`);
      }
      static report({ object }: HandlerContext) {
        say(`report of ${object.name}`);
      }
    }
    const counter = new Counter();
    Session.create({
      kernel,
      inlineStates: {
        _start({ kernel, object }) {
          assert.equal(object, undefined);
          kernel.yield('tick');
          kernel.yield('tock', 1);
          kernel.yield('tick', 1, 2);
          kernel.yield('tick', 1, 2, 3);
          kernel.yield('tick', 1, 2, 3, 4);
          kernel.yield('replace');
          kernel.yield('tick');
          kernel.yield('report');
        },
        replace() {
          counter.tick = () => say('another method');
        },
      },
      objectStates: [[counter, { tick: 'tick', tock: 'tick' }]],
      packageStates: [[Counter, ['report']]],
    });
    await kernel.run();
    assert.deepEqual(said, [
      'tick 1 ()',
      'tick 2 (1)',
      'tick 3 (1 2)',
      'tick 4 (1 2 3)',
      'tick 5 (1 2 3 4)',
      'another method',
      'report of Counter',
    ]);
  });
});

describe('option()', () => {
  it('returns the value before, maps words to 1 and 0, lower-cases names and removes on undefined', () => {
    const one = withSession().session({}, { options: { Given: 'yes' } });
    assert.equal(one.option('Given'), undefined, 'names given to create are taken as they are');
    assert.equal(one.option('Trace', 'ON'), undefined);
    assert.equal(one.option('trace'), 1);
    assert.equal(one.option('TRACE', 'False'), 1);
    assert.equal(one.option('trace', 'red'), 0);
    assert.equal(one.option('trace', undefined), 'red');
    assert.equal(one.option('trace'), undefined);
    assert.equal(one.option('color', 'green'), undefined);
    assert.equal(one.option('color', null), 'green', 'null is undef: it removes');
    assert.equal(one.option('color'), undefined);
  });

  it('takes several pairs and a last name, and returns an object of the values before', () => {
    const one = withSession().session({});
    assert.deepEqual({ ...one.option('color', 'blue', 'size', 7) }, { color: undefined, size: undefined });
    assert.deepEqual({ ...one.option('size', 8, 'color') }, { size: 7, color: 'blue' });
  });

  it('default warns of events without a handler, debug of replaced ones, trace of each', async () => {
    const { kernel, warnings, session } = withSession();
    session(
      {
        _start({ kernel, session }) {
          kernel.call(session, 'lost');
          kernel.state('found', () => {});
          kernel.state('found', () => {});
          kernel.state('found');
        },
      },
      { options: { default: 1, debug: 1, trace: 1 } },
    );
    session({ _start: ({ kernel, session }) => void kernel.call(session, 'quietly lost') });
    await kernel.run();
    assert.deepEqual(
      warnings.map(([code, message]) => `${code}: ${message}`),
      [
        'POE_WARN_TRACE: 1 -> _start',
        "POE_WARN_UNHANDLED: A 'lost' event was sent to session 1, which has no handler for it",
        "POE_WARN_REDEFINED: Redefining the handler for 'found' of session 1",
        "POE_WARN_UNHANDLED: A '_stop' event was sent to session 1, which has no handler for it",
      ],
    );
  });
});

describe('_default', () => {
  it('gets the name and a new array of the arguments, whatever their number', async () => {
    const { said, say, session, kernel } = withSession();
    const many = [1, 2, 3, 4];
    session({
      _start({ kernel, session }) {
        assert.equal(kernel.call(session, 'lost'), 0);
        assert.equal(kernel.call(session, 'lost', 1, 2), 2);
        assert.equal(kernel.call(session, 'lost', ...many), 4);
      },
      _default({ state }, event, args) {
        say(`${state} ${event} ${args.join(' ')}`);
        return args.push('more') - 1;
      },
    });
    await kernel.run();
    assert.deepEqual(many, [1, 2, 3, 4]);
    assert.deepEqual(said, ['_default lost ', '_default lost 1 2', '_default lost 1 2 3 4', '_default _stop ']);
  });
});

function withSession() {
  const simulation = new Simulation();
  const { kernel, said, say, warnings } = simulation;
  return { kernel, said, say, warnings, session: simulation.session.bind(simulation) };
}
