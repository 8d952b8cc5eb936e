import {
  kernel as defaultKernel,
  type KernelView,
  PoeUsageError,
  type Session,
  type SessionOptions,
  warn,
} from '../../core/index.ts';

/** What is the same of a server's connections and of a client: their sessions. */
// biome-ignore lint/suspicious/noExplicitAny: events need no declaration
export interface SessionParameters<H, E = any> {
  /** More events of the session, by functions. One with the name of a built-in event replaces it. */
  inlineStates?: SessionOptions<H, E>['inlineStates'];
  /** More events, by methods of objects; see `Session.create`. */
  objectStates?: SessionOptions<H, E>['objectStates'];
  /** More events, by static methods of classes. */
  packageStates?: SessionOptions<H, E>['packageStates'];
  /** Declares the events of the session, which are checked then. */
  events?: SessionOptions<H, E>['events'];
  /** The class of sessions to make. Default `Session`. */
  sessionType?: typeof Session | undefined;
  /** More of what is given to its `create`, as in `sessionParams: { options: { trace: 1 } }`. A heap is one for all of these sessions. */
  sessionParams?: Pick<SessionOptions<H, E>, 'options' | 'heap'> | undefined;
}

/** When a connection's output is much, and when it is little again. */
export interface Marks {
  highMark: number;
  lowMark: number;
}

/** Checks what a component was given, and names it in its errors. */
export class Parameters {
  readonly #what: string;
  readonly #given: Readonly<Record<string, unknown>>;

  /** @param what - The component, as in `ServerTCP`. */
  constructor(what: string, given: object) {
    this.#what = what;
    this.#given = given as Readonly<Record<string, unknown>>;
    if (typeof given === 'object' && given !== null && !Array.isArray(given)) return;
    const found = given === undefined || given === null ? 'no parameters given' : 'its parameters are no object';
    this.refuse(found, `Give them by name: ${what}.create({ ... })`);
  }

  get #kernel(): KernelView {
    return (this.#given.kernel as KernelView | undefined) ?? defaultKernel;
  }

  has(name: string): boolean {
    return this.#given[name] !== undefined;
  }

  refuse(found: string, hint: string): never {
    throw new PoeUsageError('POE_ERR_TCP_PARAMETER', `Cannot start a ${this.#what}: ${found}`, { hint });
  }

  /** Those that are there must be functions. */
  callbacks(names: readonly string[]): void {
    for (const name of names) {
      if (!this.has(name) || typeof this.#given[name] === 'function') continue;
      this.refuse(`${name} is no function`, 'Give a handler: it gets the context first, then what the event brings');
    }
  }

  lists(names: readonly string[]): void {
    for (const name of names) {
      if (this.has(name) && !Array.isArray(this.#given[name])) this.refuse(`${name} is no array`, `${name}: ['first']`);
    }
  }

  /** Whole numbers above 0, or `Infinity`. */
  limits(names: readonly string[]): void {
    for (const name of names) {
      const value = this.#given[name];
      if (value === undefined || (typeof value === 'number' && value >= 1)) continue;
      this.refuse(`${name} is '${String(value)}'`, 'Give a number above 0; Infinity is no limit');
    }
  }

  session(): void {
    const { sessionType, sessionParams, inlineStates } = this.#given;
    this.lists(['objectStates', 'packageStates']);
    if (inlineStates !== undefined && (typeof inlineStates !== 'object' || Array.isArray(inlineStates))) {
      this.refuse('inlineStates is no object', 'inlineStates: { tick({ kernel }) { ... } }');
    }
    if (sessionType !== undefined && typeof (sessionType as Partial<typeof Session>).create !== 'function') {
      this.refuse('sessionType is no class', 'Give Session or a class that extends it');
    }
    if (sessionParams !== undefined && (typeof sessionParams !== 'object' || Array.isArray(sessionParams))) {
      this.refuse('sessionParams is no object', 'sessionParams: { options: { trace: 1 } }');
    }
  }

  /** Marks and their events come together or not at all. */
  marks(highEvent: string, lowEvent: string): Marks | undefined {
    const names = ['highMark', 'lowMark', highEvent, lowEvent];
    const missing = names.filter((name) => !this.has(name));
    if (missing.length === names.length) return undefined;
    if (missing.length > 0) this.refuse(`${missing.join(', ')} missing`, `${names.join(', ')} go together`);
    const { highMark, lowMark } = this.#given as unknown as Marks;
    return { highMark, lowMark };
  }

  /** Tells of events of the program that take the place of built-in ones, without which the component does not work. */
  warnReplaced(builtIn: ReadonlySet<string>): void {
    const {
      inlineStates = {},
      objectStates = [],
      packageStates = [],
    } = this.#given as {
      inlineStates?: object;
      objectStates?: readonly [object, object][];
      packageStates?: readonly [object, object][];
    };
    const methods = [...objectStates, ...packageStates].flatMap(([, names]) =>
      Array.isArray(names) ? (names as string[]) : Object.keys(names),
    );
    for (const name of [...Object.keys(inlineStates), ...methods]) {
      if (!builtIn.has(name)) continue;
      warn(
        'POE_WARN_PARAMETER',
        `'${name}' replaces the event of a ${this.#what}, which may not work without`,
        this.#kernel,
      );
    }
  }

  /** POE: what it does not know it only tells of. */
  warnUnknown(known: ReadonlySet<string>): void {
    for (const name of Object.keys(this.#given)) {
      if (!known.has(name))
        warn('POE_WARN_PARAMETER', `${this.#what} does not know the parameter '${name}'`, this.#kernel);
    }
  }
}
